import type { LateMount } from '../http/index.ts';
import type { KeyRing } from '../issuance/index.ts';
import type { ManagementParts } from './open-management.ts';
import type { OAuthParts } from './open-oauth.ts';
import type { SignInParts } from './open-sign-in.ts';

export type MountParts = ManagementParts & OAuthParts & SignInParts & { keys: KeyRing; publicUrl: URL };

/**
 * Everything that the hub serves, by what stands in its paths. The modules of each come with the first request for them: a
 * hub that only signs people in never loads SCIM.
 */
export function lateMounts(parts: MountParts): LateMount[] {
  const { keys, publicUrl } = parts;
  return [
    {
      serves: /^\/v1\.0\//i,
      load: async () => (await import('./open-management.ts')).openManagement(parts, keys, publicUrl),
    },
    {
      serves: /^\/(metadata\/endpoints|tenants|subscriptions)(\/|$)/i,
      load: async () => (await import('./open-management.ts')).openResourceManager(parts, keys, publicUrl),
    },
    {
      serves: /\/(oauth2|openid|discovery|userrealm|\.well-known)\/|^\/[^/]+\/(v2\.0\/)?adminconsent(\/|$)/i,
      load: async () => (await import('./open-oauth.ts')).openOAuth(parts),
    },
    { serves: /^\/[^/]+\/saml2(\/|$)/i, load: async () => (await import('./open-saml.ts')).openSaml(parts) },
    {
      serves: /^\/[^/]+\/(wsfed|services\/trust)(\/|$)|^\/adfs\/ls(\/|$)|\/federationmetadata\//i,
      load: async () => (await import('./open-ws-federation.ts')).openWsFederation(parts),
    },
    { serves: /^\/[^/]+\/scim\//i, load: async () => (await import('./open-scim.ts')).openScim(parts) },
    {
      serves: /^\/$|^\/-\/assets\/|^\/[^/]+\/(sign-in|federation|account|branding|setup-link)(\/|$)/i,
      load: async () => (await import('./open-sign-in.ts')).openSignIn(parts),
    },
  ];
}
