/**
 * Makes due what depends on an object: people whose manager arrives in the target, and memberships of whoever arrives
 * there. Each runs in the transaction that tells of the arrival, so that none is forgotten.
 */
import type { EngineStores } from './context.ts';
import type { Job } from './job.ts';
import { membersAttribute, type ObjectMapping, type SourceKind } from './mapping.ts';
import { managerAttribute, usedAttributes } from './read-source.ts';

/** Objects that are read together. */
export const pageSize = 500;

/** The people whose manager it is, as far as the job has them. */
export async function markReports(stores: EngineStores, job: Job, managerId: string, at: Date): Promise<void> {
  const mapping = job.definition.mappings.find(({ source }) => source === 'user');
  if (!mapping || !usedAttributes(mapping).has(managerAttribute)) return;
  const { tenantId, id: jobId } = job;
  const reports = pagesOf((page) => stores.links.listFrom(tenantId, 'manager', managerId, page));
  for await (const ids of reports) {
    const known = await stores.provisionedObjects.find(tenantId, jobId, ids);
    const present = known.filter(({ state }) => state === 'active');
    await stores.provisionedObjects.markDue(tenantId, jobId, present, at);
  }
}

/** The memberships of a user or group in groups that the target has. */
export async function markMemberships(
  stores: EngineStores,
  job: Job,
  memberId: string,
  kind: SourceKind,
  at: Date,
): Promise<void> {
  if (!mapsMembers(job.definition.mappings)) return;
  const { tenantId, id: jobId, definition } = job;
  if (definition.flattensGroups && kind === 'group') return;
  const groupIds = definition.flattensGroups
    ? await stores.links.listTransitiveGroupIds(tenantId, memberId)
    : await idsOf(pagesOf((page) => stores.links.listFrom(tenantId, 'member', memberId, page)));
  for (const group of await stores.provisionedObjects.find(tenantId, jobId, groupIds)) {
    if (group.state !== 'active') continue;
    await stores.provisionedMembers.markDue(tenantId, jobId, group.sourceId, [memberId], at);
  }
}

/** Whether the members of groups are kept in step. */
export function mapsMembers(mappings: readonly ObjectMapping[]): boolean {
  return mappings.some(
    ({ source, isEnabled, attributes }) =>
      source === 'group' && isEnabled && attributes.some(({ target }) => target === membersAttribute),
  );
}

type ReadPage = (page: {
  limit: number;
  after?: { key: string | null; id: string };
}) => Promise<{ items: { id: string }[]; nextAfter?: { key: string | null; id: string } }>;

/** The ids on each page, until the last. */
export async function* pagesOf(read: ReadPage): AsyncGenerator<string[]> {
  let page = await read({ limit: pageSize });
  for (;;) {
    if (page.items.length > 0) yield page.items.map(({ id }) => id);
    if (!page.nextAfter) return;
    page = await read({ limit: pageSize, after: page.nextAfter });
  }
}

async function idsOf(pages: AsyncIterable<string[]>): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of pages) ids.push(...page);
  return ids;
}
