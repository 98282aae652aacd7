/** What is to be done to take one change back, and why it cannot be. Changes nothing. */
import type { JobContext } from './context.ts';
import type { LogEntry } from './log-entry.ts';
import { membersAttribute } from './mapping.ts';
import type { ProblemCode } from './problems.ts';
import type { Answer, MemberChange, Reversal, TargetObject } from './target.ts';

export type Undo =
  | { kind: 'nothing'; detail: string }
  | { kind: 'impossible'; code: ProblemCode; detail: string }
  | { kind: 'remove'; current: TargetObject }
  /** Without `current` the object is made again; `madeId` is its id then. */
  | { kind: 'write'; current: TargetObject | undefined; reversal: Reversal; madeId: string | null }
  | { kind: 'members'; change: MemberChange };

/** @param found  what the target has of the object now */
export async function assessUndo(context: JobContext, entry: LogEntry, found: Answer<TargetObject>): Promise<Undo> {
  if (found.kind !== 'done' && found.kind !== 'notFound') {
    return { kind: 'impossible', code: found.kind, detail: found.detail };
  }
  const current = found.kind === 'done' ? found.value : undefined;
  if (entry.action === 'create') return assessCreated(context, entry, current);
  if (entry.action === 'delete') return assessDeleted(context, entry, current);
  if (!current) return { kind: 'impossible', code: 'gone_since', detail: 'It is gone from the target since.' };
  const isOfMembers = entry.changes.every(({ name }) => name === membersAttribute);
  return isOfMembers ? assessMembers(context, entry) : assessChanged(context, entry, current);
}

function assessCreated({ target }: JobContext, entry: LogEntry, current: TargetObject | undefined): Undo {
  if (!current) return { kind: 'nothing', detail: 'It is gone from the target already.' };
  const kept = target.changedSince(entry.target.type, current, entry.changes);
  if (kept.length === 0) return { kind: 'remove', current };
  const names = kept.map(({ name }) => name).join(', ');
  const detail = `It is not removed, since it was changed after the cycle: ${names}.`;
  return { kind: 'impossible', code: 'changed_since', detail };
}

async function assessDeleted(
  { target, job, signal }: JobContext,
  { target: { type }, changes }: LogEntry,
  current: TargetObject | undefined,
): Promise<Undo> {
  if (current) return { kind: 'nothing', detail: 'It is in the target.' };
  const matching = job.definition.mappings
    .filter((mapping) => mapping.target === type)
    .flatMap(({ attributes }) => attributes.filter(({ matchingPriority }) => matchingPriority !== undefined));
  for (const { target: attribute } of matching) {
    const value = changes.find(({ name }) => name === attribute)?.before;
    if (typeof value !== 'string') continue;
    const answer = await target.find(type, attribute, value, signal);
    if (answer.kind !== 'done') return { kind: 'impossible', code: answer.kind, detail: answer.detail };
    const [again] = answer.value;
    if (again) return { kind: 'nothing', detail: `The target has ${attribute} ${value} again, as ${again.id}.` };
  }
  return { kind: 'write', current: undefined, reversal: target.reverse(type, undefined, changes), madeId: null };
}

function assessChanged({ target }: JobContext, { target: { type }, changes }: LogEntry, current: TargetObject): Undo {
  const properties = changes.filter(({ name }) => name !== membersAttribute);
  const reversal = target.reverse(type, current, properties);
  if (reversal.changes.length > 0) return { kind: 'write', current, reversal, madeId: null };
  if (reversal.kept.length === 0) return { kind: 'nothing', detail: 'It is as it was before the cycle.' };
  const names = reversal.kept.map(({ name }) => name).join(', ');
  return { kind: 'impossible', code: 'changed_since', detail: `It was changed after the cycle: ${names}.` };
}

async function assessMembers({ target, signal }: JobContext, { target: { id }, changes }: LogEntry): Promise<Undo> {
  const answer = await target.listMembers(id ?? '', signal);
  if (answer.kind !== 'done') return { kind: 'impossible', code: answer.kind, detail: answer.detail };
  const present = answer.value && new Set(answer.value);
  const idsOf = (part: 'before' | 'after') => changes.flatMap((change) => (change[part] ?? []) as string[]);
  const added = idsOf('before').filter((member) => !present?.has(member));
  const removed = idsOf('after').filter((member) => present?.has(member) ?? true);
  if (added.length + removed.length > 0) return { kind: 'members', change: { added, removed } };
  return { kind: 'nothing', detail: 'The members are as they were before the cycle.' };
}
