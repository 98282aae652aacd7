// Acts for tests: who does it, in which tenant, when.
import { randomUUID } from 'node:crypto';
import type { Act } from '../../src/audit/index.ts';

export const now = new Date('2026-06-01T00:00:00Z');

/** An act of the hub itself in a tenant of its own, which no other test sees. */
export function actOfSystem(tenantId: string = randomUUID()): Act {
  return { tenantId, actor: { kind: 'system', id: null, name: 'test' }, now, correlationId: 'test', newId: randomUUID };
}
