import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@countersign/management-api';
import {
  applyTenant,
  type HubConnection,
  parseTenantFile,
  type TenantFile,
} from '@countersign/management-api/tenant-file';
import type { AccessToken } from '../issuance/index.ts';
import type { GraphMount } from '../management/index.ts';
import { newId } from '../new-id.ts';
import { accessAsHub } from './access.ts';
import { type ManagementParts, mountFor } from './open-management.ts';

const folder = path.resolve(import.meta.dirname, '../../../samples/demo');

/** The demo tenants, by the names of their files. */
export const demoTenants = ['contoso', 'jogcloud', 'mycompany', 'myoc'] as const;

/** For how long one process has the turn, renewed with each tenant, and how often others look; in seconds. */
const turnSeconds = 30;
const pauseSeconds = 0.5;

/**
 * Makes the demo tenants while they are due, from the files that anybody can apply, through the management API inside this
 * process. What is there already stays as the file says, so that a start that was cut off is made good by the next. Of
 * several processes one does it, and the others wait for it.
 *
 * @param password  of the people in them
 */
export async function seedDemo(parts: ManagementParts, password: string): Promise<void> {
  const { storage } = parts;
  const owner = newId();
  const takeTurn = () => storage.write(({ leases }) => leases.take(turn, owner, turnSeconds));
  for (; await storage.read.setup.isDemoDue(); await sleep(pauseSeconds * 1000)) {
    if (!(await takeTurn())) continue;
    try {
      await makeDemo(parts, password, takeTurn);
    } finally {
      await storage.write(({ leases }) => leases.release(turn, owner));
    }
  }
}

const turn = 'make the demo tenants';

async function makeDemo(parts: ManagementParts, password: string, keepTurn: () => Promise<unknown>): Promise<void> {
  for (const name of demoTenants) {
    await keepTurn();
    const { users, ...file } = readDemoFile(name);
    const people = users?.map((user) => ({ ...user, initialPassword: password }));
    await applyTenant(connectWithin(parts, name), { ...file, ...(people && { users: people }) });
  }
  await parts.storage.write(({ setup }) => setup.setDemoDue(false));
}

/** The file of a demo tenant. */
export function readDemoFile(name: string): TenantFile {
  return parseTenantFile(readFileSync(path.join(folder, `${name}.yaml`), 'utf8'), `${name}.yaml`);
}

/**
 * A connection to the management API inside this process, with every permission in the tenant.
 *
 * @param origin  of the addresses that answers name
 */
export function connectWithin(parts: ManagementParts, tenantName: string, origin = 'https://localhost'): HubConnection {
  const mount = mountFor(parts, (tenant) => hubAsCaller(parts, tenant));
  const baseUrl = `${origin}/v1.0`;
  const clientOf = (tenant: string) => createClient({ baseUrl, token: tenant, fetch: within(mount) });
  return { baseUrl, hubClient: clientOf(parts.hubTenantId), client: clientOf(tenantName) };
}

/** The hub itself as the caller, in the tenant that stands in place of a token. */
async function hubAsCaller({ storage, now }: ManagementParts, tenantName: string): Promise<AccessToken> {
  const tenant = await storage.read.tenants.resolve(tenantName);
  if (!tenant) throw new Error(`There is no tenant ${tenantName}.`);
  return accessAsHub(storage, tenant.id, now());
}

/** `fetch` that calls the routes of a mount, without a socket. */
function within(mount: GraphMount): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input));
    const method = init?.method ?? 'GET';
    const route = mount.routes.find((candidate) => candidate.method === method);
    if (!route) throw new Error(`The management API has no ${method}.`);
    const { status, headers, body } = await route.handle({
      method,
      url,
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === 'string' ? Buffer.from(init.body) : undefined,
      requestId: newId(),
      admitTenant: () => {},
    });
    const content = typeof body === 'string' ? body : null;
    return new Response(status === 204 ? null : content, { status, headers: { ...headers } });
  };
}
