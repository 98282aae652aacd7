import { findAttribute, isNamed, listElements, type XmlElement } from '@countersign/xml';
import { reading, SamlStatusError } from './errors.ts';
import {
  buildIssuer,
  checkHeader,
  checkKind,
  type ExpectedMessage,
  headerAttributes,
  type MessageHeader,
  parseHeader,
} from './message.ts';
import { buildStatus, parseStatus, type Status } from './status.ts';
import { build, samlNamespace } from './vocabulary.ts';

/** The envelope of an answer to an AuthnRequest, or of an unsolicited one (SAML Core 3.3.3). */
export interface Response extends MessageHeader {
  /** Undefined: unsolicited. */
  inResponseTo?: string | undefined;
  status: Status;
}

/** What every response begins with; LogoutResponse and ArtifactResponse have nothing else. */
export function parseStatusResponse(element: XmlElement, name: string): Response {
  checkKind(element, name);
  return {
    ...parseHeader(element),
    inResponseTo: findAttribute(element, 'InResponseTo'),
    status: parseStatus(element),
  };
}

/** Reads a Response without its assertions. Throws {@link SamlStatusError}. */
export function parseResponse(element: XmlElement): Response {
  return reading(() => parseStatusResponse(element, 'Response'));
}

/** The assertions of a Response, encrypted or not. */
export function listAssertions(element: XmlElement): XmlElement[] {
  return listElements(element).filter(isAssertion);
}

export function isAssertion(element: XmlElement): boolean {
  return isNamed(element, samlNamespace, 'Assertion') || isNamed(element, samlNamespace, 'EncryptedAssertion');
}

/** Writes a Response, unsigned, around an assertion that is ready. */
export function buildResponse(response: Response, assertion?: XmlElement): XmlElement {
  return build('samlp:Response', responseAttributes(response), [
    buildIssuer(response),
    buildStatus(response.status),
    assertion,
  ]);
}

export function responseAttributes(response: Response) {
  return { ...headerAttributes(response), InResponseTo: response.inResponseTo };
}

/** What a response is held against. */
export interface ExpectedResponse extends ExpectedMessage {
  /** Identifier of our request; undefined for an unsolicited response, which must answer none. */
  inResponseTo: string | undefined;
}

/**
 * Refuses a response of another peer, for another address, of another time, to another request, or without success:
 * then the message tells what the peer said. Throws {@link SamlStatusError}.
 */
export function checkResponse(response: Response, expected: ExpectedResponse): void {
  checkHeader(response, expected);
  // SAML Profiles 4.1.4.3, 4.1.5: no less, and for an unsolicited response no more.
  if (response.inResponseTo !== expected.inResponseTo) {
    throw new SamlStatusError(
      'response.in_response_to',
      `It answers "${response.inResponseTo ?? ''}", not "${expected.inResponseTo ?? ''}".`,
    );
  }
  const { code, secondLevelCode = 'no second code', message = 'no message' } = response.status;
  if (code !== 'Success') {
    throw new SamlStatusError('response.status', `The peer answered ${code} (${secondLevelCode}, ${message}).`);
  }
}
