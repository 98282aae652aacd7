import type { JobContext } from './context.ts';
import type { MappedObject } from './map-object.ts';
import { matchesByUniqueNames } from './mapping.ts';
import type { ProblemCode } from './problems.ts';
import type { Answer, TargetFailure, TargetObject } from './target.ts';

/** What searching the target for an object came to. `takenOverFrom`: the object that it belonged to and is gone. */
export type Match =
  | { kind: 'found'; object: TargetObject; by: string; takenOverFrom: string | null }
  | { kind: 'none'; detail: string }
  | { kind: 'problem'; code: ProblemCode; failure?: TargetFailure; detail: string };

/**
 * Searches the target by the matching attributes, one after the other. An object of the target that another object of the
 * directory owns is left alone, unless that one is gone: then it was deleted and made again.
 */
export async function findMatch(
  context: JobContext,
  type: string,
  sourceId: string,
  matching: MappedObject['matching'],
): Promise<Match> {
  for (const { target: attribute, value } of matching) {
    const answer: Answer<TargetObject[]> = await context.target.find(type, attribute, value, context.signal);
    if (answer.kind !== 'done') return { kind: 'problem', code: answer.kind, failure: answer, detail: answer.detail };
    const [object, second] = answer.value;
    if (!object) continue;
    const by = `${attribute} ${value}`;
    if (second) {
      return { kind: 'problem', code: 'several_matches', detail: `The target has ${answer.value.length} with ${by}.` };
    }
    const { job, storage } = context;
    const owner = await storage.read.provisionedObjects.findByTarget(job.tenantId, job.id, object.id);
    if (!owner || owner.sourceId === sourceId) return { kind: 'found', object, by, takenOverFrom: null };
    const isLiving = (await storage.read.objects.find(job.tenantId, owner.sourceId)) !== undefined;
    if (!isLiving) return { kind: 'found', object, by, takenOverFrom: owner.sourceId };
    return { kind: 'problem', code: 'match_taken', detail: `${by} belongs to ${owner.sourceId}.` };
  }
  const asked = matching.map(({ target, value }) => `${target} ${value}`).join(', ');
  return { kind: 'none', detail: `The target has none with ${asked}.` };
}

/**
 * Types of which the target has no object, and of which no two objects of the directory can be matched with the same one. To
 * be asked before anything is sent at all: later, nobody knows what was sent and not acknowledged.
 */
export async function findEmptyTypes({ job, target, signal }: JobContext): Promise<Set<string>> {
  const types = new Set<string>();
  for (const [type, mappings] of Map.groupBy(job.definition.mappings, (mapping) => mapping.target)) {
    if (!mappings.every(matchesByUniqueNames)) continue;
    const answer = await target.isEmpty(type, signal);
    if (answer.kind === 'done' && answer.value) types.add(type);
  }
  return types;
}
