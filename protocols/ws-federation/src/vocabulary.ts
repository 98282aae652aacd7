import { metadataNamespace, saml11Namespace, samlNamespace } from '@countersign/saml';
import { vocabulary } from '@countersign/xml';

// The names that WS-Federation, WS-Trust and what they stand on fix.

export const namespaces = {
  addressing: 'http://www.w3.org/2005/08/addressing',
  authorization: 'http://docs.oasis-open.org/wsfed/authorization/200706',
  federation: 'http://docs.oasis-open.org/wsfed/federation/200706',
  metadataExchange: 'http://schemas.xmlsoap.org/ws/2004/09/mex',
  policy: 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  policy15: 'http://www.w3.org/ns/ws-policy',
  security: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  security11: 'http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd',
  soap: 'http://www.w3.org/2003/05/soap-envelope',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
} as const;

/** Makes elements of everything but WS-Trust, whose namespace depends on its version. */
export const build = vocabulary({
  auth: namespaces.authorization,
  fed: namespaces.federation,
  mex: namespaces.metadataExchange,
  md: metadataNamespace,
  s: namespaces.soap,
  wsa: namespaces.addressing,
  wsp: namespaces.policy,
  wsse: namespaces.security,
  wsse11: namespaces.security11,
  wsu: namespaces.utility,
  xml: 'http://www.w3.org/XML/1998/namespace',
  xsi: namespaces.xsi,
});

/** What WS-Trust 1.3 (https://docs.oasis-open.org/ws-sx/ws-trust/v1.3/) and its predecessor of February 2005 call things. */
export const trustVersions = {
  trust13: {
    namespace: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
    issueAction: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue',
    issuedAction: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512/RSTRC/IssueFinal',
    issueRequest: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue',
    bearerKey: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer',
  },
  trust2005: {
    namespace: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
    issueAction: 'http://schemas.xmlsoap.org/ws/2005/02/trust/RST/Issue',
    issuedAction: 'http://schemas.xmlsoap.org/ws/2005/02/trust/RSTR/Issue',
    issueRequest: 'http://schemas.xmlsoap.org/ws/2005/02/trust/Issue',
    bearerKey: 'http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey',
  },
} as const;

export type TrustVersion = keyof typeof trustVersions;

export const trustVersionNames = Object.keys(trustVersions) as TrustVersion[];

/** Makes elements of one version of WS-Trust. */
export const buildTrust = {
  trust13: vocabulary({ t: trustVersions.trust13.namespace }),
  trust2005: vocabulary({ t: trustVersions.trust2005.namespace }),
};

/** WS-Trust 1.4: who acts for the subject. */
export const trust14Namespace = 'http://docs.oasis-open.org/ws-sx/ws-trust/200802';

/**
 * The kinds of token, each with its URIs: the one that every client knows first, then that of SAML Token Profile 1.1. Interop:
 * AD FS and System.IdentityModel.Tokens.Jwt name a JSON Web Token in WS-Security and WS-Trust by that of RFC 8693 3.
 */
export const tokenTypes = {
  saml11: [saml11Namespace, 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1'],
  saml20: [samlNamespace, 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV2.0'],
  jwt: ['urn:ietf:params:oauth:token-type:jwt'],
} as const;

export type TokenKind = keyof typeof tokenTypes;

/** The kinds that are XML and signed as such. */
export type AssertionKind = Exclude<TokenKind, 'jwt'>;

/** The kind of token that a URI stands for. */
export function findTokenKind(uri: string): TokenKind | undefined {
  return (Object.keys(tokenTypes) as TokenKind[]).find((kind) => (tokenTypes[kind] as readonly string[]).includes(uri));
}
