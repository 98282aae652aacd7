/** Work on single objects when somebody asks, and the plan of a whole job: the same steps as in a cycle. */
import { assessObject } from './assess-object.ts';
import type { EngineStores, JobContext } from './context.ts';
import { refuse } from './errors.ts';
import { findEmptyTypes } from './find-match.ts';
import { type Job, noCounts } from './job.ts';
import type { LogEntry } from './log-entry.ts';
import { type SourceKind, sourceKinds } from './mapping.ts';
import { pageSize, pagesOf } from './mark-references.ts';
import { planManagers } from './plan-managers.ts';
import { type HeldObject, heldAfter, type PlannedGroup, planMembers, plannedGroup } from './plan-members.ts';
import { type Settle, settleObjects } from './settle-objects.ts';
import type { ProvisionedObject } from './store.ts';
import { entryOf, foreseen, workOnObject } from './work-on-object.ts';

/** The worker leaves an object alone for so long while somebody works on it on demand, in milliseconds. */
const reserved = 60_000;
/** Objects of a plan that are assessed at once. */
const planned = 16;

/**
 * Provisions one object now, whatever is due, and compares it with the target.
 * @throws Refusal `provisioning.object_not_provisionable`
 */
export async function provisionOnDemand(context: JobContext, objectId: string): Promise<LogEntry> {
  const { storage, job, now, newId } = context;
  const kind = await kindOf(storage.read, job, objectId);
  const until = new Date(now().getTime() + reserved);
  const known = await storage.write(async ({ provisionedObjects }) => {
    await provisionedObjects.markDue(job.tenantId, job.id, [{ sourceId: objectId, kind }], until, 'repair');
    const [row] = await provisionedObjects.find(job.tenantId, job.id, [objectId]);
    return row;
  });
  const cycle = { id: newId(), kind: 'incremental', startedAt: now().toISOString(), counts: noCounts } as const;
  const ofItsOwn = { ...context, job: { ...job, progress: { ...job.progress, cycle } } };
  const settle: Settle = (settlement) => settleObjects(ofItsOwn, [settlement]);
  const options = { mayRemove: true, isOnDemand: true, settle };
  const { entry } = await workOnObject(ofItsOwn, known ?? unknown(objectId, kind), options);
  if (!entry) throw new Error('Work on demand is always logged.');
  return entry;
}

/**
 * The same steps without the act: why the object is in the target or not, and what would change.
 * @throws Refusal `provisioning.object_not_provisionable`
 */
export async function explainObject(context: JobContext, objectId: string): Promise<LogEntry> {
  const { storage, job } = context;
  const [row] = await storage.read.provisionedObjects.find(job.tenantId, job.id, [objectId]);
  const known = row ?? unknown(objectId, await kindOf(storage.read, job, objectId));
  return (await look(context, known)).entry;
}

/** Everything that the job would change in the target, object by object, then managers and members; nothing is written anywhere. */
export async function* planJob(asked: JobContext): AsyncGenerator<LogEntry> {
  const isNew = asked.job.progress.phase === 'new';
  const context = isNew ? { ...asked, emptyTypes: await findEmptyTypes(asked) } : asked;
  const held = new Map<string, HeldObject>();
  const groups: PlannedGroup[] = [];
  for await (const objects of candidates(context)) {
    for (let start = 0; start < objects.length && !context.signal.aborted; start += planned) {
      const part = objects.slice(start, start + planned);
      for (const { entry, assessment } of await Promise.all(part.map((known) => look(context, known)))) {
        if (entry.action !== 'other' || entry.status === 'failure') yield entry;
        const after = heldAfter(assessment);
        if (after) held.set(entry.source.id, after);
        const group = plannedGroup(context, assessment);
        if (group) groups.push(group);
      }
    }
  }
  yield* planManagers(context, held);
  yield* planMembers(context, groups, held);
}

async function look(context: JobContext, known: ProvisionedObject) {
  const startedAt = context.now();
  const assessment = await assessObject(context, { ...known, reading: 'repair' });
  return { assessment, entry: entryOf(context, assessment, foreseen(assessment), startedAt) };
}

/** What the job knows, and what may be in scope besides, each once. */
async function* candidates({ storage: { read }, job }: JobContext): AsyncGenerator<ProvisionedObject[]> {
  const { tenantId, id: jobId } = job;
  for (let after = ''; ; ) {
    const page = await read.provisionedObjects.list(tenantId, jobId, pageSize, after);
    if (page.length > 0) yield page;
    after = page.at(-1)?.sourceId ?? '';
    if (page.length < pageSize) break;
  }
  const seen = new Set<string>();
  for await (const { ids, kind } of inScope(read, job)) {
    const fresh = ids.filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
    const known = new Set((await read.provisionedObjects.find(tenantId, jobId, fresh)).map((one) => one.sourceId));
    yield fresh.filter((id) => !known.has(id)).map((id) => unknown(id, kind));
  }
}

async function* inScope(read: EngineStores, job: Job): AsyncGenerator<{ ids: string[]; kind: SourceKind }> {
  const { tenantId, definition, servicePrincipalId } = job;
  if (definition.scope === 'all') {
    for (const kind of sourceKinds) {
      for await (const ids of pagesOf((page) => read.objects.list(tenantId, { ...page, kind }))) yield { ids, kind };
    }
    return;
  }
  for (let after: string | undefined; ; ) {
    const page = await read.appRoleAssignments.list(tenantId, { resourceId: servicePrincipalId }, pageSize, after);
    for (const { principalId, principalKind } of page) {
      if (principalKind === 'servicePrincipal') continue;
      yield { ids: [principalId], kind: principalKind };
      if (principalKind !== 'group') continue;
      const members = pagesOf((part) =>
        read.links.listTransitiveMembers(tenantId, principalId, { ...part, kind: 'user' }),
      );
      for await (const ids of members) yield { ids, kind: 'user' };
    }
    after = page.at(-1)?.id;
    if (page.length < pageSize) return;
  }
}

async function kindOf(read: EngineStores, job: Job, objectId: string): Promise<SourceKind> {
  const found = await read.objects.find(job.tenantId, objectId, true);
  const [row] = await read.provisionedObjects.find(job.tenantId, job.id, [objectId]);
  const kind = sourceKinds.find((one) => one === (found?.kind ?? row?.kind));
  if (!kind) throw refuse('provisioning.object_not_provisionable', { id: objectId });
  return kind;
}

/** An object of which the job knows nothing yet. */
function unknown(sourceId: string, kind: SourceKind): ProvisionedObject {
  return {
    sourceId,
    kind,
    targetId: null,
    state: 'absent',
    digest: null,
    hasMembersRead: false,
    dueAt: null,
    mark: 0,
    reading: 'repair',
    awaitsRemoval: false,
    attempts: 0,
    problem: null,
  };
}
