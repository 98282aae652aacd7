/** Who would come into which group of the target and go from it, for the plan of a job. Writes nothing. */
import type { Assessment } from './assess-object.ts';
import type { JobContext } from './context.ts';
import type { LogEntry } from './log-entry.ts';
import type { SourceKind } from './mapping.ts';
import { mapsMembers, pageSize } from './mark-references.ts';
import type { Answer, MemberChange } from './target.ts';
import { entryOfMembers, memberPages } from './work-on-members.ts';

/** An object that would be in the target. */
export interface HeldObject {
  name: string;
  /** Null for one that is yet to be made. */
  targetId: string | null;
  kind: SourceKind;
  /** Whether its values would be kept in step. */
  isInScope: boolean;
}

/** A group whose members would be kept in step. */
export interface PlannedGroup {
  sourceId: string;
  name: string;
  targetId: string | null;
  /** Whether the job had it in the target before: then members that nobody sent are taken out. */
  isKnown: boolean;
}

/** Undefined for an object that would not be in the target. */
export function heldAfter({ act, current, wish, known, source }: Assessment): HeldObject | undefined {
  const isInScope = wish.kind === 'present' && act.kind !== 'problem';
  const held = (targetId: string | null) => ({ name: source.name, targetId, kind: known.kind, isInScope });
  if (act.kind === 'create') return held(null);
  if (act.kind === 'delete') return undefined;
  if (current) return held(current.id);
  const isMissing = wish.kind === 'present' && act.kind === 'none' && !act.isUnchanged;
  return known.targetId === null || isMissing ? undefined : held(known.targetId);
}

/** Undefined for everything but groups that would be in the target with their members. */
export function plannedGroup(context: JobContext, assessment: Assessment): PlannedGroup | undefined {
  const { known, source } = assessment;
  const held = heldAfter(assessment);
  const isGroup = known.kind === 'group' && mapsMembers(context.job.definition.mappings);
  if (!held?.isInScope || !isGroup) return undefined;
  const { targetId } = held;
  return { sourceId: source.id, name: source.name, targetId, isKnown: known.state === 'active' };
}

/** @param held  every object that would be in the target, by its id in the directory */
export async function* planMembers(
  context: JobContext,
  groups: readonly PlannedGroup[],
  held: ReadonlyMap<string, HeldObject>,
): AsyncGenerator<LogEntry> {
  const names = new Map([...held.values()].map(({ targetId, name }) => [targetId, name]));
  const nameOf = (targetId: string) => names.get(targetId) ?? targetId;
  for (const group of groups) {
    if (context.signal.aborted) return;
    const startedAt = context.now();
    const tell = (answer: Answer<unknown>, change: MemberChange) =>
      entryOfMembers(context, group, change, answer, startedAt);
    const answer = await presentMembers(context, group, held);
    if (answer.kind !== 'done') {
      yield tell(answer, { added: [], removed: [] });
      continue;
    }
    const left = new Set(answer.value);
    let added: string[] = [];
    for await (const ids of memberPages(context, group.sourceId)) {
      for (const { name, targetId } of ids.flatMap((id) => held.get(id) ?? [])) {
        if (targetId === null || !left.delete(targetId)) added.push(name);
      }
      if (added.length < pageSize) continue;
      yield tell(answer, { added, removed: [] });
      added = [];
    }
    const removed = group.isKnown ? [...left].map(nameOf) : [];
    if (added.length + removed.length > 0) yield tell(answer, { added, removed });
  }
}

/** Ids of those whom the group has in the target now; of whom it was told, where the target does not say. */
async function presentMembers(
  { storage: { read }, job, target, signal }: JobContext,
  { sourceId, targetId }: PlannedGroup,
  held: ReadonlyMap<string, HeldObject>,
): Promise<Answer<readonly string[]>> {
  if (targetId === null) return { kind: 'done', value: [] };
  const answer = await target.listMembers(targetId, signal);
  if (answer.kind !== 'done') return answer;
  if (answer.value !== null) return { kind: 'done', value: answer.value };
  const told: string[] = [];
  for (let after = '', isMore = true; isMore; ) {
    const sent = await read.provisionedMembers.listSent(job.tenantId, job.id, sourceId, pageSize, after);
    told.push(...sent.flatMap((id) => held.get(id)?.targetId ?? []));
    after = sent.at(-1) ?? '';
    isMore = sent.length === pageSize;
  }
  return { kind: 'done', value: told };
}
