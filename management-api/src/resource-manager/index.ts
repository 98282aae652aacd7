/**
 * The contract of the API in Azure Resource Manager's shape, for `az` and the SDKs and tools of clouds. The server answers
 * by it. Relies on zod only. https://learn.microsoft.com/rest/api/resources
 */
export { type ResourceManagerOperation, resourceManagerOperations } from './operations.ts';
