/**
 * The contract of the management API: every operation with its path, permissions, parameters and bodies, declared once.
 * The server validates by it, the typed client and the OpenAPI document are derived from it. Relies on zod only.
 */
export type { Access } from './access.ts';
export { type Client, type ClientOptions, createClient, ManagementApiError } from './client.ts';
export type { DirectoryRoleName } from './directory-role-name.ts';
export { buildOpenApi } from './openapi.ts';
export type { Operation, Operations, Parameters, ParsedRequestOf, QueryOption, ResponseOf } from './operation.ts';
export { appRoleAssignmentOperations } from './operations/app-role-assignments.ts';
export { applicationOperations } from './operations/applications.ts';
export { authenticationMethodOperations } from './operations/authentication-methods.ts';
export { authorizationPolicyOperations } from './operations/authorization-policy.ts';
export { batchOperations } from './operations/batch.ts';
export { brandingOperations } from './operations/branding.ts';
export type { claimsMappingPolicyOperations } from './operations/claims-mapping-policies.ts';
export { claimsRuleOperations, ruleGroupWriters } from './operations/claims-rules.ts';
export { clientRegistrationOperations } from './operations/client-registration.ts';
export { deletedItemOperations } from './operations/deleted-items.ts';
export { directoryAuditOperations } from './operations/directory-audits.ts';
export { directoryObjectOperations } from './operations/directory-objects.ts';
export { directoryRoleOperations } from './operations/directory-roles.ts';
export { federationConfigurationOperations } from './operations/federation-configurations.ts';
export { groupOperations } from './operations/groups.ts';
export { identityProviderOperations } from './operations/identity-providers.ts';
export { type OperationName, operations } from './operations/index.ts';
export { meOperations } from './operations/me.ts';
export { organizationOperations } from './operations/organization.ts';
export { passwordPolicyOperations } from './operations/password-policy.ts';
export { permissionGrantOperations } from './operations/permission-grants.ts';
export { relyingPartyOperations } from './operations/relying-parties.ts';
export { scimTokenOperations } from './operations/scim-tokens.ts';
export { servicePrincipalOperations } from './operations/service-principals.ts';
export { sessionOperations } from './operations/sessions.ts';
export { setupOperations } from './operations/setup.ts';
export { signInOperations } from './operations/sign-ins.ts';
export { signingKeyOperations } from './operations/signing-keys.ts';
export { synchronizationOperations } from './operations/synchronization.ts';
export { tenantOperations } from './operations/tenants.ts';
export { userFlowOperations } from './operations/user-flows.ts';
export { userOperations } from './operations/users.ts';
export { buildReferencePage } from './reference-page.ts';
export { type ResourceManagerOperation, resourceManagerOperations } from './resource-manager/index.ts';
export { application, extensionProperty } from './resources/application.ts';
export {
  authenticationMethod,
  emailMethod,
  fido2Method,
  passwordMethod,
  phoneMethod,
  softwareOathMethod,
} from './resources/authentication-method.ts';
export { authorizationPolicy } from './resources/authorization-policy.ts';
export { branding } from './resources/branding.ts';
export { claimsMappingDefinition, claimsMappingPolicy } from './resources/claims-mapping-policy.ts';
export { ruleGroup } from './resources/claims-rules.ts';
export { clientRegistrationPolicy, initialAccessToken } from './resources/client-registration.ts';
export { federatedIdentityCredential } from './resources/credential.ts';
export { directoryAudit } from './resources/directory-audit.ts';
export { directoryRole, directoryRoleTemplate, roleAssignment, roleDefinition } from './resources/directory-role.ts';
export { domain, domainDnsRecord } from './resources/domain.ts';
export {
  externalDomainFederation,
  externalDomainName,
  internalDomainFederation,
} from './resources/federation-configuration.ts';
export { group } from './resources/group.ts';
export { identityProvider, setupLink } from './resources/identity-provider.ts';
export { organization } from './resources/organization.ts';
export { passwordPolicy } from './resources/password-policy.ts';
export { appRoleAssignment, oauth2PermissionGrant } from './resources/permission.ts';
export { extensionPropertyName, type Resource } from './resources/property.ts';
export { relyingParty } from './resources/relying-party.ts';
export { scimSettings, scimToken } from './resources/scim-token.ts';
export { servicePrincipal } from './resources/service-principal.ts';
export { session } from './resources/session.ts';
export { signIn } from './resources/sign-in.ts';
export { signInTrace } from './resources/sign-in-trace.ts';
export { signingKey } from './resources/signing-key.ts';
export {
  provisioningObjectSummary,
  synchronizationJob,
  synchronizationTemplate,
} from './resources/synchronization.ts';
export { tenant } from './resources/tenant.ts';
export { user } from './resources/user.ts';
export { userFlow, userFlowAttribute } from './resources/user-flow.ts';
