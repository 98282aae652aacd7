import { readFileSync } from 'node:fs';
import { applyTenant, parseTenantFile, planTenant, type Step } from '@countersign/management-api/tenant-file';
import { type Command, type CommandCall, CommandError, exitCodes } from '../command.ts';
import { confirm } from '../confirm.ts';
import { connect, connectionOptions } from '../connection.ts';

export const apply: Command = {
  name: 'apply',
  meaning:
    'Brings a tenant into step with a YAML file. The plan is shown first and applied after a yes, or at once with --yes. Applying the same file again changes nothing.',
  positionals: ['file'],
  options: {
    ...connectionOptions,
    yes: { type: 'boolean', short: 'y', meaning: 'Apply without asking.' },
    check: { type: 'boolean', meaning: 'Only show the plan; exit with 3 when there is something to do.' },
    prune: { type: 'boolean', meaning: 'Also remove objects that the file does not name, of the kinds that it names.' },
  },

  async run(call) {
    const { positionals, values, output } = call;
    const [file = ''] = positionals;
    const wanted = parseTenantFile(read(file), file);
    const { baseUrl, clientOf } = connect(call);
    const connection = { baseUrl, hubClient: clientOf(), client: clientOf(wanted.tenant.name) };
    const prune = values['prune'] === true;

    const plan = await planTenant(connection, wanted, prune);
    if (values['check'] === true || plan.length === 0) {
      showPlan(call, plan);
      return plan.length === 0 || values['check'] !== true ? exitCodes.done : exitCodes.differs;
    }
    if (values['yes'] !== true) {
      showPlan(call, plan);
      if (!(await confirm(`Apply these ${plan.length} steps?`))) throw new CommandError('Nothing was changed.');
    }
    let count = 0;
    const done = await applyTenant(connection, wanted, {
      prune,
      onStep: (step, all) => {
        count += 1;
        output.progress(`${count}/${all} ${describe(step)}`);
      },
    });
    output.result({ tenant: wanted.tenant.name, ...countByVerb(done) });
    return exitCodes.done;
  },
};

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`The file ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

function showPlan({ output }: CommandCall, plan: readonly Step[]): void {
  if (output.isJson) {
    output.result(plan.map(({ verb, item, ...rest }) => ({ verb, kind: item.kind, key: item.key, ...rest })));
    return;
  }
  if (plan.length === 0) output.note('Nothing to do: the tenant is as the file says.');
  for (const step of plan) output.note(describe(step));
  if (plan.length > 0) {
    const { created, changed, removed } = countByVerb(plan);
    output.note(`\n${created} to create, ${changed} to change, ${removed} to remove.`);
  }
}

const signs = { create: '+', update: '~', delete: '-' } as const;

function describe(step: Step): string {
  const line = `${signs[step.verb]} ${step.item.kind} ${step.item.key}`;
  if (step.verb !== 'update') return line;
  const changes = step.changes.map(
    ({ field, before, after }) => `    ${field}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
  );
  return [line, ...changes].join('\n');
}

function countByVerb(steps: readonly Step[]) {
  const count = (verb: Step['verb']) => steps.filter((step) => step.verb === verb).length;
  return { created: count('create'), changed: count('update'), removed: count('delete') };
}
