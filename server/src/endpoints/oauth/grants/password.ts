import { errors } from 'oidc-provider';
import { provePassword } from '../../../user-flows/index.ts';
import { accountOf } from '../accounts.ts';
import { actOfCall } from '../act-of-call.ts';
import { mayUseClient } from '../assignment.ts';
import { acrOf } from '../authentication-words.ts';
import { callOf } from '../call.ts';
import type { OAuthOptions } from '../stores.ts';
import { type GrantContext, type OwnGrant, requiredParameter } from './grant.ts';
import { issueForUser } from './issue-for-user.ts';

/**
 * A client that was trusted with a person's password sends it (RFC 6749 4.3; RFC 9700 2.4 advises against it, so that each
 * application must have it switched on). Passwords are checked as at sign-in: by the same hasher, against the same limits,
 * with one answer for everything that is wrong. Where the flow or the account wants more than a password there is nothing
 * to be had.
 */
export const passwordGrant: OwnGrant = {
  grantType: 'password',
  parameters: ['username', 'password'],
  handler: (options, tenantId) => async (ctx) => {
    const [name, password] = [requiredParameter(ctx, 'username'), requiredParameter(ctx, 'password')];
    const { storage, passwords: hasher } = options;
    const { tenant, flow, request } = callOf(ctx);
    const now = options.now();
    const proof = await provePassword(
      { stores: storage.read, write: (work) => storage.write(work), hasher },
      {
        tenant,
        kinds: flow.accountNames,
        name,
        password,
        address: request.remoteAddress,
        browserDigest: undefined,
        now,
      },
    );
    if (!proof.isProven) {
      await log(options, ctx, { userId: proof.failure.userId, failure: proof.failure.code });
      throw new errors.InvalidGrant('The name or the password is wrong.');
    }
    const { user } = proof;
    const credential = await storage.read.passwords.find(tenantId, user.id);
    const needsMore = flow.secondFactor.when !== 'off' || credential?.mustChange === true;
    await storage.write((stores) => proof.forgive(stores));
    await log(options, ctx, { userId: user.id, failure: needsMore ? 'interaction_required' : null });
    if (needsMore) throw new errors.InteractionRequired('The person has to sign in at a page.');
    if (!(await mayUseClient(storage.read, tenantId, user.id, ctx.oidc.client))) {
      throw new errors.InvalidGrant('The user is not assigned to the application.');
    }
    callOf(ctx).accountId = user.id;
    const authTime = Math.floor(now.getTime() / 1000);
    const known = { authTime, acr: acrOf.singleFactor, amr: ['pwd'] };
    await issueForUser(ctx, { account: accountOf(user), proof: known }, { gty: 'password' });
  },
};

/** Leaves the entry in the sign-in log that a sign-in at a page leaves. */
async function log(
  { storage, now, newId }: OAuthOptions,
  ctx: GrantContext,
  { userId, failure }: { userId: string | null; failure: string | null },
): Promise<void> {
  const call = callOf(ctx);
  const { tenant, flow, request } = call;
  const { client } = ctx.oidc;
  const act = actOfCall(call, { now: now(), newId }, client);
  await storage.write(({ signInEvents }) =>
    signInEvents.append(tenant.id, {
      id: act.newId(),
      at: act.now,
      userId,
      userName: null,
      applicationId: String(client['servicePrincipalId']),
      appId: client.clientId,
      applicationName: client.clientName ?? '',
      flow: flow.name || null,
      outcome: failure === null ? 'success' : 'failure',
      failure,
      failedStep: failure === null ? null : 'password',
      steps: [{ step: 'password', at: act.now }],
      methods: ['pwd'],
      isInteractive: false,
      sessionId: null,
      address: request.remoteAddress,
      userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
      correlationId: act.correlationId,
    }),
  );
}
