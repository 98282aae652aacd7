/**
 * The contract of the management API: every operation with its path, permissions, parameters and bodies, declared once.
 * The server validates by it, the typed client and the OpenAPI document are derived from it. Relies on zod only.
 */
export type { Access } from './access.ts';
export { type Client, type ClientOptions, createClient, ManagementApiError } from './client.ts';
export type { DirectoryRoleName } from './directory-role-name.ts';
export type { Operation, Operations, Parameters, ParsedRequestOf, QueryOption, ResponseOf } from './operation.ts';
export { groupOperations } from './operations/groups.ts';
export { type OperationName, operations } from './operations/index.ts';
export { userOperations } from './operations/users.ts';
export { application } from './resources/application.ts';
export { group } from './resources/group.ts';
export { extensionPropertyName, type Resource } from './resources/property.ts';
export { servicePrincipal } from './resources/service-principal.ts';
export { user } from './resources/user.ts';
