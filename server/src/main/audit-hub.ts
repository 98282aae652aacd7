import { auditEvent } from '../audit/index.ts';
import type { Storage } from '../storage/index.ts';
import { actOfHub } from './act-of-hub.ts';

/** Tells the audit log of the hub's own tenant what was done to the hub as a whole. Nothing when it has no tenant yet. */
export async function auditHub(storage: Storage, verb: string, name: string): Promise<void> {
  await storage.write(async ({ setup, audit }) => {
    const tenantId = await setup.hubTenantId();
    if (tenantId !== undefined) {
      await audit.append([auditEvent(actOfHub(tenantId), verb, { kind: 'hub', id: null, name })]);
    }
  });
}
