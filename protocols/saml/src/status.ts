import { findChild, getAttribute, getChild, textOf, type XmlElement } from '@countersign/xml';
import type { SamlStatusError } from './errors.ts';
import { build, protocolNamespace } from './vocabulary.ts';

const prefix = 'urn:oasis:names:tc:SAML:2.0:status:';

/** SAML Core 3.2.2.2: top-level status codes. */
export type StatusCode = 'Success' | 'Requester' | 'Responder' | 'VersionMismatch';

/** SAML Core 3.2.2.2: the second-level status codes that this package sends. */
export type SecondLevelStatusCode =
  | 'AuthnFailed'
  | 'InvalidAttrNameOrValue'
  | 'InvalidNameIDPolicy'
  | 'NoAuthnContext'
  | 'NoAvailableIDP'
  | 'NoPassive'
  | 'NoSupportedIDP'
  | 'PartialLogout'
  | 'ProxyCountExceeded'
  | 'RequestDenied'
  | 'RequestUnsupported'
  | 'UnknownPrincipal'
  | 'UnsupportedBinding';

/** The outcome in a response. Codes are without their common prefix when they have it. */
export interface Status {
  code: string;
  secondLevelCode?: string | undefined;
  message?: string | undefined;
}

export const success: Status = { code: 'Success' };
/** SAML Core 3.7.3.2: our own session has ended, so that at the top level it has succeeded; others' may go on. */
export const partialLogout: Status = { ...success, secondLevelCode: 'PartialLogout' };

/** Reads the `samlp:Status` of a response. */
export function parseStatus(response: XmlElement): Status {
  const status = getChild(response, protocolNamespace, 'Status');
  const code = getChild(status, protocolNamespace, 'StatusCode');
  const secondLevel = findChild(code, protocolNamespace, 'StatusCode');
  const message = findChild(status, protocolNamespace, 'StatusMessage');
  return {
    code: shorten(getAttribute(code, 'Value')),
    secondLevelCode: secondLevel && shorten(getAttribute(secondLevel, 'Value')),
    message: message && textOf(message),
  };
}

/** What a status tells of a failure; undefined for success. */
export function failureIn({ code, secondLevelCode }: Status): string | undefined {
  return code === success.code ? undefined : [code, secondLevelCode].filter(Boolean).join(' ');
}

export function buildStatus({ code, secondLevelCode, message }: Status): XmlElement {
  return build('samlp:Status', {}, [
    build(
      'samlp:StatusCode',
      { Value: lengthen(code) },
      secondLevelCode && build('samlp:StatusCode', { Value: lengthen(secondLevelCode) }),
    ),
    message === undefined ? undefined : build('samlp:StatusMessage', {}, message),
  ]);
}

/** The status that tells a peer of a refusal: what is meant for it, not the reason. */
export function statusOf({ code, secondLevelCode, description }: SamlStatusError): Status {
  return { code, secondLevelCode, message: description };
}

function shorten(uri: string): string {
  return uri.startsWith(prefix) ? uri.slice(prefix.length) : uri;
}

function lengthen(code: string): string {
  return code.includes(':') ? code : prefix + code;
}
