import {
  findAttribute,
  formatInstant,
  getChild,
  listChildren,
  parseInstant,
  tokenOf,
  type XmlElement,
} from '@countersign/xml';
import { reading, SamlStatusError } from './errors.ts';
import {
  buildIssuer,
  checkHeader,
  type ExpectedMessage,
  headerAttributes,
  type MessageHeader,
  parseRequestHeader,
} from './message.ts';
import { buildNameId, type NameId, parseNameId } from './name-id.ts';
import { type ExpectedResponse, parseStatusResponse, type Response, responseAttributes } from './response.ts';
import { buildStatus } from './status.ts';
import { build, protocolNamespace, samlNamespace } from './vocabulary.ts';

/** A request to end sessions of a principal (SAML Core 3.7.1). */
export interface LogoutRequest extends MessageHeader {
  issuer: string;
  nameId: NameId;
  /** The sessions; none: all of the principal's. */
  sessionIndexes: readonly string[];
  notOnOrAfter?: Date | undefined;
  reason?: string | undefined;
}

/** Reads a LogoutRequest. Throws {@link SamlStatusError}. */
export function parseLogoutRequest(element: XmlElement): LogoutRequest {
  return reading(() => {
    const header = parseRequestHeader(element, 'LogoutRequest');
    const notOnOrAfter = findAttribute(element, 'NotOnOrAfter');
    return {
      ...header,
      nameId: parseNameId(getChild(element, samlNamespace, 'NameID')),
      sessionIndexes: listChildren(element, protocolNamespace, 'SessionIndex').map(tokenOf),
      notOnOrAfter: notOnOrAfter === undefined ? undefined : parseInstant(notOnOrAfter),
      reason: findAttribute(element, 'Reason'),
    };
  });
}

/** Writes a LogoutRequest, unsigned. The name identifier must be that of the assertion, with all its qualifiers. */
export function buildLogoutRequest(request: LogoutRequest): XmlElement {
  const { notOnOrAfter, reason, nameId, sessionIndexes } = request;
  const attributes = {
    ...headerAttributes(request),
    Reason: reason,
    NotOnOrAfter: notOnOrAfter && formatInstant(notOnOrAfter),
  };
  return build('samlp:LogoutRequest', attributes, [
    buildIssuer(request),
    buildNameId(nameId),
    sessionIndexes.map((index) => build('samlp:SessionIndex', {}, index)),
  ]);
}

/** Refuses a request of another peer, for another address or of another time. */
export function checkLogoutRequest(request: LogoutRequest, expected: ExpectedMessage): void {
  checkHeader(request, expected);
  const { notOnOrAfter } = request;
  if (notOnOrAfter && notOnOrAfter.getTime() <= expected.now.getTime() - expected.clockSkewSeconds * 1000) {
    throw new SamlStatusError('logout.expired', `It held until ${notOnOrAfter.toISOString()}.`);
  }
}

/** Reads a LogoutResponse. Throws {@link SamlStatusError}. */
export function parseLogoutResponse(element: XmlElement): Response {
  return reading(() => parseStatusResponse(element, 'LogoutResponse'));
}

/** Writes a LogoutResponse, unsigned. */
export function buildLogoutResponse(response: Response): XmlElement {
  return build('samlp:LogoutResponse', responseAttributes(response), [
    buildIssuer(response),
    buildStatus(response.status),
  ]);
}

/**
 * Refuses a response of another peer, for another address, of another time, or to another request. Whether it tells
 * of success is for the caller: a service provider that has forgotten the session must not stop the sign-out.
 */
export function checkLogoutResponse(response: Response, expected: ExpectedResponse): void {
  checkHeader(response, expected);
  if (response.inResponseTo !== expected.inResponseTo) {
    throw new SamlStatusError('response.in_response_to', `It answers "${response.inResponseTo ?? ''}".`);
  }
}
