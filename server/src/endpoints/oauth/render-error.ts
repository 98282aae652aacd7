import type { Configuration } from 'oidc-provider';
import { errorPage } from '../sign-in/index.ts';
import { callOf, describedError } from './call.ts';
import { putAnswer } from './put-answer.ts';

/**
 * What the provider shows instead of a redirect, as long as the reply address is not proven (RFC 6749 4.1.2.1); at the
 * other endpoints it asks for this when the client prefers HTML.
 */
export const renderError: NonNullable<Configuration['renderError']> = async (ctx, out) => {
  const call = callOf(ctx);
  const { error, error_description: reason } = describedError(call, { ...out });
  const described = { error: String(error), reason: reason === undefined ? undefined : String(reason) };
  putAnswer(ctx, errorPage(call.request, await call.frame(), { status: ctx.status, ...described }));
};
