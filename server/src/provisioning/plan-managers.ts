/** Whose manager would be told to the target once they are made there, for the plan of a job. Writes nothing. */
import { step } from './assess-object.ts';
import type { JobContext } from './context.ts';
import { entryOfJob } from './entry-of-job.ts';
import { attributesOf } from './expression/expression.ts';
import type { LogEntry } from './log-entry.ts';
import { expressionOf } from './map-object.ts';
import type { ObjectMapping } from './mapping.ts';
import { pageSize } from './mark-references.ts';
import type { HeldObject } from './plan-members.ts';
import { managerAttribute } from './read-source.ts';

/**
 * A manager's id in the target is known when it has been made there, so that a plan tells the name instead.
 *
 * @param held  every object that would be in the target, by its id in the directory
 */
export async function* planManagers(
  context: JobContext,
  held: ReadonlyMap<string, HeldObject>,
): AsyncGenerator<LogEntry> {
  const { storage, job, signal } = context;
  const mapping = job.definition.mappings.find(({ source, isEnabled }) => source === 'user' && isEnabled);
  const targets = mapping?.flow.update ? targetsOfManagers(mapping) : [];
  if (!mapping || targets.length === 0) return;
  const reports = [...held].flatMap(([id, { kind, isInScope }]) => (kind === 'user' && isInScope ? [id] : []));
  for (let start = 0; start < reports.length && !signal.aborted; start += pageSize) {
    const part = reports.slice(start, start + pageSize);
    for (const { id, other } of await storage.read.links.listOfMany(job.tenantId, 'manager', 'pointing', part)) {
      const [report, manager] = [held.get(id), held.get(other.id)];
      if (report && manager?.targetId === null) {
        yield entryOfManager(context, mapping.target, { ...report, id }, targets, manager.name);
      }
    }
  }
}

/** Attributes of the target that follow the manager. */
function targetsOfManagers({ attributes }: ObjectMapping): string[] {
  return attributes
    .filter(({ source, apply }) => apply === 'always' && attributesOf(expressionOf(source)).includes(managerAttribute))
    .map(({ target }) => target);
}

function entryOfManager(
  context: JobContext,
  type: string,
  report: HeldObject & { id: string },
  targets: readonly string[],
  managerName: string,
): LogEntry {
  return entryOfJob(context, context.now(), {
    action: 'update',
    status: 'success',
    source: { id: report.id, kind: report.kind, name: report.name },
    target: { type, id: report.targetId },
    steps: [step('map', 'success', `The manager ${managerName} is made first.`)],
    changes: targets.map((name) => ({ name, after: managerName })),
    problem: null,
  });
}
