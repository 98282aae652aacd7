import { setTimeout as pause } from 'node:timers/promises';
import type { Change, ChangePosition } from '../../directory/index.ts';
import type { OpenedDatabase } from './database.ts';

/** How long is waited, in milliseconds. */
const longest = 60_000;

/**
 * The changes after a position, once there are that many: on PostgreSQL readers wait for every older transaction, also for
 * those of other databases on the same server.
 */
export async function readChanges(
  { read }: OpenedDatabase['storage'],
  position: ChangePosition,
  count: number,
  tenantId?: string,
): Promise<Change[]> {
  const until = Date.now() + longest;
  for (;;) {
    const found = await read.changes.read(position, 1_000, tenantId);
    if (found.length >= count || Date.now() > until) return found;
    await pause(10);
  }
}
