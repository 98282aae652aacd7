import {
  type AccessToken,
  type ClientCredentials,
  errors,
  type IdToken,
  type KoaContextWithOIDC,
  type Provider,
} from 'oidc-provider';
import type { UserAccount } from './accounts.ts';
import { callOf } from './call.ts';
import { digestOf } from './digest.ts';
import { heldRoles } from './resources.ts';
import type { OAuthOptions } from './stores.ts';

type Claims = Record<string, unknown>;

/** Makes the provider's tokens say what the call wants, and ids of messages count once. */
export function adaptTokens(provider: Provider, { storage }: OAuthOptions, tenantId: string): void {
  const { IdToken, ReplayDetection } = provider;
  const issue = IdToken.prototype.issue;
  Object.assign(IdToken.prototype, {
    async issue(this: IdToken, options: Parameters<IdToken['issue']>[0]) {
      if (options.use !== 'idtoken') return issue.call(this, options);
      const call = callOf(this.ctx);
      const user = (this.ctx.oidc.account as UserAccount | undefined)?.user;
      const claims = await this.payload();
      const authTime = proofOf(this.ctx)?.authTime ?? this.ctx.oidc.session?.authTime();
      const facts = { call, clientId: this.client.clientId, user, authTime };
      return issue.call(Object.assign(this, { payload: async () => call.claims.idToken(claims, facts) }), options);
    },
  });
  const { validate } = IdToken;
  Object.assign(IdToken, {
    /** Of `id_token_hint`. */
    async validate(...hint: Parameters<typeof validate>) {
      const validated = await validate.apply(IdToken, hint);
      // RFC 8725 3.11: logout tokens and access tokens, which say what they are, are signed by the same keys.
      if ((validated.header['typ'] ?? 'JWT') !== 'JWT') throw new errors.InvalidRequest('id_token_hint is no ID token');
      return validated;
    },
  });
  Object.assign(ReplayDetection, {
    unique: (issuer: string, id: string, exp: number) =>
      storage.write(({ usedIds }) => usedIds.use(tenantId, digestOf(`${issuer}\n${id}`), new Date(exp * 1000))),
  });
}

/** Claims of an access token in the form of a JWT (RFC 9068 2.2). */
export function accessTokenClaims({ storage }: OAuthOptions, tenantId: string) {
  return async (
    ctx: KoaContextWithOIDC,
    token: AccessToken | ClientCredentials,
    parts: { payload: Claims },
  ): Promise<void> => {
    const call = callOf(ctx);
    const { account, client } = ctx.oidc;
    const resource = call.resources.get(token.resourceServer?.identifier() ?? '');
    const servicePrincipalId = String(client?.['servicePrincipalId']);
    const principalId = account?.accountId ?? servicePrincipalId;
    const roles = resource ? await heldRoles(storage.read, tenantId, principalId, resource) : [];
    const { act } = call;
    const claims = { ...parts.payload, ...authentication(ctx), ...(act && { act }) };
    parts.payload = {
      ...call.claims.accessToken(claims, {
        call,
        client: { appId: client?.clientId ?? '', servicePrincipalId },
        user: (account as UserAccount | undefined)?.user,
        resource,
        scopes: [...token.scopes],
        roles,
      }),
    };
  };
}

/** RFC 9068 2.2.1: how the person proved to be there, of whom the token is. */
function authentication(ctx: KoaContextWithOIDC): Claims {
  const proof = proofOf(ctx);
  return proof ? { auth_time: proof.authTime, acr: proof.acr, amr: proof.amr } : {};
}

function proofOf(ctx: KoaContextWithOIDC) {
  const { AuthorizationCode, DeviceCode, RefreshToken } = ctx.oidc.entities;
  return callOf(ctx).proof ?? RefreshToken ?? AuthorizationCode ?? DeviceCode;
}
