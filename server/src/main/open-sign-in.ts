import { randomBytes, randomInt } from 'node:crypto';
import type { PasswordHasher } from '../directory/index.ts';
import {
  accountRoutes,
  assetRoutes,
  brandRoutes,
  setupLinkRoutes,
  showTrial,
  signInRoutes,
  startPageRoutes,
  upstreamSignOutRoutes,
} from '../endpoints/index.ts';
import type { Mount } from '../http/index.ts';
import { newId } from '../new-id.ts';
import type { Storage } from '../storage/index.ts';
import { openUpstream, openUpstreamSignOut, type UpstreamParts } from '../upstream/index.ts';
import { useIdOf } from './late-upstream.ts';
import { openSignOut } from './open-sign-out.ts';

export interface SignInParts extends Pick<UpstreamParts, 'fetch' | 'keys' | 'publicUrl'> {
  storage: Storage;
  passwords: PasswordHasher;
  /** Sends what was queued without waiting for the next look. */
  deliverSoon(): void;
  now: () => Date;
}

/** The pages of sign-ins and of the account, the one that leads there, and what they load. */
export function openSignIn({ storage, passwords, deliverSoon, now, ...parts }: SignInParts): Mount {
  const tools = {
    hasher: passwords,
    deliverSoon,
    newCode: () => String(randomInt(1_000_000)).padStart(6, '0'),
    randomBytes: (count: number) => new Uint8Array(randomBytes(count)),
    newId,
  };
  const useId = useIdOf(storage);
  const upstream = openUpstream({ ...parts, useId });
  const newSecret = () => randomBytes(32).toString('base64url');
  const signOut = openSignOut({ storage, ...parts });
  const setup = { storage, fetchMetadata: parts.fetch, publicUrl: parts.publicUrl, upstream, now, newId, newSecret };
  return {
    routes: [
      ...signInRoutes({
        storage,
        tools,
        upstream,
        now,
        newId,
        newSecret,
        showTrial: (...answer) => showTrial(setup, ...answer),
      }),
      ...upstreamSignOutRoutes({
        storage,
        upstream: openUpstreamSignOut({ ...parts, useId, newSecret }),
        signOut,
        now,
        newId,
      }),
      ...accountRoutes({ storage, now, newId, newSecret, signOut }),
      ...setupLinkRoutes(setup),
      ...startPageRoutes(storage.read),
      ...brandRoutes(storage.read),
      ...assetRoutes(),
    ],
  };
}
