import type { RedeemableWithGrant } from '../../issuance/index.ts';
import type { PlainRequest } from './plain-request.ts';
import { consentedScopes, resourceUrn } from './resources.ts';
import type { OAuthOptions } from './stores.ts';
import { openIdScopes } from './turn-refresh-tokens.ts';

/** A refresh token with its grant, in the form in which the provider keeps them. */
export interface KeptRefreshToken {
  token: {
    clientId: string;
    accountId: string;
    grantId: string;
    gty: string;
    iat: number;
    iiat: number;
    rotations?: number;
    scope?: string;
    resource?: string | string[];
    authTime?: number;
    acr?: string;
    amr?: string[];
    nonce?: string;
    sid?: string;
    sessionUid?: string;
  };
  grant: {
    clientId: string;
    accountId: string;
    openid?: { scope?: string };
    resources?: Readonly<Record<string, string>>;
  };
}

/** Members that have to be weighed: keys to which the token is bound, claims that were asked for or refused. */
const weighed = ['jkt', 'x5t#S256', 'attestationJkt', 'claims', 'rar', 'rejected', 'expiresWithSession'];

/** What was kept, if the client may redeem it now and nothing of it has to be weighed. */
export function readKept(
  { found, grant }: RedeemableWithGrant,
  { client }: PlainRequest,
  now: Date,
): KeptRefreshToken | undefined {
  const isLiving = found.redeemedAt === null && found.expiresAt > now && grant !== undefined && grant.expiresAt > now;
  if (!isLiving || isWeighed(found.content) || isWeighed(grant.content)) return undefined;
  const kept = { token: found.content, grant: grant.content } as unknown as KeptRefreshToken;
  const { appId } = client.servicePrincipal.attributes;
  const isOwn = kept.token.clientId === appId && kept.grant.clientId === appId;
  return isOwn && kept.token.accountId === kept.grant.accountId ? kept : undefined;
}

function isWeighed(content: Readonly<Record<string, unknown>>): boolean {
  return weighed.some((name) => {
    const value = content[name];
    return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
  });
}

/**
 * The same turned to the resource for which a dialect asks, as `turnRefreshTokens` does it; undefined where nobody consented
 * to what is asked for there.
 */
export async function turned(
  { storage }: OAuthOptions,
  { call, client }: PlainRequest,
  kept: KeptRefreshToken,
): Promise<KeptRefreshToken | undefined> {
  const { tenant, turnedTo } = call;
  if (!turnedTo) return kept;
  const { token, grant } = kept;
  const { resource } = turnedTo;
  const { id: clientId } = client.servicePrincipal;
  const consented = await consentedScopes(storage.read, tenant.id, clientId, resource, token.accountId);
  const scopes = turnedTo.scopes ?? consented;
  if (!scopes.every((scope) => consented.includes(scope))) return undefined;
  const name = resourceUrn(resource);
  const granted = [...wordsOf(grant.resources?.[name]), ...scopes];
  return {
    token: {
      ...token,
      resource: name,
      scope: [...wordsOf(token.scope).filter((scope) => openIdScopes.has(scope)), ...scopes].join(' '),
    },
    grant: { ...grant, resources: { ...grant.resources, [name]: granted.join(' ') } },
  };
}

/** The scopes of a list. */
export function wordsOf(list: string | undefined): string[] {
  return [...new Set(list?.split(' ').filter(Boolean))];
}
