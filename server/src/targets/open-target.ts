import type { OutboundFetch } from '../outbound/index.ts';
import type { OpenTarget } from '../provisioning/index.ts';
import { openScimTarget } from './scim/scim-target.ts';

const kinds = { scim: openScimTarget } as const;

/** Opens targets of every kind that there is. */
export function targetsThrough(fetch: OutboundFetch, now: () => Date): OpenTarget {
  return (definition, token) => kinds[definition.target.kind](fetch, definition, token, now);
}
