/**
 * A tenant as a YAML file: read, compared with the hub, applied and written back. Works through the typed client of the
 * management API alone, so that the command line, the first start of a hub and others apply files alike.
 */
export { applyTenant, exportTenant, type HubConnection, planTenant } from './apply.ts';
export { parseTenantFile, printTenantFile, type TenantFile } from './document.ts';
export { TenantFileError } from './error.ts';
export type { FieldChange, Step } from './plan.ts';
