import type { DirectoryObject } from '../directory/index.ts';
import type { EngineStores } from './context.ts';
import type { Job, JobProgress } from './job.ts';
import type { SourceKind } from './mapping.ts';
import { pageSize, pagesOf } from './mark-references.ts';

type Scan = NonNullable<JobProgress['scan']>;

/** Where the reading of the directory begins. */
export function firstScan({ definition }: Job): Scan {
  return { part: definition.scope === 'assigned' ? 'assignments' : 'user', after: null };
}

/**
 * Makes the next page of objects due that may be in scope.
 * @returns where to go on; null after the last page
 */
export async function scanPage(stores: EngineStores, job: Job, { part, after }: Scan, at: Date): Promise<Scan | null> {
  if (part === 'assignments') return scanAssignments(stores, job, after, at);
  const page = await stores.objects.list(job.tenantId, {
    kind: part,
    limit: pageSize,
    ...(after === null ? {} : { after: JSON.parse(after) }),
  });
  await stores.provisionedObjects.markDue(job.tenantId, job.id, page.items.map(markOf), at);
  if (page.nextAfter) return { part, after: JSON.stringify(page.nextAfter) };
  return part === 'user' ? { part: 'group', after: null } : null;
}

async function scanAssignments(stores: EngineStores, job: Job, after: string | null, at: Date): Promise<Scan | null> {
  const { tenantId, id, servicePrincipalId } = job;
  const query = { resourceId: servicePrincipalId };
  // Few at a time, since each may be a group with many members.
  const [assignment] = await stores.appRoleAssignments.list(tenantId, query, 1, after ?? undefined);
  if (!assignment) return null;
  const { principalId, principalKind } = assignment;
  if (principalKind !== 'servicePrincipal') {
    await stores.provisionedObjects.markDue(tenantId, id, [{ sourceId: principalId, kind: principalKind }], at);
  }
  if (principalKind === 'group') {
    const members = pagesOf((page) =>
      stores.links.listTransitiveMembers(tenantId, principalId, { ...page, kind: 'user' }),
    );
    for await (const ids of members) {
      const users = ids.map((sourceId) => ({ sourceId, kind: 'user' as const }));
      await stores.provisionedObjects.markDue(tenantId, id, users, at);
    }
  }
  return { part: 'assignments', after: assignment.id };
}

function markOf({ id, kind }: DirectoryObject): { sourceId: string; kind: SourceKind } {
  return { sourceId: id, kind: kind === 'group' ? 'group' : 'user' };
}
