import { errors, type Grant, Provider, type RefreshToken } from 'oidc-provider';
import { callOf, type TurnedTo } from './call.ts';
import { consentedScopes, resourceUrn } from './resources.ts';
import type { OAuthOptions } from './stores.ts';

/**
 * Deviation: RFC 8707 2.2 lets a refresh token be used for the resources that were granted with it. Where a dialect asks
 * for another one (`call.turnedTo`), the token is good for every resource at which somebody consented that the client acts
 * for the user; as elsewhere, the consents of this moment count.
 */
export function turnRefreshTokens(
  { RefreshToken, Grant }: Provider,
  { storage }: OAuthOptions,
  tenantId: string,
): void {
  const findToken = RefreshToken.find.bind(RefreshToken) as (
    ...parameters: unknown[]
  ) => Promise<RefreshToken | undefined>;
  const findGrant = Grant.find.bind(Grant) as (...parameters: unknown[]) => Promise<Grant | undefined>;
  Object.assign(RefreshToken, {
    async find(...parameters: unknown[]): Promise<RefreshToken | undefined> {
      const token = await findToken(...parameters);
      const turnedTo = turn();
      if (!token || !turnedTo) return token;
      const scopes = await scopesOf(token, turnedTo);
      const kept = [...token.scopes].filter((scope) => openIdScopes.has(scope));
      return Object.assign(token, {
        resource: resourceUrn(turnedTo.resource),
        scope: [...kept, ...scopes].join(' '),
      });
    },
  });
  Object.assign(Grant, {
    async find(...parameters: unknown[]): Promise<Grant | undefined> {
      const grant = await findGrant(...parameters);
      const turnedTo = turn();
      if (grant && turnedTo) {
        const scopes = await scopesOf(grant, turnedTo);
        grant.addResourceScope(resourceUrn(turnedTo.resource), scopes.join(' '));
      }
      return grant;
    },
  });

  async function scopesOf({ accountId = '' }: { accountId?: string | undefined }, { resource, scopes }: TurnedTo) {
    const client = Provider.ctx?.oidc.client;
    const clientId = String(client?.['servicePrincipalId']);
    const consented = await consentedScopes(storage.read, tenantId, clientId, resource, accountId);
    const missing = scopes?.filter((scope) => !consented.includes(scope)) ?? [];
    // RFC 6749 5.2 has no word for it, and the people who can help are not there.
    if (missing.length > 0)
      throw new errors.CustomOIDCProviderError('consent_required', `Nobody consented to ${missing.join(' ')}.`);
    return scopes ?? consented;
  }
}

export const openIdScopes: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
]);

function turn(): TurnedTo | undefined {
  const { ctx } = Provider;
  return ctx && callOf(ctx).turnedTo;
}
