import type { Client } from '../client.ts';
import { ManagementApiError } from '../client.ts';
import type { TenantFile } from './document.ts';
import { TenantFileError } from './error.ts';
import { flatten } from './flatten.ts';
import type { Hub } from './handler.ts';
import { handlers } from './handlers/index.ts';
import { findTenant } from './handlers/tenant.ts';
import { type Item, itemKinds } from './item.ts';
import { Names } from './names.ts';
import { planSteps, type Step } from './plan.ts';
import { unflatten } from './unflatten.ts';

export interface HubConnection {
  /** Address of the management API with its version. */
  baseUrl: string;
  /** Acts in the hub's own tenant. */
  hubClient: Client;
  /** Acts in the tenant. It is not used before the tenant is there. */
  client: Client;
}

/** What would have to be done in the hub so that it is as the file says. Reads only. */
export async function planTenant(connection: HubConnection, file: TenantFile, prune = false): Promise<Step[]> {
  return (await plan(connection, file, prune)).steps;
}

/**
 * Brings the hub into step with the file.
 *
 * @param onStep  told of each step after it is done, with the number of steps in all
 * @returns the steps that were done
 * @throws TenantFileError that names the step which failed. Those before it are done; applying the file again goes on.
 */
export async function applyTenant(
  connection: HubConnection,
  file: TenantFile,
  { prune = false, onStep = () => {} }: { prune?: boolean; onStep?: (step: Step, count: number) => void } = {},
): Promise<Step[]> {
  const done: Step[] = [];
  const { hub, steps } = await plan(connection, file, prune);
  for (const step of steps) {
    await applyStep(hub, step);
    onStep(step, steps.length);
    done.push(step);
    // A new tenant has roles and applications of its own: the other steps are planned again with their names.
    if (step.item.kind === 'tenant' && step.verb === 'create') {
      const others = { prune, onStep: (next: Step, left: number) => onStep(next, done.length + left) };
      return [...done, ...(await applyTenant(connection, file, others))];
    }
  }
  return done;
}

/** The whole tenant as a file. Secrets and passwords are not in it. */
export async function exportTenant(connection: HubConnection, tenantName: string): Promise<TenantFile> {
  const hub = connect(connection, tenantName);
  if (!(await findTenant(hub))) throw new TenantFileError(`The hub has no tenant called ${tenantName}.`);
  return unflatten(await readItems(hub));
}

async function plan(connection: HubConnection, file: TenantFile, prune: boolean): Promise<{ hub: Hub; steps: Step[] }> {
  const hub = connect(connection, file.tenant.name);
  const current = (await findTenant(hub)) ? await readItems(hub) : [];
  return { hub, steps: planSteps(flatten(file), current, prune) };
}

function connect(connection: HubConnection, tenantName: string): Hub {
  return { ...connection, tenantName, names: new Names(), relationIds: new Map(), appRoles: new Map() };
}

/** Every item of the tenant. Objects come before relations, which are told by the objects' names. */
async function readItems(hub: Hub): Promise<Item[]> {
  const items: Item[] = [];
  for (const kind of itemKinds) {
    for await (const item of handlers[kind].read(hub)) items.push(item);
  }
  return items;
}

async function applyStep(hub: Hub, step: Step): Promise<void> {
  const { item } = step;
  const handler = handlers[item.kind];
  try {
    if (step.verb === 'create') await handler.create(hub, item);
    else if (step.verb === 'delete') await handler.remove(hub, item);
    else await handler.update?.(hub, item, step.changes);
  } catch (error) {
    if (!(error instanceof ManagementApiError || error instanceof TenantFileError)) throw error;
    throw new TenantFileError(`${step.verb} ${item.kind} ${item.key}: ${error.message}`, { cause: error });
  }
}
