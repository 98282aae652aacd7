import { type HeardSignOut, UpstreamFailure } from '../../sign-in/index.ts';
import type { BetweenOf, ProtocolSignOut, SignOutParts } from '../protocol.ts';
import { explainFailure } from './explain-failure.ts';
import { type LogoutToken, logoutTokenProver } from './logout-token.ts';
import { oidcServers } from './oidc-server.ts';
import { type OidcSession, sessionKey, subjectKey } from './session.ts';

/**
 * Sign-outs with OpenID providers: told to them by the browser (OpenID Connect RP-Initiated Logout 1.0), and heard from them
 * by a frame of their page (Front-Channel Logout 1.0) or a call of theirs (Back-Channel Logout 1.0). All have one address.
 */
export function oidcSignOut(parts: Omit<SignOutParts, 'keys' | 'publicUrl'>): ProtocolSignOut<'oidc'> {
  const findServer = oidcServers(parts.fetch);
  const proveLogoutToken = logoutTokenProver(parts, findServer);
  return {
    tell: (between, state) =>
      explainFailure(async () => {
        const { provider, returnTo } = between;
        if (!provider.oidc.endsSession) return undefined;
        const { server } = await findServer(between);
        const url = URL.parse(server.end_session_endpoint ?? '');
        if (!url || !/^https?:$/.test(url.protocol)) {
          throw new UpstreamFailure('upstream_unreachable', 'It names no address at which people sign out.');
        }
        const { idToken }: OidcSession = JSON.parse(state);
        const messageId = parts.newSecret();
        // RP-Initiated Logout 1.0 2
        const parameters = {
          ...(idToken !== null && { id_token_hint: idToken }),
          client_id: provider.oidc.clientId,
          post_logout_redirect_uri: returnTo,
          state: messageId,
        };
        for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
        return { by: 'visit', messageId, departure: { url: url.href } };
      }),

    hear: (between, { method, parameters }) =>
      explainFailure(async () => {
        const logoutToken = method === 'POST' ? parameters.get('logout_token') : null;
        if (logoutToken !== null) return hearToken(between, await proveLogoutToken(between, logoutToken));
        const [sessionId, issuer] = [parameters.get('sid'), parameters.get('iss')];
        if (sessionId !== null || issuer !== null) return hearFrame(between, issuer, sessionId);
        // RP-Initiated Logout 1.0 3: the browser comes back, with nothing but our state.
        return { kind: 'response', messageId: parameters.get('state') ?? '', failure: undefined };
      }),
  };
}

function hearToken({ provider }: BetweenOf<'oidc'>, { subject, sessionId }: LogoutToken): HeardSignOut {
  const key = sessionId === undefined ? subjectKey(provider.id, subject ?? '') : sessionKey(provider.id, sessionId);
  const isAbout = (state: string) => {
    const session: OidcSession = JSON.parse(state);
    return subject === undefined || session.subject === subject;
  };
  return { kind: 'notice', by: 'call', meant: { key, isAbout } };
}

/** Front-Channel Logout 1.0 2: nobody signs it, but only the provider and the person's browser know the session's name. */
function hearFrame({ provider }: BetweenOf<'oidc'>, issuer: string | null, sessionId: string | null): HeardSignOut {
  if (issuer !== provider.issuer || !sessionId) {
    const check = { check: 'logout.session', spec: 'OpenID Connect Front-Channel Logout 1.0 2' };
    const problem = `It is about the session "${sessionId ?? ''}" at "${issuer ?? ''}".`;
    throw new UpstreamFailure('upstream_answer_wrong', problem, undefined, check);
  }
  return { kind: 'notice', by: 'frame', meant: { key: sessionKey(provider.id, sessionId), isAbout: () => true } };
}
