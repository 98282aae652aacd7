import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { applyTenant, parseTenantFile, type TenantFile } from '@countersign/management-api/tenant-file';
import { newId } from '../new-id.ts';
import { connectWithin } from './connect-within.ts';
import { connectDemoTarget } from './demo-target.ts';
import type { ManagementParts } from './open-management.ts';

const folder = path.resolve(import.meta.dirname, '../../../samples/demo');

/** The demo tenants, by the names of their files. */
export const demoTenants = ['accessportal', 'contoso', 'jogcloud', 'mycompany', 'myoc'] as const;

/** For how long one process has the turn, renewed with each tenant, and how often others look; in seconds. */
const turnSeconds = 30;
const pauseSeconds = 0.5;

/**
 * Makes the demo tenants while they are due, from the files that anybody can apply, through the management API inside this
 * process. What is there already stays as the file says, so that a start that was cut off is made good by the next. Of
 * several processes one does it, and the others wait for it.
 *
 * @param password  of the people in them
 * @param publicUrl  at which one of them reaches another
 */
export async function seedDemo(parts: ManagementParts, password: string, publicUrl: URL): Promise<void> {
  const { storage } = parts;
  const owner = newId();
  const takeTurn = () => storage.write(({ leases }) => leases.take(turn, owner, turnSeconds));
  for (; await storage.read.setup.isDemoDue(); await sleep(pauseSeconds * 1000)) {
    if (!(await takeTurn())) continue;
    try {
      await makeDemo(parts, password, takeTurn);
      await connectDemoTarget(parts, publicUrl);
      await storage.write(({ setup }) => setup.setDemoDue(false));
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
}

/** The file of a demo tenant. */
export function readDemoFile(name: string): TenantFile {
  return parseTenantFile(readFileSync(path.join(folder, `${name}.yaml`), 'utf8'), `${name}.yaml`);
}
