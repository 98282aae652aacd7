import { type ApplicationStores, assignedRoles, type ServicePrincipal } from '../../applications/index.ts';
import type { DirectoryStores } from '../../directory/index.ts';
import type { ClaimSubject } from './subject-claims.ts';

type Stores = Pick<DirectoryStores, 'objects' | 'links'> & Pick<ApplicationStores, 'appRoleAssignments'>;

/** Most assignments of one person that are looked at. */
const mostAssignments = 1_000;

/**
 * What is known of a person for the rules of an application.
 *
 * @returns undefined when the application gives the person no token whatever its rules say: one of the two is gone or
 *   disabled, or the person is not assigned to it and must be
 */
export async function readSubject(
  stores: Stores,
  tenantId: string,
  principal: ServicePrincipal,
  signIn: { userId: string } & Pick<ClaimSubject, 'authenticatedAt' | 'authenticationMethod' | 'accepted' | 'actors'>,
): Promise<ClaimSubject | undefined> {
  const { userId, accepted = [], ...proven } = signIn;
  const [user, groupIds] = await Promise.all([
    stores.objects.find(tenantId, userId),
    stores.links.listTransitiveGroupIds(tenantId, userId),
  ]);
  const isThere = user?.kind === 'user' && user.attributes['accountEnabled'] !== false;
  if (!isThere || !principal.attributes.accountEnabled) return undefined;
  const wanted = { principalIds: [userId, ...groupIds], resourceId: principal.id };
  const assignments = await stores.appRoleAssignments.list(tenantId, wanted, mostAssignments);
  if (principal.attributes.appRoleAssignmentRequired && assignments.length === 0) return undefined;
  return {
    tenantId,
    user,
    groups: await stores.objects.findMany(tenantId, groupIds),
    roles: assignedRoles(principal, assignments),
    ...proven,
    accepted,
  };
}
