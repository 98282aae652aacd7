import { randomBytes } from 'node:crypto';
import { wsFederationRoutes } from '../endpoints/ws-federation/index.ts';
import { type WsTrustOptions, wsTrustRoutes } from '../endpoints/ws-trust/index.ts';
import type { Mount } from '../http/index.ts';
import { claimsIssuer } from '../issuance/index.ts';
import { newId } from '../new-id.ts';
import { type LateUpstreamParts, lateUpstream } from './late-upstream.ts';
import { openSignOut, type SignOutParts } from './open-sign-out.ts';

/** WS-Federation and WS-Trust: a security token service for browsers and for programs. */
export function openWsFederation({
  storage,
  keys,
  passwords,
  publicUrl,
  fetch,
  now,
}: SignOutParts & LateUpstreamParts & Pick<WsTrustOptions, 'passwords' | 'now'>): Mount {
  const options: WsTrustOptions = {
    storage,
    keys,
    passwords,
    upstream: lateUpstream({ storage, fetch, keys, publicUrl }),
    publicUrl,
    signOut: openSignOut({ storage, keys, publicUrl, fetch }),
    now,
    newId,
    issueClaims: claimsIssuer(),
    newSecret: () => randomBytes(32).toString('base64url'),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
  };
  return { routes: [...wsFederationRoutes(options), ...wsTrustRoutes(options)] };
}
