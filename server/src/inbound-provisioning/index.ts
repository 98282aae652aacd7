/**
 * Systems that keep a tenant's directory from outside by SCIM (RFC 7644): the tokens by which they are known, what these
 * allow, and how administrators are warned before one expires. Relies on the audit log and the tenants; knows nothing of
 * the protocol itself, which `endpoints/scim` speaks.
 */
export { inboundProvisioningErrors } from './errors.ts';
export { findScimToken, ScimTokenUses } from './find-scim-token.ts';
export {
  changeScimToken,
  createScimToken,
  getScimToken,
  type NewScimToken,
  revokeScimToken,
  rotateScimToken,
} from './scim-tokens.ts';
export { changeScimSettings, type ScimSettings, scimSettingsOf } from './settings.ts';
export {
  type ScimDialectName,
  type ScimScope,
  type ScimToken,
  type ScimTokenStore,
  scimDialectNames,
  scimScopes,
  scimTokenBytes,
} from './store.ts';
export { warnOfExpiry } from './warn-of-expiry.ts';
