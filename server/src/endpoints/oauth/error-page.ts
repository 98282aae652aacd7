import type { Configuration } from 'oidc-provider';
import type { HttpRequest, HttpResponse } from '../http.ts';
import { formAnswer } from '../sign-in/index.ts';
import { callOf } from './call.ts';
import { putAnswer } from './put-answer.ts';

/** A page for the person in whose browser an application's request went wrong. */
export function errorPage(
  request: HttpRequest,
  tenantName: string | undefined,
  { status, error, reason }: { status: number; error: string; reason: string | undefined },
): HttpResponse {
  const facts = [
    { name: { key: 'oauth.error' }, value: error },
    ...(reason === undefined ? [] : [{ name: { key: 'oauth.reason' }, value: reason }]),
  ];
  return formAnswer(
    request,
    { uiLocales: [], ...(tenantName !== undefined && { name: tenantName }) },
    {
      title: { key: 'refused.title' },
      blocks: [
        { kind: 'notice', tone: 'error', text: { key: 'oauth.request_refused' } },
        { kind: 'facts', facts },
      ],
    },
    { status },
  );
}

/**
 * What the provider shows instead of a redirect, as long as the reply address is not proven (RFC 6749 4.1.2.1); at the
 * other endpoints it asks for this when the client prefers HTML.
 */
export const renderError: NonNullable<Configuration['renderError']> = (ctx, { error, error_description: reason }) => {
  const { request, tenant } = callOf(ctx);
  putAnswer(ctx, errorPage(request, tenant.displayName, { status: ctx.status, error, reason }));
};
