/** Saves what working on objects came to, with its log and everything that follows from it, in one transaction. */
import type { EngineStores, JobContext } from './context.ts';
import type { LogEntry } from './log-entry.ts';
import { markMemberships, markReports } from './mark-references.ts';
import type { MemberDrift } from './read-back-members.ts';
import type { ProvisionedObject, WorkedObject } from './store.ts';

/** What the work on one object came to. */
export interface Settlement {
  known: ProvisionedObject;
  worked: WorkedObject;
  /** It came into the target: whoever refers to it becomes due. */
  hasArrived: boolean;
  /** It is neither in the directory nor in the target, and is forgotten. */
  isGone: boolean;
  drift: MemberDrift;
  /** The object of the directory that had its place in the target before. */
  takenOverFrom: string | null;
  /** Another object, which had to give its name away and must get its new one. */
  displaced: string | null;
  entry: LogEntry | null;
}

export type Settle = (settlement: Settlement) => Promise<void>;

/** Most objects that one transaction saves. */
const mostTogether = 200;

/** Settles objects one or many at once: those that come while others are saved are saved together, when these are. */
export function settlingTogether(context: JobContext): Settle {
  let waiting: { settlement: Settlement; done: () => void; failed: (error: unknown) => void }[] = [];
  let isSaving = false;

  async function saveAll(): Promise<void> {
    isSaving = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostTogether);
      waiting = waiting.slice(mostTogether);
      try {
        const settlements = batch.map(({ settlement }) => settlement);
        await settleObjects(context, settlements);
        for (const { done } of batch) done();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    isSaving = false;
  }

  return (settlement) =>
    new Promise((done, failed) => {
      waiting.push({ settlement, done, failed });
      if (!isSaving) void saveAll();
    });
}

export async function settleObjects(
  { storage, job, now }: JobContext,
  settlements: readonly Settlement[],
): Promise<void> {
  const { tenantId, id: jobId } = job;
  const at = now();
  const arrived = settlements.filter(({ hasArrived }) => hasArrived).map(({ known }) => known);
  const people = arrived.filter(({ kind }) => kind === 'user').map(({ sourceId }) => sourceId);
  await storage.write(async (stores) => {
    await stores.provisionedObjects.save(
      tenantId,
      jobId,
      settlements.map(({ worked }) => worked),
    );
    for (const settlement of settlements) await settleBesides(stores, settlement);
    await markReports(stores, job, people, at);
    await markMemberships(stores, job, arrived, at);
    for (const { isGone, known } of settlements) {
      if (isGone) await stores.provisionedObjects.remove(tenantId, jobId, known.sourceId);
    }
    await stores.provisioningLog.append(
      tenantId,
      settlements.flatMap(({ entry }) => entry ?? []),
    );
  });

  /** What most objects do not need. */
  async function settleBesides(
    { provisionedMembers, provisionedObjects }: EngineStores,
    { known, worked, drift, takenOverFrom, displaced }: Settlement,
  ): Promise<void> {
    const { sourceId, kind, targetId } = known;
    if (targetId !== null && worked.targetId !== targetId) {
      await provisionedMembers.forgetSent(tenantId, jobId, sourceId, at);
    }
    for (const [found, isSent] of [
      [drift.missing, false],
      [drift.unexpected, true],
    ] as const) {
      const ids = found.map((one) => one.sourceId);
      await provisionedMembers.markFound(tenantId, jobId, sourceId, ids, isSent, at);
    }
    if (takenOverFrom !== null) await provisionedObjects.remove(tenantId, jobId, takenOverFrom);
    if (displaced !== null) {
      await provisionedObjects.markDue(tenantId, jobId, [{ sourceId: displaced, kind }], at, 'repair');
    }
  }
}
