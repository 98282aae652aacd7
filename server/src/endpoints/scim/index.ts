/**
 * SCIM 2.0 as a service provider (RFC 7643, 7644, 9865; https://www.rfc-editor.org/rfc/rfc7644) at `/{tenant}/scim/v2`:
 * clients keep the tenant's users and groups. Relies on `@countersign/scim` for everything that the RFCs say about messages,
 * on the directory for what users and groups are, and on `inbound-provisioning` for who may ask. Keeps nothing itself but
 * places of pages, which it can lose.
 */

export type { ScimOptions } from './call.ts';
export { scimMount } from './routes.ts';
