import type { OpenTarget } from '../provisioning/index.ts';
import type { Gate } from './outbound/gate.ts';
import { openScimTarget } from './scim/scim-target.ts';

/** Opens targets of every kind that there is. */
export function openTarget(gate: Gate, now: () => Date): OpenTarget {
  const kinds = { scim: openScimTarget } satisfies Record<string, unknown>;
  return (definition, token) => kinds[definition.kind](gate, definition, token, now);
}
