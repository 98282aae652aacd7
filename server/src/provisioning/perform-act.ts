import { type Assessment, actionOf, step, type WantedAct } from './assess-object.ts';
import type { JobContext } from './context.ts';
import { findMatch } from './find-match.ts';
import type { LogAction } from './log-entry.ts';
import { type MappedObject, mapObject } from './map-object.ts';
import type { ObjectMapping } from './mapping.ts';
import type { ProblemCode } from './problems.ts';
import { readSource } from './read-source.ts';
import type { PropertyChange, TargetFailure, TargetObject } from './target.ts';

/** What came of an act. */
export interface Performed {
  action: LogAction;
  targetId: string | null;
  changes: readonly PropertyChange[];
  problem: { code: ProblemCode; detail: string; failure?: TargetFailure | undefined } | null;
  takenOverFrom: string | null;
  /** Another object, which had to give its name away and must get its new one. */
  displaced: string | null;
}

/** Does in the target what the assessment wants, and adds the step that tells of it. */
export async function performAct(context: JobContext, assessment: Assessment): Promise<Performed> {
  const performed = await perform(context, assessment);
  if (assessment.act.kind === 'none') return performed;
  const { problem, action, targetId } = performed;
  const detail = problem ? problem.detail : `${action}: ${targetId}`;
  if (assessment.act.kind !== 'problem') assessment.steps.push(step('act', problem ? 'failure' : 'success', detail));
  return performed;
}

async function perform(context: JobContext, assessment: Assessment): Promise<Performed> {
  const { act, current, known, mapping, mapped, takenOverFrom } = assessment;
  const { target, signal } = context;
  const nothing: Performed = {
    action: actionOf(act),
    targetId: current?.id ?? known.targetId,
    changes: [],
    problem: null,
    takenOverFrom,
    displaced: null,
  };
  if (!mapping || act.kind === 'none') return nothing;
  if (act.kind === 'problem') return { ...nothing, problem: act };
  const { changes } = act;
  if (act.kind === 'delete') {
    const answer = await target.remove(mapping.target, act.targetId, signal);
    return answer.kind === 'done' ? { ...nothing, changes } : failedBy(nothing, answer);
  }
  if (act.kind === 'create') {
    const answer = await target.create(mapping.target, act.values, signal);
    if (answer.kind === 'done') return { ...nothing, targetId: answer.value.id, changes };
    if (answer.kind !== 'conflict' || !mapped) return failedBy({ ...nothing, targetId: null }, answer);
    return matchAfterConflict(context, assessment, mapping, mapped, answer);
  }
  return update(context, assessment, mapping, act, nothing);
}

async function update(
  context: JobContext,
  { known, mapped }: Assessment,
  mapping: ObjectMapping,
  act: Extract<WantedAct, { kind: 'update' }>,
  nothing: Performed,
): Promise<Performed> {
  const send = () => context.target.update(mapping.target, act.current, act.values, context.signal);
  const done = { ...nothing, targetId: act.current.id, changes: act.changes };
  const answer = await send();
  if (answer.kind === 'done') return done;
  const displaced =
    answer.kind === 'conflict' && mapped ? await displaceHolder(context, mapping, known.sourceId, mapped) : null;
  if (displaced === null) return failedBy(nothing, answer);
  const second = await send();
  return second.kind === 'done' ? { ...done, displaced } : failedBy({ ...nothing, displaced }, second);
}

/** The target has it already: it was made, and the answer got lost; or somebody else made it just now. */
async function matchAfterConflict(
  context: JobContext,
  assessment: Assessment,
  mapping: ObjectMapping,
  mapped: MappedObject,
  conflict: TargetFailure,
): Promise<Performed> {
  const match = await findMatch(context, mapping.target, assessment.known.sourceId, mapped.matching);
  const nothing = { targetId: null, changes: [], takenOverFrom: null, displaced: null };
  if (match.kind !== 'found') {
    const { code, detail } = match.kind === 'problem' ? match : { code: conflict.kind, detail: conflict.detail };
    return { ...nothing, action: 'create', problem: { code, detail, failure: conflict } };
  }
  assessment.steps.push(step('match', 'success', `It is ${match.object.id} in the target after all, by ${match.by}.`));
  const changes = context.target.compare(mapping.target, match.object, mapped.values);
  const matched = { ...nothing, targetId: match.object.id, takenOverFrom: match.takenOverFrom };
  if (changes.length === 0) return { ...matched, action: 'other', problem: null };
  const act = { kind: 'update', current: match.object, values: mapped.values, changes } as const;
  return update(context, assessment, mapping, act, { ...matched, action: 'update', problem: null });
}

/**
 * When the object that has the wanted name is one of ours that is to be called otherwise, as when two swap their names,
 * it gets a name in between and is due for its own.
 *
 * @returns the id of that object in the directory; null when there is none
 */
async function displaceHolder(
  context: JobContext,
  mapping: ObjectMapping,
  sourceId: string,
  mapped: MappedObject,
): Promise<string | null> {
  const { job, storage, target, signal } = context;
  for (const { target: attribute, value } of mapped.matching) {
    const answer = await target.find(mapping.target, attribute, value, signal);
    if (answer.kind !== 'done') return null;
    for (const holder of answer.value) {
      const owner = await storage.read.provisionedObjects.findByTarget(job.tenantId, job.id, holder.id);
      if (!owner || owner.sourceId === sourceId) continue;
      const { values } = await readSource(context, mapping, owner.sourceId, owner.kind);
      const wanted = mapObject(mapping, values).matching.find((one) => one.target === attribute)?.value;
      if (wanted === undefined || wanted.toLowerCase() === value.toLowerCase()) continue;
      const given = await giveInterimName(context, mapping, holder, attribute, `${owner.sourceId}-${value}`);
      if (given) return owner.sourceId;
    }
  }
  return null;
}

async function giveInterimName(
  { target, signal }: JobContext,
  mapping: ObjectMapping,
  holder: TargetObject,
  attribute: string,
  name: string,
): Promise<boolean> {
  const answer = await target.update(mapping.target, holder, [{ target: attribute, value: name }], signal);
  return answer.kind === 'done';
}

export function failedBy(performed: Performed, failure: TargetFailure): Performed {
  return { ...performed, changes: [], problem: { code: failure.kind, detail: failure.detail, failure } };
}
