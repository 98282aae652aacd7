import type { ProgramSignIn } from '../../../sign-in/index.ts';
import { callOf } from '../call.ts';
import type { GrantContext } from './grant.ts';

/** What sign-in needs to know of a client that asks for a person who is at no page. */
export function programSignInOf(ctx: GrantContext): ProgramSignIn {
  const { tenant, flow, request } = callOf(ctx);
  const { client } = ctx.oidc;
  return {
    tenant,
    flow,
    application: {
      id: String(client['servicePrincipalId']),
      appId: client.clientId,
      displayName: client.clientName ?? '',
    },
    address: request.remoteAddress,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
  };
}
