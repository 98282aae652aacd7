/**
 * From the change feed to due objects and memberships. What is marked may be too much, never too little: the work itself
 * looks at the present state only.
 */
import type { Change } from '../directory/index.ts';
import type { EngineStores } from './context.ts';
import type { Job } from './job.ts';
import { type SourceKind, sourceKinds } from './mapping.ts';
import { mapsMembers, markMemberships, pagesOf } from './mark-references.ts';
import { managerAttribute, usedAttributes } from './read-source.ts';

/** Marks what a change concerns. */
export async function followChange(stores: EngineStores, job: Job, change: Change, at: Date): Promise<void> {
  const { detail, objectId, verb } = change;
  if (change.kind === 'appRoleAssignment') {
    if (detail?.['resourceId'] !== job.servicePrincipalId) return;
    return followScope(stores, job, String(detail['principalId']), at);
  }
  const kind = sourceKinds.find((one) => one === change.kind);
  if (!kind) return;
  if (verb === 'linked' || verb === 'unlinked') return followLink(stores, job, change, at);
  if (verb === 'updated') {
    if (concerns(job, kind, detail?.['attributes'])) await mark(stores, job, [{ sourceId: objectId, kind }], at, false);
    return;
  }
  await mark(stores, job, [{ sourceId: objectId, kind }], at, false);
  if (verb === 'created') return;
  // Deleted or restored: its memberships come and go with it, and so do the people that were in scope through a group.
  await stores.provisionedMembers.markSentDue(job.tenantId, job.id, { memberId: objectId }, at);
  if (verb === 'restored') await markMemberships(stores, job, [{ sourceId: objectId, kind }], at);
  if (kind === 'group') await followScope(stores, job, objectId, at);
}

/** Whether a change of these attributes can change anything in the target. */
function concerns({ definition }: Job, kind: SourceKind, attributes: string | string[] | undefined): boolean {
  const mapping = definition.mappings.find(({ source }) => source === kind);
  if (!mapping || !Array.isArray(attributes)) return true;
  const used = usedAttributes(mapping);
  // Members of complex attributes are used by names of their own.
  const plain = new Set([...used].map((name) => name.split('/')[0]));
  return attributes.some(
    (name) => plain.has(name) || name === 'accountEnabled' || /^(onPremisesExt|employeeOrg)/.test(name),
  );
}

async function followLink(stores: EngineStores, job: Job, { objectId, verb, detail }: Change, at: Date): Promise<void> {
  const { tenantId, id: jobId, definition } = job;
  const toId = String(detail?.['toId']);
  const toKind = sourceKinds.find((kind) => kind === detail?.['toKind']);
  if (detail?.['relation'] === managerAttribute) {
    return mark(stores, job, [{ sourceId: objectId, kind: 'user' }], at, false);
  }
  if (detail?.['relation'] !== 'member' || !toKind) return;
  if (definition.scope === 'assigned') {
    const isAssigned = await isAssignedThrough(stores, job, objectId);
    if (toKind === 'user') await mark(stores, job, [{ sourceId: toId, kind: toKind }], at, isAssigned);
    else await markMembers(stores, job, toId, at, isAssigned);
  }
  if (!mapsMembers(definition.mappings)) return;
  if (!definition.flattensGroups) return markPairs(stores, job, [objectId], [toId], at);
  const above = [objectId, ...(await stores.links.listTransitiveGroupIds(tenantId, objectId))];
  if (toKind === 'user') {
    if (verb === 'unlinked') await stores.provisionedMembers.markSentDue(tenantId, jobId, { memberId: toId }, at);
    return markPairs(stores, job, above, [toId], at);
  }
  for await (const ids of pagesOf((page) =>
    stores.links.listTransitiveMembers(tenantId, toId, { ...page, kind: 'user' }),
  )) {
    await markPairs(stores, job, above, ids, at);
  }
  if (verb === 'linked') return;
  for (const groupId of above) await stores.provisionedMembers.markSentDue(tenantId, jobId, { groupId }, at);
}

/** An assignment came or went, or a group that may be assigned: itself and everybody in it. */
async function followScope(stores: EngineStores, job: Job, principalId: string, at: Date): Promise<void> {
  const { tenantId } = job;
  const found = await stores.objects.find(tenantId, principalId, true);
  const kind = sourceKinds.find((one) => one === found?.kind);
  if (!kind) return;
  const isAssigned = await isAssignedThrough(stores, job, principalId);
  await mark(stores, job, [{ sourceId: principalId, kind }], at, isAssigned);
  if (kind === 'group' && job.definition.scope === 'assigned')
    await markMembers(stores, job, principalId, at, isAssigned);
}

/** Makes everybody in a group due, through other groups as well; also when the group itself is deleted. */
async function markMembers(
  stores: EngineStores,
  job: Job,
  groupId: string,
  at: Date,
  isAssigned: boolean,
): Promise<void> {
  const { links } = stores;
  const users = (ids: string[]) => ids.map((sourceId) => ({ sourceId, kind: 'user' as const }));
  const direct = pagesOf((page) => links.listTo(job.tenantId, 'member', groupId, { ...page, kind: 'user' }));
  for await (const ids of direct) await mark(stores, job, users(ids), at, isAssigned);
  for await (const groups of pagesOf((page) =>
    links.listTo(job.tenantId, 'member', groupId, { ...page, kind: 'group' }),
  )) {
    for (const nested of groups) {
      const below = pagesOf((page) => links.listTransitiveMembers(job.tenantId, nested, { ...page, kind: 'user' }));
      for await (const ids of below) await mark(stores, job, users(ids), at, isAssigned);
    }
  }
}

/** Makes objects due; with a scope by assignment only those that the job knows, unless they are assigned now. */
async function mark(
  stores: EngineStores,
  job: Job,
  objects: readonly { sourceId: string; kind: SourceKind }[],
  at: Date,
  isAssigned: boolean,
): Promise<void> {
  const { tenantId, id, definition } = job;
  const ids = objects.map(({ sourceId }) => sourceId);
  const isKnownOnly = definition.scope === 'assigned' && !isAssigned;
  const marked = isKnownOnly ? await stores.provisionedObjects.find(tenantId, id, ids) : objects;
  await stores.provisionedObjects.markDue(tenantId, id, marked, at);
}

async function markPairs(
  stores: EngineStores,
  { tenantId, id }: Job,
  groupIds: readonly string[],
  memberIds: readonly string[],
  at: Date,
): Promise<void> {
  for (const group of await stores.provisionedObjects.find(tenantId, id, groupIds)) {
    if (group.state === 'active') await stores.provisionedMembers.markDue(tenantId, id, group.sourceId, memberIds, at);
  }
}

/** Whether the object, or a group that it is in, is assigned to the application. */
async function isAssignedThrough(
  stores: EngineStores,
  { tenantId, servicePrincipalId }: Job,
  id: string,
): Promise<boolean> {
  const groups = await stores.links.listTransitiveGroupIds(tenantId, id);
  const query = { principalIds: [id, ...groups], resourceId: servicePrincipalId };
  return (await stores.appRoleAssignments.list(tenantId, query, 1)).length > 0;
}
