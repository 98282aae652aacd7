import { createHmac } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { UpstreamFailure, type UpstreamRequest } from '../../sign-in/index.ts';
import { acrValuesOf } from './context-words.ts';
import type { OidcCall } from './oidc-call.ts';

/** The address at which the person signs in (OIDC Core 3.1.2.1, RFC 7636 4.3). */
export async function authorizationUrl({ asked, server, oidc }: OidcCall): Promise<string> {
  const { authorization_endpoint } = server;
  if (!authorization_endpoint) throw new UpstreamFailure('upstream_unreachable', 'It names no authorization endpoint.');
  const url = new URL(authorization_endpoint);
  const parameters = {
    client_id: oidc.clientId,
    redirect_uri: asked.returnTo,
    response_type: 'code',
    scope: oidc.scopes.join(' '),
    state: asked.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifierOf(asked)),
    code_challenge_method: 'S256',
    ...(oidc.responseMode === 'form_post' && { response_mode: 'form_post' }),
    ...(asked.loginHint !== null && { login_hint: asked.loginHint }),
    ...(oidc.identifiedBy === 'idToken' && openIdParameters(asked)),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}

/** What only OpenID Connect knows. */
function openIdParameters(asked: UpstreamRequest): Record<string, string> {
  const { mustProveAgain, maxAgeSeconds, context, uiLocales } = asked;
  // With `max_age` the provider must say when the person signed in, so that an old session cannot stand in.
  const maxAge = mustProveAgain ? 0 : maxAgeSeconds;
  const acrValues = context === null ? '' : acrValuesOf(context);
  return {
    nonce: nonceOf(asked),
    ...(mustProveAgain && { prompt: 'login' }),
    ...(maxAge !== null && { max_age: String(maxAge) }),
    ...(acrValues !== '' && { acr_values: acrValues }),
    ...(uiLocales.length > 0 && { ui_locales: uiLocales.slice(0, 5).join(' ') }),
  };
}

/** RFC 7636 4.1: 43 characters of 256 random bits. */
export function codeVerifierOf({ challenge }: UpstreamRequest): string {
  return createHmac('sha256', challenge).update('code verifier').digest('base64url');
}

/** OIDC Core 15.5.2: a value that nobody else can know, bound to the browser's sign-in. */
export function nonceOf({ challenge }: UpstreamRequest): string {
  return createHmac('sha256', challenge).update('nonce').digest('base64url');
}
