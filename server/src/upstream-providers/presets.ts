import type { ProviderInput } from './provider.ts';

/**
 * What is particular about the providers of common vendors, by Microsoft Graph's names for them; everything else is as for
 * any provider. Sources: the vendors' discovery documents and
 * https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps.
 */
export const presets: Readonly<Record<string, ProviderInput>> = {
  OpenIDConnect: {},
  Google: { displayName: 'Google', issuer: 'https://accounts.google.com' },
  /** Personal accounts. Those of an organization have its own issuer: take OpenIDConnect. */
  Microsoft: {
    displayName: 'Microsoft',
    issuer: 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0',
  },
  /** Its client secret is a JWT that one signs with Apple's key, and that expires within six months. */
  Apple: {
    displayName: 'Apple',
    issuer: 'https://appleid.apple.com',
    oidc: { scopes: ['openid', 'name', 'email'], responseMode: 'form_post' },
  },
  LinkedIn: { displayName: 'LinkedIn', issuer: 'https://www.linkedin.com/oauth' },
  GitHub: {
    displayName: 'GitHub',
    issuer: 'https://github.com',
    oidc: {
      scopes: ['read:user'],
      endpoints: {
        authorization: 'https://github.com/login/oauth/authorize',
        token: 'https://github.com/login/oauth/access_token',
        userInfo: 'https://api.github.com/user',
        jwks: null,
      },
      identifiedBy: 'userInfo',
      subjectClaim: 'id',
    },
  },
};

/** The vendor of a provider: whose issuer it has. */
export function presetOf(issuer: string): string | undefined {
  return Object.keys(presets).find((name) => presets[name]?.issuer === issuer);
}
