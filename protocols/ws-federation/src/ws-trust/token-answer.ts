import type { XmlElement } from '@countersign/xml';
import { buildTokenResponse, type TokenResponse } from '../token-response.ts';
import { type AssertionKind, build, buildTrust, tokenTypes, trustVersions } from '../vocabulary.ts';
import { buildEnvelope } from './envelope.ts';

/** How a key identifier names an assertion (SAML Token Profile 1.1 3.4). */
const keyIdentifiers = {
  saml11: 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID',
  saml20: 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLID',
} as const satisfies Record<AssertionKind, string>;

/** What is answered to a request. */
export interface TokenAnswer extends TokenResponse {
  /** The token's identifier. */
  tokenId: string;
  /** The request's message identifier. */
  relatesTo: string | undefined;
}

/**
 * Writes the SOAP envelope with the issued token: in WS-Trust 1.3 as a collection of one (4.3), before that alone. The
 * token keeps its own namespace declarations, so it can be cut out and verified.
 */
export function buildTokenAnswer(answer: TokenAnswer): XmlElement {
  const { version, createdAt, expiresAt, relatesTo } = answer;
  const trust = buildTrust[version];
  const { kind, tokenId } = answer;
  // WS-Trust 1.3 4.4: references are optional; nothing names a JSON Web Token from outside.
  const reference = kind === 'jwt' ? undefined : buildTokenReference(kind, tokenId);
  const references = reference
    ? [trust('t:RequestedAttachedReference', {}, reference), trust('t:RequestedUnattachedReference', {}, reference)]
    : [];
  const response = buildTokenResponse(answer, references);
  const body = version === 'trust13' ? trust('t:RequestSecurityTokenResponseCollection', {}, response) : response;
  return buildEnvelope({ action: trustVersions[version].issuedAction, relatesTo, createdAt, expiresAt }, body);
}

function buildTokenReference(kind: AssertionKind, tokenId: string): XmlElement {
  return build(
    'wsse:SecurityTokenReference',
    { 'wsse11:TokenType': tokenTypes[kind][1] },
    build('wsse:KeyIdentifier', { ValueType: keyIdentifiers[kind] }, tokenId),
  );
}
