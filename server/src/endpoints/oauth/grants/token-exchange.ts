import { errors } from 'oidc-provider';
import { findResource } from '../../../applications/index.ts';
import { callOf } from '../call.ts';
import { resourceUrn } from '../resources.ts';
import type { OAuthStores } from '../stores.ts';
import { type GrantContext, type OwnGrant, requiredParameter } from './grant.ts';
import { issueForUser } from './issue-for-user.ts';
import { userOfPresentedToken } from './presented-token.ts';

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const jwt = 'urn:ietf:params:oauth:token-type:jwt';

/**
 * Exchanges an access token for the client into one for another resource, of the same user, which says that the client
 * acts for the user (RFC 8693, delegation). The resource is named by `resource`, or by `audience` with another of its names.
 */
export const tokenExchange: OwnGrant = {
  grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
  parameters: ['subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'actor_token'],
  handler: (options, tenantId) => async (ctx) => {
    const subjectToken = requiredParameter(ctx, 'subject_token');
    checkTypes(ctx);
    const { params, client } = ctx.oidc;
    params.resource ??= await resourceOf(options.storage.read, tenantId, params['audience']);
    const user = await userOfPresentedToken(options, tenantId, ctx, subjectToken);
    // RFC 8693 4.1: whoever acted before stands inside whoever acts now.
    const { act: before } = user.claims;
    callOf(ctx).act = { sub: client.clientId, ...(typeof before === 'object' && before !== null && { act: before }) };
    await issueForUser(ctx, user, { gty: 'token-exchange', issuedTokenType: accessToken });
  },
};

function checkTypes(ctx: GrantContext): void {
  const { requested_token_type: wanted = accessToken, actor_token: actor } = ctx.oidc.params;
  const given = requiredParameter(ctx, 'subject_token_type');
  if (![accessToken, jwt].includes(given)) throw new errors.InvalidRequest(`subject_token_type must be ${accessToken}`);
  if (![accessToken, jwt].includes(String(wanted))) {
    throw new errors.InvalidRequest(`requested_token_type must be ${accessToken}`);
  }
  if (actor !== undefined) throw new errors.InvalidRequest('actor_token is not supported: the client is the actor');
}

/** Names of applications need not be URIs, which the names of resources are (RFC 8707 2). */
async function resourceOf(stores: OAuthStores, tenantId: string, audience: unknown): Promise<string | undefined> {
  if (typeof audience !== 'string' || URL.canParse(audience)) return audience as string | undefined;
  const found = await findResource(stores, tenantId, audience);
  if (!found) throw new errors.InvalidTarget(`The audience ${audience} is not known here.`);
  return resourceUrn(found);
}
