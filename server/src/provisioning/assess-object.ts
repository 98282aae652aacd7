/**
 * The steps of the work on one object that change nothing: reading it, scope, match, map, compare. What comes out says what
 * should be done and why; plan and explain show it, cycles do it.
 */
import { createHash } from 'node:crypto';
import type { JobContext } from './context.ts';
import { decideWish, type Wish } from './decide-wish.ts';
import { ExpressionError } from './expression/expression.ts';
import { findMatch } from './find-match.ts';
import type { LogAction, Step } from './log-entry.ts';
import { type MappedObject, mapObject } from './map-object.ts';
import { activeAttribute, type ObjectMapping } from './mapping.ts';
import type { ProblemCode } from './problems.ts';
import { readSource, type SourceObject } from './read-source.ts';
import type { ProvisionedObject } from './store.ts';
import type { MappedValue, PropertyChange, TargetFailure, TargetObject } from './target.ts';

export interface Assessment {
  source: SourceObject;
  known: ProvisionedObject;
  mapping: ObjectMapping | undefined;
  steps: Step[];
  wish: Wish;
  mapped: MappedObject | undefined;
  /** Of the values that the target should have. */
  digest: string | null;
  /** The object in the target, as far as it was read. */
  current: TargetObject | undefined;
  takenOverFrom: string | null;
  act: WantedAct;
}

/** What is to be done in the target. */
export type WantedAct =
  | { kind: 'none'; isUnchanged: boolean }
  | { kind: 'create'; values: readonly MappedValue[]; changes: readonly PropertyChange[] }
  | { kind: 'update'; current: TargetObject; values: readonly MappedValue[]; changes: readonly PropertyChange[] }
  | { kind: 'delete'; targetId: string; changes: readonly PropertyChange[] }
  | { kind: 'problem'; code: ProblemCode; detail: string; failure?: TargetFailure | undefined };

export async function assessObject(context: JobContext, known: ProvisionedObject): Promise<Assessment> {
  const { job } = context;
  const mapping = job.definition.mappings.find((one) => one.source === known.kind);
  const source = await readSource(context, mapping, known.sourceId, known.kind);
  const wish = decideWish(job.definition.scope, mapping, source, known);
  const assessment: Assessment = {
    source,
    known,
    mapping,
    steps: [
      step('read', 'success', source.isLiving ? 'Read from the directory.' : 'It is deleted from the directory.'),
      step('scope', wish.kind === 'nothing' ? 'skipped' : 'success', wish.because),
    ],
    wish,
    mapped: undefined,
    digest: null,
    current: undefined,
    takenOverFrom: null,
    act: { kind: 'none', isUnchanged: false },
  };
  if (mapping === undefined || wish.kind === 'nothing') return assessment;
  if (wish.kind === 'removed') return assessRemoval(context, assessment, mapping, wish.how);
  return assessPresence(context, assessment, mapping);
}

async function assessPresence(
  context: JobContext,
  assessment: Assessment,
  mapping: ObjectMapping,
): Promise<Assessment> {
  const { known, source, steps } = assessment;
  let mapped: MappedObject;
  try {
    mapped = mapObject(mapping, source.values);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return failed(assessment, 'map', { code: 'mapping_failed', detail: error.message });
  }
  steps.push(step('map', 'success', `${mapped.values.length} attributes have their values.`));
  const digest = digestOf(mapped.values);
  const inStep = { ...assessment, mapped, digest };
  if (known.state === 'active' && known.digest === digest && known.reading === 'changed') {
    steps.push(step('compare', 'success', 'The target was given the same values before.'));
    return { ...inStep, act: { kind: 'none', isUnchanged: true } };
  }

  const found = await findCurrent(context, inStep, mapping.target, mapped);
  if (found.act.kind === 'problem') return found;
  const { current } = found;
  const values = current ? mapped.values : [...mapped.values, ...mapped.onCreate];
  let changes: PropertyChange[];
  try {
    changes = context.target.compare(mapping.target, current, values);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return failed(found, 'compare', { code: 'mapping_failed', detail: error.message });
  }
  steps.push(
    step('compare', 'success', changes.length === 0 ? 'Nothing differs.' : `${changes.length} properties differ.`),
  );
  if (!current) return allowed(found, mapping.flow.create, { kind: 'create', values, changes });
  if (changes.length === 0) return { ...found, act: { kind: 'none', isUnchanged: true } };
  return allowed(found, mapping.flow.update, { kind: 'update', current, values, changes });
}

