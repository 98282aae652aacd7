import { randomBytes } from 'node:crypto';
import { type OAuthOptions, oauthRoutes } from '../endpoints/oauth/index.ts';
import type { Mount } from '../http/index.ts';
import { newId } from '../new-id.ts';
import type { Sealing } from '../storage/index.ts';
import { openSignOut } from './open-sign-out.ts';

export type OAuthParts = Pick<OAuthOptions, 'storage' | 'keys' | 'publicUrl' | 'now' | 'fetch' | 'passwords'> & {
  sealing: Sealing;
};

/** The OAuth 2.0 and OpenID Connect endpoints. */
export function openOAuth({ sealing, ...parts }: OAuthParts): Mount {
  const newSecret = () => randomBytes(32).toString('base64url');
  const signOut = openSignOut(parts);
  return { routes: oauthRoutes({ ...parts, signOut, newId, newSecret, deriveKey: sealing.deriveKey }) };
}
