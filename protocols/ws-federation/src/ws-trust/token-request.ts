import {
  findAttribute,
  findChild,
  getAttribute,
  isNamed,
  listElements,
  tokenOf,
  type XmlElement,
} from '@countersign/xml';
import { findAppliesTo } from '../token-response.ts';
import {
  findTokenKind,
  namespaces,
  type TokenKind,
  type TrustVersion,
  trust14Namespace,
  trustVersionNames,
  trustVersions,
} from '../vocabulary.ts';
import { readBinaryToken } from './binary-token.ts';
import type { Envelope } from './envelope.ts';
import { isAssertion } from './security-header.ts';
import { faulting, SoapFault } from './soap-fault.ts';

/** A request for a bearer token (WS-Trust 1.3 4.1). */
export interface TokenRequest {
  version: TrustVersion;
  context: string | undefined;
  /** Whom the token shall be for. */
  appliesTo: string;
  /** Undefined: whatever is usual for whom it is for. */
  kind: TokenKind | undefined;
  /** The URI by which the kind was asked for. */
  tokenType: string | undefined;
  /** Types of claims asked for. */
  claimTypes: readonly string[];
  /** A token of the user for whom the requester asks, whose identity the token shall carry (WS-Trust 1.3 9.1). */
  onBehalfOf: DelegatedToken | undefined;
  /** A token of the user as whom the requester acts, so that the token shall carry both (WS-Trust 1.4 9.3). */
  actAs: DelegatedToken | undefined;
}

/** What proves the user; nothing of it is verified. */
export type DelegatedToken =
  | { kind: 'assertion'; token: XmlElement }
  /** A JSON Web Token, in compact form. */
  | { kind: 'jwt'; token: string };

/**
 * Reads a request to issue a token, of either version, whatever the address it came to: adal-node guesses the version
 * from the address, and wrongly. Only bearer tokens are issued; a request for a key, which is also what a missing
 * KeyType means (WS-Trust 1.3 9.2), is refused, since a bearer token would be less than was asked for. Throws
 * {@link SoapFault}.
 */
export function parseTokenRequest({ action, body }: Envelope): TokenRequest {
  const version = trustVersionNames.find((name) => trustVersions[name].namespace === body.namespace);
  if (!version || body.name !== 'RequestSecurityToken') {
    throw new SoapFault('trust.request_type', `The body holds a {${body.namespace}}${body.name}.`);
  }
  const { namespace, issueAction, issueRequest, bearerKey } = trustVersions[version];
  // WS-Addressing 1.0 SOAP Binding 6.4.1: the action must be that of the body.
  if (action !== issueAction) throw new SoapFault('soap.action', `It is "${action ?? ''}".`);
  return faulting('soap.content', () => {
    const find = (name: string) => {
      const found = findChild(body, namespace, name);
      return found && tokenOf(found);
    };
    const requestType = find('RequestType');
    if (requestType !== issueRequest) throw new SoapFault('trust.request_type', `It is "${requestType ?? ''}".`);
    const keyType = find('KeyType');
    if (keyType !== bearerKey) throw new SoapFault('trust.key_type', `It is "${keyType ?? ''}".`);
    const appliesTo = findAppliesTo(body);
    if (!appliesTo) throw new SoapFault('trust.applies_to', 'The request does not say for whom.');
    const tokenType = find('TokenType');
    const kind = tokenType === undefined ? undefined : findTokenKind(tokenType);
    if (tokenType !== undefined && !kind) throw new SoapFault('trust.token_type', `It is "${tokenType}".`);
    const onBehalfOf = findDelegation(findChild(body, namespace, 'OnBehalfOf'));
    const actAs = findDelegation(findChild(body, trust14Namespace, 'ActAs'));
    if (onBehalfOf && actAs) throw new SoapFault('trust.delegation', 'There are both OnBehalfOf and ActAs.');
    return {
      version,
      context: findAttribute(body, 'Context'),
      appliesTo,
      kind,
      tokenType,
      claimTypes: listClaimTypes(findChild(body, namespace, 'Claims')),
      onBehalfOf,
      actAs,
    };
  });
}

/** Of every dialect: they differ in the namespace of `ClaimType` only. */
function listClaimTypes(claims: XmlElement | undefined): string[] {
  if (!claims) return [];
  return listElements(claims)
    .filter(({ name }) => name === 'ClaimType')
    .map((claim) => getAttribute(claim, 'Uri'));
}

function findDelegation(element: XmlElement | undefined): DelegatedToken | undefined {
  if (!element) return undefined;
  const [token, ...more] = listElements(element);
  if (token && more.length === 0) {
    if (isAssertion(token)) return { kind: 'assertion', token };
    if (isNamed(token, namespaces.security, 'BinarySecurityToken'))
      return { kind: 'jwt', token: readBinaryToken(token) };
  }
  throw new SoapFault('trust.delegation', `${element.name} does not hold one assertion or JSON Web Token.`);
}
