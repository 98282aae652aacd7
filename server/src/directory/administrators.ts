import { directoryRoles } from './directory-role.ts';
import { refuse } from './errors.ts';
import type { DirectoryStores } from './store.ts';

type Stores = Pick<DirectoryStores, 'objects' | 'directoryRoles'>;

/**
 * Makes sure that somebody can still administer the tenant after this object has lost the role Global Administrator, was
 * disabled or deleted: an enabled user who holds the role directly. Acts that take administrators away wait for each
 * other, so that two of them cannot each rely on the other's.
 *
 * @throws Refusal `directory.last_administrator`
 */
export async function keepAnAdministrator(stores: Stores, tenantId: string, leavingId: string): Promise<void> {
  const { id: roleId } = directoryRoles.globalAdministrator;
  const leaving = await stores.directoryRoles.list(tenantId, { principalIds: [leavingId], roleId });
  if (leaving.length === 0) return;
  await stores.directoryRoles.lock(tenantId);
  const assignments = await stores.directoryRoles.list(tenantId, { roleId });
  const holders = await stores.objects.findMany(
    tenantId,
    assignments.map(({ principalId }) => principalId),
  );
  const administrators = holders.filter(({ kind, attributes }) => kind === 'user' && attributes['accountEnabled']);
  if (administrators.length === 1 && administrators[0]?.id === leavingId) {
    throw refuse('directory.last_administrator', { id: leavingId });
  }
}
