import {
  buildPassiveRequest,
  parseSignInResult,
  type SignInRequest,
  verifyToken,
  WsFederationError,
} from '@countersign/ws-federation';
import { defaultSignatureAlgorithms } from '@countersign/xml';
import { xmlContentCipher, xmlDigest, xmlVerificationKey } from '../../issuance/index.ts';
import { UpstreamFailure } from '../../sign-in/index.ts';
import type { PromptLoginBehavior } from '../../upstream-providers/index.ts';
import { multiFactorClasses } from '../context-classes.ts';
import type { ProtocolUpstream, UpstreamParts } from '../protocol.ts';
import { identityOfToken } from '../token-identity.ts';
import { withWsFederationFailures } from './failures.ts';
import { realmOf } from './realm.ts';
import { namelessSession } from './ws-federation-sign-out.ts';

/** How far the clocks of providers may differ from ours, in seconds. */
const clockSkewSeconds = 180;

/** WS-Federation's passive profile as a relying party (WS-Federation 1.2 13.2). */
export function wsFederationUpstream({
  publicUrl,
  useId,
}: Omit<UpstreamParts, 'fetch'>): ProtocolUpstream<'wsFederation'> {
  return {
    async begin(asked) {
      const { provider, returnTo, state, mustProveAgain, maxAgeSeconds, context } = asked;
      const isStrong = context !== null && context !== 'singleFactor';
      const age = maxAgeSeconds === null ? undefined : Math.floor(maxAgeSeconds / 60);
      const fresh = mustProveAgain ? freshWords[provider.wsFederation.promptLoginBehavior] : { freshnessMinutes: age };
      const url = buildPassiveRequest(provider.wsFederation.passiveEndpoint, {
        action: 'signIn',
        realm: realmOf(publicUrl, asked),
        reply: returnTo,
        context: state,
        ...fresh,
        ...(isStrong && { authenticationType: multiFactorClasses[1] }),
      });
      return { url };
    },

    complete: (asked, { parameters }) =>
      withWsFederationFailures(async () => {
        const { provider, tenantId, now, returnTo } = asked;
        // WS-Federation names no request in its answer: our state, which came back with the browser, binds the two.
        const expected = {
          issuer: provider.issuer,
          audiences: [realmOf(publicUrl, asked)],
          recipients: [returnTo],
          now,
          clockSkewSeconds,
        };
        const { signingCertificates } = provider.wsFederation;
        const signatures = {
          keys: signingCertificates.map(xmlVerificationKey),
          algorithms: defaultSignatureAlgorithms,
        };
        const [wresult = '', ...more] = parameters.getAll('wresult');
        if (more.length > 0) throw new WsFederationError('request.parameter', 'There are several wresult.');
        const cryptography = { digest: xmlDigest, cipher: xmlContentCipher };
        const token = await verifyToken(parseSignInResult(wresult), { signatures }, expected, cryptography);
        const isFirst = await useId(tenantId, `saml ${provider.issuer} ${token.id}`, token.replayableUntil);
        if (!isFirst) throw new UpstreamFailure('upstream_answer_wrong', `The token ${token.id} came before.`);
        const identity = identityOfToken(provider.id, provider.wsFederation.subjectClaim, token);
        return { ...identity, session: namelessSession };
      }),

    describe: async () => undefined,
  };
}

/** How a fresh sign-in is asked for (https://learn.microsoft.com/windows-server/identity/ad-fs/operations/ad-fs-prompt-login). */
const freshWords: Readonly<Record<PromptLoginBehavior, Partial<SignInRequest>>> = {
  translateToFreshPasswordAuthentication: {
    freshnessMinutes: 0,
    authenticationType: 'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password',
  },
  nativeSupport: { prompt: 'login' },
  disabled: { freshnessMinutes: 0 },
};
