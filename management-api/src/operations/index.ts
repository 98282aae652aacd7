import { appRoleAssignmentOperations } from './app-role-assignments.ts';
import { applicationOperations } from './applications.ts';
import { authenticationMethodOperations } from './authentication-methods.ts';
import { authorizationPolicyOperations } from './authorization-policy.ts';
import { batchOperations } from './batch.ts';
import { brandingOperations } from './branding.ts';
import { claimsMappingPolicyOperations } from './claims-mapping-policies.ts';
import { claimsRuleOperations } from './claims-rules.ts';
import { clientRegistrationOperations } from './client-registration.ts';
import { deletedItemOperations } from './deleted-items.ts';
import { directoryAuditOperations } from './directory-audits.ts';
import { directoryObjectOperations } from './directory-objects.ts';
import { directoryRoleOperations } from './directory-roles.ts';
import { federationConfigurationOperations } from './federation-configurations.ts';
import { groupOperations } from './groups.ts';
import { identityProviderOperations } from './identity-providers.ts';
import { meOperations } from './me.ts';
import { organizationOperations } from './organization.ts';
import { passwordPolicyOperations } from './password-policy.ts';
import { permissionGrantOperations } from './permission-grants.ts';
import { relyingPartyOperations } from './relying-parties.ts';
import { scimTokenOperations } from './scim-tokens.ts';
import { servicePrincipalOperations } from './service-principals.ts';
import { sessionOperations } from './sessions.ts';
import { setupOperations } from './setup.ts';
import { signInOperations } from './sign-ins.ts';
import { signingKeyOperations } from './signing-keys.ts';
import { synchronizationOperations } from './synchronization.ts';
import { tenantOperations } from './tenants.ts';
import { userFlowOperations } from './user-flows.ts';
import { userOperations } from './users.ts';

/** Every operation of the management API, by its name. */
export const operations = {
  ...userOperations,
  ...meOperations,
  ...sessionOperations,
  ...authenticationMethodOperations,
  ...groupOperations,
  ...applicationOperations,
  ...servicePrincipalOperations,
  ...relyingPartyOperations,
  ...claimsRuleOperations,
  ...claimsMappingPolicyOperations,
  ...permissionGrantOperations,
  ...appRoleAssignmentOperations,
  ...directoryObjectOperations,
  ...deletedItemOperations,
  ...organizationOperations,
  ...brandingOperations,
  ...authorizationPolicyOperations,
  ...clientRegistrationOperations,
  ...passwordPolicyOperations,
  ...directoryRoleOperations,
  ...userFlowOperations,
  ...identityProviderOperations,
  ...federationConfigurationOperations,
  ...directoryAuditOperations,
  ...signInOperations,
  ...batchOperations,
  ...tenantOperations,
  ...signingKeyOperations,
  ...synchronizationOperations,
  ...scimTokenOperations,
  ...setupOperations,
} as const;

export type OperationName = keyof typeof operations;
