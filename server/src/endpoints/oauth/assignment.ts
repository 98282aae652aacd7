import { type AppRoleAssignment, getServicePrincipal, type ServicePrincipal } from '../../applications/index.ts';
import type { OAuthStores } from './stores.ts';

type Reading = Pick<OAuthStores, 'appRoleAssignments' | 'links' | 'objects'>;

/** Role assignments that are read of one principal at one resource; nobody has more. */
const most = 1_000;

/** The assignments of a user, through groups as well, or of a client to an application. */
export async function assignmentsTo(
  { appRoleAssignments, links }: Omit<Reading, 'objects'>,
  tenantId: string,
  principalId: string,
  { id: resourceId }: Pick<ServicePrincipal, 'id'>,
): Promise<AppRoleAssignment[]> {
  const groupIds = await links.listTransitiveGroupIds(tenantId, principalId);
  return appRoleAssignments.list(tenantId, { principalIds: [principalId, ...groupIds], resourceId }, most);
}

/** Whether the principal may use the application: some let only those in that somebody has assigned to them. */
export async function mayUse(
  stores: Reading,
  tenantId: string,
  principalId: string,
  application: ServicePrincipal,
): Promise<boolean> {
  if (!application.attributes.appRoleAssignmentRequired) return true;
  return (await assignmentsTo(stores, tenantId, principalId, application)).length > 0;
}

/** The same for the application of a client. */
export async function mayUseClient(
  stores: Reading,
  tenantId: string,
  principalId: string,
  client: { [name: string]: unknown } | undefined,
): Promise<boolean> {
  const application = await getServicePrincipal(stores, tenantId, String(client?.['servicePrincipalId']));
  return mayUse(stores, tenantId, principalId, application);
}
