import type { Configuration } from 'oidc-provider';
import { errorPage } from '../sign-in/index.ts';
import { callOf } from './call.ts';
import { putAnswer } from './put-answer.ts';

/**
 * What the provider shows instead of a redirect, as long as the reply address is not proven (RFC 6749 4.1.2.1); at the
 * other endpoints it asks for this when the client prefers HTML.
 */
export const renderError: NonNullable<Configuration['renderError']> = async (
  ctx,
  { error, error_description: reason },
) => {
  const { request, frame } = callOf(ctx);
  putAnswer(ctx, errorPage(request, await frame(), { status: ctx.status, error, reason }));
};
