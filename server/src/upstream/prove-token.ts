import { verifyToken, WsFederationError } from '@countersign/ws-federation';
import { defaultSignatureAlgorithms } from '@countersign/xml';
import { xmlContentCipher, xmlDigest, xmlVerificationKey } from '../issuance/index.ts';
import { type Upstream, UpstreamFailure } from '../sign-in/index.ts';
import type { UpstreamProvider } from '../upstream-providers/index.ts';
import { entityIdOf } from './entity-id.ts';
import type { UpstreamParts } from './protocol.ts';
import { identityOfToken } from './token-identity.ts';

/** How far the clocks of providers may differ from ours, in seconds. */
const clockSkewSeconds = 180;

/**
 * Proves assertions that programs bring by themselves, as WS-Trust and RFC 7522 have it: signed by a provider that speaks
 * SAML, made out to us, of this time, and never seen before.
 */
export function tokenProver({ publicUrl, useId }: Pick<UpstreamParts, 'publicUrl' | 'useId'>): Upstream['prove'] {
  return async ({ tenantId, provider, document, token, addresses, now }) => {
    const { signingCertificates, realm, subjectClaim } = trustOf(provider);
    const signatures = { keys: signingCertificates.map(xmlVerificationKey), algorithms: defaultSignatureAlgorithms };
    const ourNames = [realm ?? entityIdOf(publicUrl, tenantId), ...addresses];
    const expected = { issuer: provider.issuer, audiences: ourNames, recipients: addresses, now, clockSkewSeconds };
    const cryptography = { digest: xmlDigest, cipher: xmlContentCipher };
    const proven = await verifyToken({ document, token }, { signatures }, expected, cryptography).catch((error) => {
      if (!(error instanceof WsFederationError)) throw error;
      throw new UpstreamFailure('upstream_answer_wrong', `${error.reason} (${error.spec}): ${error.message}`, error);
    });
    const identity = identityOfToken(provider.id, subjectClaim, proven);
    // The same names as of assertions that come with browsers: none counts here that counted there.
    const isFirst = await useId(tenantId, `saml ${provider.issuer} ${proven.id}`, proven.replayableUntil);
    if (!isFirst) throw new UpstreamFailure('upstream_answer_wrong', `The token ${proven.id} came before.`);
    return identity;
  };
}

interface AssertionTrust {
  signingCertificates: readonly string[];
  /** By what the provider knows us; null: our entity identifier. */
  realm: string | null;
  subjectClaim: string | null;
}

function trustOf(provider: UpstreamProvider): AssertionTrust {
  if (provider.protocol === 'wsFederation') return provider.wsFederation;
  if (provider.protocol === 'saml')
    return { ...provider.saml, realm: null, subjectClaim: provider.saml.subjectAttribute };
  throw new UpstreamFailure('upstream_answer_wrong', `The provider ${provider.id} issues no assertions.`);
}
