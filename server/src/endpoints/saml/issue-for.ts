import type { Claim } from '@countersign/claims';
import { assignedRoles, getServicePrincipal, type RelyingParty } from '../../applications/index.ts';
import type { DirectoryObject } from '../../directory/index.ts';
import type { CompletedSignIn } from '../../sign-in/index.ts';
import type { SamlCall } from './saml-call.ts';

/** Most assignments of one person that are looked at. */
const mostAssignments = 1_000;

/**
 * The claims of the person who signed in for the application.
 *
 * @param authenticationMethod  URI of the way in which they signed in
 * @returns undefined when the application gives them no token: they are gone or disabled, are not assigned to it although
 *   they must be, or its rules refuse them
 */
export async function issueFor(
  { options, tenant }: Pick<SamlCall, 'options' | 'tenant'>,
  party: RelyingParty,
  { userId, authenticatedAt }: CompletedSignIn,
  authenticationMethod: string,
): Promise<{ user: DirectoryObject; claims: readonly Claim[] } | undefined> {
  const { objects, links, appRoleAssignments } = options.storage.read;
  const [user, principal, groupIds] = await Promise.all([
    objects.find(tenant.id, userId),
    getServicePrincipal(options.storage.read, tenant.id, party.servicePrincipalId),
    links.listTransitiveGroupIds(tenant.id, userId),
  ]);
  if (!user || user.attributes['accountEnabled'] === false || !principal.attributes.accountEnabled) return undefined;
  const wanted = { principalIds: [userId, ...groupIds], resourceId: principal.id };
  const assignments = await appRoleAssignments.list(tenant.id, wanted, mostAssignments);
  if (principal.attributes.appRoleAssignmentRequired && assignments.length === 0) return undefined;
  const issued = await options.issueClaims(party, {
    tenantId: tenant.id,
    user,
    groups: await objects.findMany(tenant.id, groupIds),
    roles: assignedRoles(principal, assignments),
    authenticatedAt,
    authenticationMethod,
  });
  return issued.access.isPermitted ? { user, claims: issued.claims } : undefined;
}
