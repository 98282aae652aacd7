import { randomBytes } from 'node:crypto';
import { wsFederationRoutes } from '../endpoints/ws-federation/index.ts';
import { type WsTrustOptions, wsTrustRoutes } from '../endpoints/ws-trust/index.ts';
import type { Mount } from '../http/index.ts';
import { claimsIssuer } from '../issuance/index.ts';
import { newId } from '../new-id.ts';
import { openUpstream, type UpstreamParts } from '../upstream/index.ts';
import { openSignOut, type SignOutParts } from './open-sign-out.ts';

/** WS-Federation and WS-Trust: a security token service for browsers and for programs. */
export function openWsFederation({
  storage,
  keys,
  passwords,
  publicUrl,
  fetch,
  now,
}: SignOutParts & Pick<WsTrustOptions, 'passwords' | 'now'> & Pick<UpstreamParts, 'fetch'>): Mount {
  const useId: UpstreamParts['useId'] = (tenantId, id, until) =>
    storage.write(({ usedIds }) => usedIds.use(tenantId, id, until));
  const options: WsTrustOptions = {
    storage,
    keys,
    passwords,
    upstream: openUpstream({ fetch, keys, publicUrl, useId }),
    publicUrl,
    signOut: openSignOut({ storage, keys, publicUrl }),
    now,
    newId,
    issueClaims: claimsIssuer(),
    newSecret: () => randomBytes(32).toString('base64url'),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
  };
  return { routes: [...wsFederationRoutes(options), ...wsTrustRoutes(options)] };
}
