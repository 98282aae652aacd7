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

/** The people whose managers they are. Also those who are not in the target yet, since work on them may be under way. */
export async function markReports(
  { provisionedObjects }: EngineStores,
  { tenantId, id, definition }: Job,
  managerIds: readonly string[],
  at: Date,
): Promise<void> {
  const mapping = definition.mappings.find(({ source }) => source === 'user');
  if (!mapping || !usedAttributes(mapping).has(managerAttribute)) return;
  await provisionedObjects.markReportsDue(tenantId, id, managerIds, at);
}

/** The memberships of users and groups in groups that the target has. */
export async function markMemberships(
  { links, provisionedObjects, provisionedMembers }: EngineStores,
  { tenantId, id: jobId, definition }: Job,
  members: readonly { sourceId: string; kind: SourceKind }[],
  at: Date,
): Promise<void> {
  if (!mapsMembers(definition.mappings)) return;
  if (!definition.flattensGroups) {
    const ids = members.map(({ sourceId }) => sourceId);
    return provisionedMembers.markMembershipsDue(tenantId, jobId, ids, at);
  }
  for (const { sourceId } of members.filter(({ kind }) => kind === 'user')) {
    const groupIds = await links.listTransitiveGroupIds(tenantId, sourceId);
    for (const group of await provisionedObjects.find(tenantId, jobId, groupIds)) {
      if (group.state !== 'active') continue;
      await provisionedMembers.markDue(tenantId, jobId, group.sourceId, [sourceId], at);
    }
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
