import { createClient } from '@countersign/management-api';
import type { Hub } from './hub.ts';
import type { LoadTarget } from './load.ts';

/** Whom a load is for, with a token of the first administrator. */
export function targetOf(hub: Hub): LoadTarget {
  return {
    baseUrl: hub.baseUrl,
    authority: hub.authority,
    token: hub.run('token').trim(),
    usedMilliseconds: () => hub.usedMilliseconds(),
  };
}

export function createClientOf(hub: Hub) {
  hub.trustAuthority();
  return createClient({ baseUrl: `${hub.baseUrl}/v1.0`, token: hub.run('token').trim() });
}

/** The SCIM endpoint of the hub's own tenant, with a token of its own. */
export async function scimTargetOf(hub: Hub): Promise<LoadTarget> {
  const { secretText } = await createClientOf(hub).createScimToken({ body: { displayName: 'benchmark' } });
  return { ...targetOf(hub), token: String(secretText) };
}
