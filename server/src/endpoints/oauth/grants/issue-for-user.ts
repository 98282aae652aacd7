import { errors } from 'oidc-provider';
import {
  applyRefreshTokenBindings,
  buildTokenResponse,
  checkDpopReplay,
  checkDpopRequired,
  resolveRequestedResources,
  shouldIssueRefreshToken,
  validateDpop,
} from 'oidc-provider/lib/helpers/grants.js';
import type { UserAccount } from '../accounts.ts';
import { callOf, type Proof } from '../call.ts';
import type { GrantContext } from './grant.ts';

/** A user for whom the client may act, and how the user has proven to be there. */
export interface ProvenUser {
  account: UserAccount;
  proof: Proof;
  sid?: string | undefined;
  /** Whether the person may come to an application, where that is not known yet. */
  mayComeTo?(application: { appId: string }): Promise<boolean>;
}

/** What a grant wants otherwise than others. */
interface Wanted {
  /** Name of the grant in what is kept. */
  gty: string;
  /** RFC 8693 2.2.1 */
  issuedTokenType?: string;
}

/**
 * Issues tokens with which the client acts for the user: what was asked for, if somebody has consented to it. A refresh
 * token and an ID token come along when their scopes are asked for.
 *
 * @throws ConsentRequired, InteractionRequired, InvalidTarget, InvalidGrant
 */
export async function issueForUser(
  ctx: GrantContext,
  { account, proof, sid, mayComeTo }: ProvenUser,
  { gty, issuedTokenType }: Wanted,
): Promise<void> {
  const { provider, client } = ctx.oidc;
  const dpop = await validateDpop(provider, ctx);
  checkDpopRequired(provider, ctx, dpop);
  await checkDpopReplay(provider, ctx, dpop, client.clientId);

  callOf(ctx).proof = proof;
  ctx.oidc.entity('Account', account);
  // With the account in place resources have the scopes that somebody has consented to, and no others.
  const [resource, ...others] = await resolveRequestedResources(provider, ctx);
  if (others.length > 0) throw new errors.InvalidTarget('One resource can be asked for at a time.');
  const target = resource && callOf(ctx).resources.get(resource.identifier());
  const isFromElsewhere = target && mayComeTo && !(await mayComeTo(target.attributes));
  if (isFromElsewhere) throw new errors.InteractionRequired('The resource takes people of other identity providers.');
  const openId = [...ctx.oidc.requestParamOIDCScopes];
  const ofResource = [...ctx.oidc.requestParamScopes].filter((scope) => !ctx.oidc.requestParamOIDCScopes.has(scope));
  const missing = ofResource.filter((scope) => !resource?.scopes.has(scope));
  if (missing.length > 0) throw new errors.ConsentRequired(`Nobody has consented to ${missing.join(' ')}.`);

  const { accountId } = account;
  const { clientId } = client;
  const grant = new provider.Grant({ accountId, clientId });
  if (openId.length > 0) grant.addOIDCScope(openId.join(' '));
  if (resource) grant.addResourceScope(resource.identifier(), ofResource.join(' '));
  const grantId = await grant.save();
  ctx.oidc.entity('Grant', grant);

  const kept = { accountId, client, grantId, gty, ...(sid !== undefined && { sid }) };
  const scope = (resource ? ofResource : openId).join(' ');
  const access = new provider.AccessToken({ ...kept, scope });
  if (resource) access.resourceServer = resource;
  if (dpop) access.setThumbprint('jkt', dpop.thumbprint);
  ctx.oidc.entity('AccessToken', access);

  const source = { ...kept, ...proof, scope: [...openId, ...ofResource].join(' '), resource: resource?.identifier() };
  const refresh = new provider.RefreshToken({ ...source, rotations: 0 });
  const refreshes = await shouldIssueRefreshToken(provider, ctx, refresh);
  if (refreshes) await applyRefreshTokenBindings(provider, ctx, access, refresh);

  ctx.body = buildTokenResponse(provider, {
    accessToken: await access.save(),
    expiresIn: access.expiration,
    idToken: openId.includes('openid') ? await issueIdToken(ctx, account, openId, proof, sid) : undefined,
    refreshToken: refreshes ? await refresh.save() : undefined,
    scope: access.scope || undefined,
    tokenType: access.tokenType,
    ...(issuedTokenType !== undefined && { issuedTokenType }),
  });
}

async function issueIdToken(
  ctx: GrantContext,
  account: UserAccount,
  scopes: readonly string[],
  { authTime, acr, amr }: Proof,
  sid: string | undefined,
): Promise<string> {
  const claims = await account.claims('id_token', scopes.join(' '), {}, []);
  const token = new ctx.oidc.provider.IdToken({ ...claims, auth_time: authTime, acr, amr }, { ctx });
  Object.assign(token, { scope: scopes.join(' ') });
  if (sid !== undefined) token.set('sid', sid);
  return token.issue({ use: 'idtoken' });
}
