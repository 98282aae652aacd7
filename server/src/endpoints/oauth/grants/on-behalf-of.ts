import { errors } from 'oidc-provider';
import { type OwnGrant, requiredParameter } from './grant.ts';
import { issueForUser } from './issue-for-user.ts';
import { userOfPresentedToken } from './presented-token.ts';

/**
 * On behalf of: an API that was called with a token for itself gets one for another API, of the same user
 * (RFC 7523 2.1 with the parameter `requested_token_use` that Microsoft's clients send,
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow).
 */
export const onBehalfOf: OwnGrant = {
  grantType: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  parameters: ['assertion', 'requested_token_use'],
  handler: (options, tenantId) => async (ctx) => {
    const assertion = requiredParameter(ctx, 'assertion');
    if (requiredParameter(ctx, 'requested_token_use') !== 'on_behalf_of') {
      throw new errors.InvalidRequest('requested_token_use must be on_behalf_of');
    }
    const user = await userOfPresentedToken(options, tenantId, ctx, assertion);
    await issueForUser(ctx, user, { gty: 'jwt-bearer' });
  },
};