/** Reads the object by the id that is known, or searches it. */
async function findCurrent(
  context: JobContext,
  assessment: Assessment,
  type: string,
  mapped: MappedObject,
): Promise<Assessment> {
  const { known, steps } = assessment;
  if (known.targetId !== null) {
    const answer = await context.target.read(type, known.targetId, context.signal);
    if (answer.kind === 'done') {
      steps.push(step('match', 'success', `It is ${known.targetId} in the target.`));
      return { ...assessment, current: answer.value };
    }
    if (answer.kind !== 'notFound') return failedBy(assessment, 'match', answer);
    steps.push(step('match', 'success', `${known.targetId} is gone from the target.`));
  }
  if (known.attempts === 0 && context.emptyTypes?.has(type)) {
    steps.push(step('match', 'success', `The target had no ${type} at all when the job began.`));
    return assessment;
  }
  const match = await findMatch(context, type, known.sourceId, mapped.matching);
  if (match.kind === 'problem') return failed(assessment, 'match', match);
  if (match.kind === 'none') {
    steps.push(step('match', 'success', match.detail));
    return assessment;
  }
  steps.push(step('match', 'success', `It is ${match.object.id} in the target, by ${match.by}.`));
  return { ...assessment, current: match.object, takenOverFrom: match.takenOverFrom };
}

async function assessRemoval(
  context: JobContext,
  assessment: Assessment,
  mapping: ObjectMapping,
  how: 'disable' | 'delete',
): Promise<Assessment> {
  const { known, steps } = assessment;
  const { targetId } = known;
  if (targetId === null) return assessment;
  const answer = await context.target.read(mapping.target, targetId, context.signal);
  if (answer.kind === 'notFound') {
    steps.push(step('match', 'success', `${targetId} is gone from the target.`));
    return { ...assessment, digest: how, act: { kind: 'none', isUnchanged: true } };
  }
  if (answer.kind !== 'done') return failedBy(assessment, 'match', answer);
  const current = answer.value;
  steps.push(step('match', 'success', `It is ${targetId} in the target.`));
  const read = { ...assessment, digest: how, current };
  if (how === 'delete') {
    const changes = context.target.lossOf(mapping.target, current);
    return allowed(read, mapping.flow.delete, { kind: 'delete', targetId, changes });
  }
  const values = [{ target: activeAttribute, value: false }];
  const changes = context.target.compare(mapping.target, current, values);
  if (changes.length === 0) return { ...read, act: { kind: 'none', isUnchanged: true } };
  return allowed(read, mapping.flow.update, { kind: 'update', current, values, changes });
}

/** The name under which logs show the act. */
export function actionOf(act: WantedAct): LogAction {
  if (act.kind === 'create' || act.kind === 'delete') return act.kind;
  if (act.kind !== 'update') return 'other';
  const isDisabled = act.changes.some(({ name, after }) => name === activeAttribute && after === false);
  return isDisabled ? 'disable' : 'update';
}

/** The act, unless the mapping does not allow it. */
function allowed(assessment: Assessment, isAllowed: boolean, act: WantedAct): Assessment {
  if (isAllowed) return { ...assessment, act };
  assessment.steps.push(step('act', 'skipped', `The mapping does not let the job ${act.kind} objects.`));
  return { ...assessment, act: { kind: 'none', isUnchanged: false } };
}

function failedBy(assessment: Assessment, name: Step['name'], failure: TargetFailure): Assessment {
  return failed(assessment, name, { code: failure.kind, detail: failure.detail, failure });
}

function failed(
  assessment: Assessment,
  name: Step['name'],
  problem: { code: ProblemCode; detail: string; failure?: TargetFailure | undefined },
): Assessment {
  assessment.steps.push(step(name, 'failure', problem.detail));
  const { code, detail, failure } = problem;
  return { ...assessment, act: { kind: 'problem', code, detail, failure } };
}

export function step(name: Step['name'], status: Step['status'], detail: string): Step {
  return { name, status, detail };
}

/** Tells apart what the target was given. */
function digestOf(values: readonly MappedValue[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url');
}
