import {
  findAttribute,
  findChild,
  formatInstant,
  getChild,
  isNamed,
  listChildren,
  listElements,
  parseXml,
  tokenOf,
  writeXml,
  type XmlElement,
} from '@countersign/xml';
import { reading, WsFederationError } from './errors.ts';
import {
  build,
  buildTrust,
  namespaces,
  type TokenKind,
  type TrustVersion,
  tokenTypes,
  trustVersionNames,
  trustVersions,
} from './vocabulary.ts';

/** An issued token on its way (WS-Trust 1.3 4.2). */
export interface TokenResponse {
  version: TrustVersion;
  context?: string | undefined;
  createdAt: Date;
  expiresAt: Date;
  /** Whom the token is for. */
  appliesTo: string;
  kind: TokenKind;
  /** The URI by which the requester asked for the kind; without one the URI that every client knows. */
  tokenType?: string | undefined;
  /** The token, ready. */
  token: XmlElement;
}

/**
 * Writes a `t:RequestSecurityTokenResponse`. Interop: passport-wsfed-saml2 takes the first node inside
 * RequestedSecurityToken for the token, and adal-node needs TokenType.
 */
export function buildTokenResponse(response: TokenResponse, references: readonly XmlElement[] = []): XmlElement {
  const trust = buildTrust[response.version];
  const { issueRequest, bearerKey } = trustVersions[response.version];
  return trust('t:RequestSecurityTokenResponse', { Context: response.context }, [
    trust('t:Lifetime', {}, [
      build('wsu:Created', {}, formatInstant(response.createdAt)),
      build('wsu:Expires', {}, formatInstant(response.expiresAt)),
    ]),
    build('wsp:AppliesTo', {}, buildEndpointReference(response.appliesTo)),
    trust('t:RequestedSecurityToken', {}, response.token),
    references,
    trust('t:TokenType', {}, response.tokenType ?? tokenTypes[response.kind][0]),
    trust('t:RequestType', {}, issueRequest),
    trust('t:KeyType', {}, bearerKey),
  ]);
}

/** A `wsa:EndpointReference` to an address. */
export function buildEndpointReference(address: string): XmlElement {
  return build('wsa:EndpointReference', {}, build('wsa:Address', {}, address));
}

/** The value of the form field `wresult`. */
export function buildSignInResult(response: TokenResponse): string {
  return writeXml(buildTokenResponse(response));
}

/** A token as it came; nothing of it is verified. */
export interface ReceivedToken {
  /** The document that the token stands in. */
  document: XmlElement;
  /** An assertion, or encrypted data. */
  token: XmlElement;
  context: string | undefined;
  appliesTo: string | undefined;
}

/**
 * Reads a `wresult`: a response of either version of WS-Trust, or a collection of one, with one token. Throws
 * {@link WsFederationError}.
 */
export function parseSignInResult(wresult: string): ReceivedToken {
  return reading(() => {
    const document = parseXml(wresult);
    const isOfTrust = (name: string) => (element: XmlElement) =>
      trustVersionNames.some((version) => isNamed(element, trustVersions[version].namespace, name));
    const responses = isOfTrust('RequestSecurityTokenResponseCollection')(document)
      ? listElements(document).filter(isOfTrust('RequestSecurityTokenResponse'))
      : [document].filter(isOfTrust('RequestSecurityTokenResponse'));
    const [response, ...others] = responses;
    if (!response || others.length > 0) {
      throw new WsFederationError('response.content', `A ${document.name} with ${responses.length} responses came.`);
    }
    const requested = listChildren(response, response.namespace, 'RequestedSecurityToken');
    const [token, ...more] = requested.flatMap(listElements);
    if (!token || more.length > 0) {
      throw new WsFederationError('response.tokens', `There are ${token ? more.length + 1 : 0} tokens.`);
    }
    return { document, token, context: findAttribute(response, 'Context'), appliesTo: findAppliesTo(response) };
  });
}

/** The address in a `wsp:AppliesTo`, of either version of WS-Policy. */
export function findAppliesTo(element: XmlElement): string | undefined {
  const scopes = [namespaces.policy, namespaces.policy15].map((namespace) =>
    findChild(element, namespace, 'AppliesTo'),
  );
  const scope = scopes.find((found) => found !== undefined);
  const reference = scope && findChild(scope, namespaces.addressing, 'EndpointReference');
  return reference && tokenOf(getChild(reference, namespaces.addressing, 'Address'));
}
