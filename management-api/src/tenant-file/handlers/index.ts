import type { Handler } from '../handler.ts';
import type { ItemKind } from '../item.ts';
import { application, applicationOwner, extensionProperty, federatedCredential } from './application.ts';
import { branding } from './branding.ts';
import { ruleGroup } from './claims-rules.ts';
import { directoryRole } from './directory-role.ts';
import { group, groupOwner, member } from './group.ts';
import { identityProvider } from './identity-provider.ts';
import { passwords } from './password-policy.ts';
import { authorization, clientRegistration } from './policy.ts';
import { provisioning } from './provisioning.ts';
import { relyingParty } from './relying-party.ts';
import { scimSettings, scimToken } from './scim.ts';
import { assignment, consent, permission, servicePrincipal } from './service-principal.ts';
import { domain, host, tenant } from './tenant.ts';
import { manager, user } from './user.ts';
import { userFlow } from './user-flow.ts';

/** How each kind of item is read and brought into step. */
export const handlers: Readonly<Record<ItemKind, Handler>> = {
  tenant,
  domain,
  host,
  branding,
  authorization,
  clientRegistration,
  passwords,
  application,
  extensionProperty,
  ruleGroup,
  identityProvider,
  userFlow,
  servicePrincipal,
  relyingParty,
  user,
  group,
  manager,
  member,
  groupOwner,
  applicationOwner,
  federatedCredential,
  consent,
  permission,
  assignment,
  directoryRole,
  scimSettings,
  scimToken,
  provisioning,
};
