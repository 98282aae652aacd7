import * as oauth from 'oauth4webapi';
import { type Upstream, UpstreamFailure } from '../../sign-in/index.ts';
import type { ProtocolUpstream, UpstreamParts } from '../protocol.ts';
import { authorizationUrl, codeVerifierOf, nonceOf } from './authorization-url.ts';
import { contextOf } from './context-words.ts';
import { explainFailure } from './explain-failure.ts';
import { type OidcCall, oidcCalls } from './oidc-call.ts';
import { sessionOf } from './session.ts';
import { statedClaims } from './stated-claims.ts';

/**
 * OpenID Connect's code flow with PKCE (https://openid.net/specs/openid-connect-core-1_0.html, RFC 7636), and plain OAuth
 * 2.0 where the user information says who somebody is. Every message is checked by oauth4webapi; what it may accept is
 * said by the trust.
 */
export function oidcUpstream({ fetch }: Pick<UpstreamParts, 'fetch'>): ProtocolUpstream<'oidc'> {
  const openCall = oidcCalls(fetch);
  return {
    begin: (asked) =>
      explainFailure(async () => {
        const call = await openCall(asked);
        return { url: await authorizationUrl(call) };
      }),

    complete: (asked, { method, parameters }) =>
      explainFailure(async () => {
        const call = await openCall(asked);
        const { responseMode } = call.oidc;
        if ((responseMode === 'form_post') !== (method === 'POST')) {
          throw new UpstreamFailure('upstream_answer_wrong', `The answer came by ${method}, which was not asked for.`);
        }
        const tokens = await redeemCode(call, parameters);
        return call.oidc.identifiedBy === 'idToken' ? fromIdToken(call, tokens) : fromUserInfo(call, tokens);
      }),

    describe: async () => undefined,
  };
}

type IdentityOf = (call: OidcCall, tokens: oauth.TokenEndpointResponse) => ReturnType<Upstream['complete']>;

/** Checks state and issuer of the answer (RFC 9207 2.4), and takes the tokens for its code. */
async function redeemCode(call: OidcCall, parameters: URLSearchParams): Promise<oauth.TokenEndpointResponse> {
  const { asked, server, client, options, oidc } = call;
  const answer = oauth.validateAuthResponse(server, client, parameters, asked.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    call.authentication,
    answer,
    asked.returnTo,
    codeVerifierOf(asked),
    options,
  );
  if (oidc.identifiedBy === 'userInfo') {
    return oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: oauth.expectNoNonce });
  }
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonceOf(asked),
    // Whoever asked for a fresh proof holds it against its own clock, with the time that people take.
    maxAge: oauth.skipAuthTimeCheck,
    requireIdToken: true,
  });
  // OIDC Core 3.1.3.7 step 6 lets TLS stand in for the signature; a hub that passes the word on wants both.
  await oauth.validateApplicationLevelSignature(server, response, options);
  return tokens;
}

const fromIdToken: IdentityOf = async (call, tokens) => {
  const { asked, server, client, options, oidc } = call;
  const idToken = oauth.getValidatedIdTokenClaims(tokens);
  if (!idToken) throw new UpstreamFailure('upstream_answer_wrong', 'There is no ID token.');
  let claims: Record<string, unknown> = idToken;
  if (oidc.readsUserInfo || (server.userinfo_endpoint !== undefined && !describesSomebody(idToken))) {
    const response = await oauth.userInfoRequest(server, client, tokens.access_token, options);
    // OIDC Core 5.3.2: the subject must be the one of the ID token. What is signed counts more.
    const userInfo = await oauth.processUserInfoResponse(server, client, idToken.sub, response);
    claims = { ...userInfo, ...idToken };
  }
  const { auth_time, acr, amr } = idToken;
  return {
    provider: asked.provider.id,
    subject: subjectIn(claims, oidc.subjectClaim),
    authenticatedAt: auth_time === undefined ? null : new Date(auth_time * 1000),
    context: contextOf(acr, amr),
    claims: statedClaims(claims),
    session: sessionOf(asked.provider.id, oidc, idToken, tokens.id_token ?? ''),
  };
};

/** OIDC Core 5.4: what `profile` and `email` ask for, many providers keep for the user information. */
function describesSomebody(idToken: oauth.IDToken): boolean {
  const claims = ['name', 'given_name', 'family_name', 'preferred_username', 'upn', 'email'];
  return claims.some((name) => Object.hasOwn(idToken, name));
}

/** Plain OAuth 2.0 proves no identity by itself: the code and its secret verifier bind the user information to this browser. */
const fromUserInfo: IdentityOf = async (call, tokens) => {
  const { asked, server, options, oidc } = call;
  const address = server.userinfo_endpoint;
  if (!address) throw new UpstreamFailure('upstream_answer_wrong', 'The provider has no user information.');
  const response = await oauth.protectedResourceRequest(
    tokens.access_token,
    'GET',
    new URL(address),
    new Headers({ accept: 'application/json' }),
    undefined,
    options,
  );
  const claims: unknown = response.ok ? await response.json() : undefined;
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new UpstreamFailure('upstream_answer_wrong', `The user information came with status ${response.status}.`);
  }
  return {
    provider: asked.provider.id,
    subject: subjectIn({ ...claims }, oidc.subjectClaim),
    authenticatedAt: null,
    context: 'singleFactor',
    claims: statedClaims({ ...claims }),
  };
};

/** Providers that count their users give a number. */
function subjectIn(claims: Readonly<Record<string, unknown>>, name: string): string {
  const subject = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (Number.isSafeInteger(subject)) return String(subject);
  if (typeof subject === 'string' && subject !== '' && subject.length <= 512 && !/[\r\n]/.test(subject)) return subject;
  throw new UpstreamFailure('upstream_answer_wrong', `The claim ${name} does not name anybody.`);
}
