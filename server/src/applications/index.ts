/**
 * Who trusts us: application registrations, their service principals, secrets, scopes and roles, consent grants and
 * assignments. Relies on the directory, which keeps the objects themselves; knows no protocol.
 */
export {
  type AskedPermissions,
  consentForEverybody,
  registeredPermissions,
} from './admin-consent.ts';
export {
  type AppRoleAssignmentInput,
  assignAppRole,
  assignedRoles,
  getAppRoleAssignment,
  removeAppRoleAssignment,
} from './app-role-assignments.ts';
export {
  type Application,
  type ApplicationAttributes,
  applicationKind,
  type OAuthClientSettings,
  replyAddressesOf,
} from './application.ts';
export {
  type AuthorizationPolicy,
  authorizationPolicyOf,
  changeAuthorizationPolicy,
  mayUserConsent,
} from './authorization-policy.ts';
export {
  createInitialAccessToken,
  revokeInitialAccessToken,
} from './client-registration/initial-access-token.ts';
export {
  type ClientRegistrationPolicy,
  changeClientRegistrationPolicy,
  clientRegistrationPolicyOf,
} from './client-registration/policy.ts';
export {
  type ClientRegistration,
  findRegisteredClient,
  type RegisteredClient,
  registerClient,
} from './client-registration/registered-client.ts';
export { addPassword, findClientSecret, type PasswordInput, removePassword, secretBytes } from './client-secret.ts';
export {
  deleteApplication,
  deleteServicePrincipal,
  purgeApplication,
  restoreApplication,
  restoreServicePrincipal,
} from './deletion.ts';
export { applicationsErrors } from './errors.ts';
export {
  createFederatedCredential,
  deleteFederatedCredential,
  type FederatedCredentialInput,
  type ForeignToken,
  findFederatedCredential,
  getFederatedCredential,
  updateFederatedCredential,
} from './federated-credential.ts';
export {
  asApplication,
  asServicePrincipal,
  type Client,
  findApplication,
  findClient,
  findResource,
  findServicePrincipal,
  getApplication,
  getServicePrincipal,
} from './find.ts';
export {
  azureManagementAppId,
  firstPartyApplications,
  hubCommandLineAppId,
  microsoftGraphAppId,
} from './first-party/first-party.ts';
export { seedFirstPartyApplications } from './first-party/seed-first-party.ts';
export type { KeyCredential } from './key-credential.ts';
export type { AppRole, PermissionScope } from './permission.ts';
export {
  changePermissionGrant,
  delegatedPermissions,
  getPermissionGrant,
  grantPermission,
  type PermissionGrantInput,
  revokePermissionGrant,
} from './permission-grants.ts';
export { registerApplication, updateApplication } from './registration.ts';
export { getRelyingParty, removeRelyingParty, saveRelyingParty } from './relying-parties.ts';
export {
  type RelyingParty,
  type RelyingPartyInput,
  relyingPartyOfFederationMetadata,
  relyingPartyOfMetadata,
} from './relying-party.ts';
export { type ApplicationRules, checkRulesOfRelyingParty, rulesOfRelyingParty } from './relying-party-rules.ts';
export { findReplyAddress, type ReplyAddressKind, replyAddressProblem } from './reply-address.ts';
export { permissionsOf, replyUrlsOf, type ServicePrincipal, servicePrincipalKind } from './service-principal.ts';
export {
  createServicePrincipal,
  createStandaloneServicePrincipal,
  updateServicePrincipal,
} from './service-principals.ts';
export { findSigningSecret, isSignedBySecret } from './signing-secret.ts';
export type * from './store.ts';
