import type { operations } from '@countersign/management-api';
import type { Handlers } from '../call.ts';
import { appRoleAssignmentHandlers } from './app-role-assignments.ts';
import { applicationHandlers } from './applications.ts';
import { authenticationMethodHandlers } from './authentication-methods.ts';
import { authorizationPolicyHandlers } from './authorization-policy.ts';
import { batchHandlers } from './batch.ts';
import { brandingHandlers } from './branding.ts';
import { claimsMappingPolicyHandlers } from './claims-mapping-policies.ts';
import { claimsRuleHandlers } from './claims-rules.ts';
import { clientRegistrationHandlers } from './client-registration.ts';
import { deletedItemHandlers } from './deleted-items.ts';
import { directoryAuditHandlers } from './directory-audits.ts';
import { directoryObjectHandlers } from './directory-objects.ts';
import { directoryRoleHandlers } from './directory-roles.ts';
import { federationConfigurationHandlers } from './federation-configurations.ts';
import { groupHandlers } from './groups.ts';
import { identityProviderHandlers } from './identity-providers.ts';
import { meHandlers } from './me.ts';
import { organizationHandlers } from './organization.ts';
import { passwordPolicyHandlers } from './password-policy.ts';
import { permissionGrantHandlers } from './permission-grants.ts';
import { relyingPartyHandlers } from './relying-parties.ts';
import { scimTokenHandlers } from './scim-tokens.ts';
import { servicePrincipalHandlers } from './service-principals.ts';
import { sessionHandlers } from './sessions.ts';
import { setupHandlers } from './setup.ts';
import { signInHandlers } from './sign-ins.ts';
import { signingKeyHandlers } from './signing-keys.ts';
import { synchronizationHandlers } from './synchronization.ts';
import { tenantHandlers } from './tenants.ts';
import { userFlowHandlers } from './user-flows.ts';
import { userHandlers } from './users.ts';

/** The handler of every operation. A resource's handlers stand in one file, named as the file of its operations. */
export const handlers: Handlers<typeof operations> = {
  ...userHandlers,
  ...meHandlers,
  ...sessionHandlers,
  ...authenticationMethodHandlers,
  ...groupHandlers,
  ...applicationHandlers,
  ...servicePrincipalHandlers,
  ...relyingPartyHandlers,
  ...claimsRuleHandlers,
  ...claimsMappingPolicyHandlers,
  ...permissionGrantHandlers,
  ...appRoleAssignmentHandlers,
  ...directoryObjectHandlers,
  ...deletedItemHandlers,
  ...organizationHandlers,
  ...brandingHandlers,
  ...authorizationPolicyHandlers,
  ...clientRegistrationHandlers,
  ...passwordPolicyHandlers,
  ...directoryRoleHandlers,
  ...userFlowHandlers,
  ...identityProviderHandlers,
  ...federationConfigurationHandlers,
  ...directoryAuditHandlers,
  ...signInHandlers,
  ...batchHandlers,
  ...tenantHandlers,
  ...signingKeyHandlers,
  ...synchronizationHandlers,
  ...scimTokenHandlers,
  ...setupHandlers,
};
