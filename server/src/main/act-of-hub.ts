import type { Act } from '../audit/index.ts';
import { newId } from '../new-id.ts';

/** What the hub does in a tenant by itself, now. */
export function actOfHub(tenantId: string): Act {
  const actor = { kind: 'system', id: null, name: 'Countersign' } as const;
  return { tenantId, actor, now: new Date(), correlationId: newId(), newId };
}
