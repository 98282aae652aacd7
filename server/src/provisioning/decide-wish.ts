import type { Job } from './job.ts';
import type { ObjectMapping } from './mapping.ts';
import type { SourceObject } from './read-source.ts';
import { clauseAgainst } from './scope.ts';
import type { ProvisionedObject } from './store.ts';

/** What should be in the target, whatever is there now. */
export type Wish =
  | { kind: 'present'; because: string }
  | { kind: 'removed'; how: 'disable' | 'delete'; because: string }
  | { kind: 'nothing'; because: string };

/** Decides from the object and what the job knows of it. Pure. */
export function decideWish(
  scope: Job['definition']['scope'],
  mapping: ObjectMapping | undefined,
  source: SourceObject,
  known: Pick<ProvisionedObject, 'targetId' | 'state' | 'digest' | 'reading'>,
): Wish {
  if (!mapping?.isEnabled) return { kind: 'nothing', because: `The job has no mapping for a ${source.kind}.` };
  const against = reasonAgainst(scope, mapping, source);
  if (against === undefined) return { kind: 'present', because: 'It is in scope.' };
  if (known.targetId === null) return { kind: 'nothing', because: `${against} The target never got it.` };
  const how = source.isLiving ? mapping.whenOutOfScope : mapping.whenDeleted;
  if (how === 'leave') return { kind: 'nothing', because: `${against} The mapping leaves it in the target as it is.` };
  if (known.state === 'removed' && known.digest === how && known.reading === 'changed') {
    return { kind: 'nothing', because: `${against} The target was told so before.` };
  }
  return { kind: 'removed', how, because: against };
}

function reasonAgainst(
  scope: Job['definition']['scope'],
  mapping: ObjectMapping,
  source: SourceObject,
): string | undefined {
  if (!source.isLiving) return 'It is deleted from the directory.';
  if (scope === 'assigned' && !source.isAssigned) {
    return 'Neither it nor a group that it is in is assigned to the application.';
  }
  const clause = clauseAgainst(mapping.scope, source.values);
  return (
    clause && `It does not pass the scope filter ${clause.attribute} ${clause.operator} ${clause.values.join(', ')}.`
  );
}
