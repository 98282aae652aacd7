import { randomBytes } from 'node:crypto';
import type { OAuthOptions, SamlOptions } from '../endpoints/index.ts';
import { SignOut } from '../endpoints/sign-out/index.ts';
import { type LateUpstreamParts, useIdOf } from './late-upstream.ts';

export type SignOutParts = Pick<OAuthOptions & SamlOptions, 'storage' | 'keys' | 'publicUrl'> & LateUpstreamParts;

/** The end of sessions, told to applications of all protocols. The modules of each come with the first to be told. */
export function openSignOut(parts: SignOutParts): SignOut {
  const newSecret = () => randomBytes(32).toString('base64url');
  return new SignOut({
    storage: parts.storage,
    protocols: {
      account: async () => (await import('../endpoints/account/index.ts')).accountSignOut(parts),
      oauth: async () => (await import('../endpoints/oauth/index.ts')).oauthSignOut(parts),
      saml: async () => (await import('../endpoints/saml/index.ts')).samlSignOut({ ...parts, newSecret }),
      upstream: async () => {
        const { upstreamSignOut } = await import('../endpoints/upstream-sign-out/index.ts');
        const { openUpstreamSignOut } = await import('../upstream/index.ts');
        const upstream = openUpstreamSignOut({ ...parts, useId: useIdOf(parts.storage), newSecret });
        return upstreamSignOut({ storage: parts.storage, upstream });
      },
      wsFederation: async () => (await import('../endpoints/ws-federation/index.ts')).wsFederationSignOut(parts),
    },
  });
}
