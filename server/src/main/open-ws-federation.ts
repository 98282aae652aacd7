import { randomBytes } from 'node:crypto';
import { type WsFederationOptions, wsFederationRoutes } from '../endpoints/ws-federation/index.ts';
import type { Mount } from '../http/index.ts';
import { claimsIssuer } from '../issuance/index.ts';
import { newId } from '../new-id.ts';

/** WS-Federation as a security token service. */
export function openWsFederation({
  storage,
  keys,
  publicUrl,
  now,
}: Pick<WsFederationOptions, 'storage' | 'keys' | 'publicUrl' | 'now'>): Mount {
  return {
    routes: wsFederationRoutes({
      storage,
      keys,
      publicUrl,
      now,
      newId,
      issueClaims: claimsIssuer(),
      newSecret: () => randomBytes(32).toString('base64url'),
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
    }),
  };
}
