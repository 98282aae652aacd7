import { errors } from 'oidc-provider';
import { signInByPassword } from '../../../sign-in/index.ts';
import { accountOf } from '../accounts.ts';
import { actOfCall } from '../act-of-call.ts';
import { mayUseClient } from '../assignment.ts';
import { acrOf } from '../authentication-words.ts';
import { callOf } from '../call.ts';
import { type OwnGrant, requiredParameter } from './grant.ts';
import { issueForUser } from './issue-for-user.ts';
import { programSignInOf } from './program-sign-in.ts';

/**
 * A client that was trusted with a person's password sends it (RFC 6749 4.3; RFC 9700 2.4 advises against it, so that each
 * application must have it switched on).
 */
export const passwordGrant: OwnGrant = {
  grantType: 'password',
  parameters: ['username', 'password'],
  handler: (options, tenantId) => async (ctx) => {
    const [name, password] = [requiredParameter(ctx, 'username'), requiredParameter(ctx, 'password')];
    const { storage, passwords, newId } = options;
    const call = callOf(ctx);
    const { client } = ctx.oidc;
    const now = options.now();
    const sent = { ...programSignInOf(ctx), name, password };
    const signIn = await signInByPassword(storage, passwords, actOfCall(call, { now, newId }, client), sent);
    if (signIn.outcome === 'refused') throw refusals[signIn.reason]();
    const { user } = signIn;
    if (!(await mayUseClient(storage.read, tenantId, user.id, client))) {
      throw new errors.InvalidGrant('The user is not assigned to the application.');
    }
    call.accountId = user.id;
    const authTime = Math.floor(now.getTime() / 1000);
    const known = { authTime, acr: acrOf.singleFactor, amr: ['pwd'] };
    await issueForUser(ctx, { account: accountOf(user), proof: known }, { gty: 'password' });
  },
};

const refusals = {
  password_wrong: () => new errors.InvalidGrant('The name or the password is wrong.'),
  interaction_required: () => new errors.InteractionRequired('The person has to sign in at a page.'),
};
