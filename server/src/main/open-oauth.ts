import { randomBytes } from 'node:crypto';
import { type OAuthOptions, oauthRoutes } from '../endpoints/oauth/index.ts';
import type { Mount } from '../http/index.ts';
import { newId } from '../new-id.ts';
import { rememberReads, type Sealing, type Storage } from '../storage/index.ts';
import { type LateUpstreamParts, lateUpstream } from './late-upstream.ts';
import { openSignOut } from './open-sign-out.ts';

export type OAuthParts = Pick<
  OAuthOptions,
  'storage' | 'keys' | 'publicUrl' | 'now' | 'fetch' | 'passwords' | 'tokenLog'
> &
  Pick<LateUpstreamParts, 'fetch'> & {
    sealing: Sealing;
    storage: Storage;
  };

/** The OAuth 2.0 and OpenID Connect endpoints. */
export function openOAuth({ sealing, ...parts }: OAuthParts): Mount {
  const newSecret = () => randomBytes(32).toString('base64url');
  const signOut = openSignOut(parts);
  const remembered = rememberReads(parts.storage, () => performance.now());
  const upstream = lateUpstream(parts);
  return {
    routes: oauthRoutes({ ...parts, upstream, remembered, signOut, newId, newSecret, deriveKey: sealing.deriveKey }),
  };
}
