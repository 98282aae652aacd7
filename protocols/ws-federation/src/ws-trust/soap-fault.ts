import { type XmlElement, XmlError } from '@countersign/xml';
import { build, namespaces, trustVersions } from '../vocabulary.ts';

interface Refusal {
  /** SOAP 1.2 part 1, 5.4.6 */
  readonly code: 'Sender' | 'MustUnderstand' | 'VersionMismatch';
  readonly subcode: readonly [namespace: string, name: string];
  /** For the requester. */
  readonly description: string;
  readonly spec: string;
}

const trust = trustVersions.trust13.namespace;
const failedAuthentication = [namespaces.security, 'FailedAuthentication'] as const;

/** Everything that is answered by a SOAP fault, by its stable reason. */
export const soapRefusals = {
  'soap.version': {
    code: 'VersionMismatch',
    subcode: [trust, 'InvalidRequest'],
    description: 'Only SOAP 1.2 is spoken here.',
    spec: 'SOAP 1.2 part 1, 5.4.7',
  },
  'soap.content': {
    code: 'Sender',
    subcode: [trust, 'InvalidRequest'],
    description: 'The message cannot be read.',
    spec: 'SOAP 1.2 part 1, 5',
  },
  'soap.not_understood': {
    code: 'MustUnderstand',
    subcode: [trust, 'InvalidRequest'],
    description: 'A header that must be understood is not.',
    spec: 'SOAP 1.2 part 1, 5.4.8',
  },
  'soap.action': {
    code: 'Sender',
    subcode: [namespaces.addressing, 'ActionNotSupported'],
    description: 'The action is not supported.',
    spec: 'WS-Addressing 1.0 SOAP Binding 6.4.1',
  },
  'soap.destination': {
    code: 'Sender',
    subcode: [namespaces.addressing, 'DestinationUnreachable'],
    description: 'The message was meant for another address.',
    spec: 'WS-Addressing 1.0 SOAP Binding 6.4.1',
  },
  'security.missing': {
    code: 'Sender',
    subcode: [namespaces.security, 'InvalidSecurity'],
    description: 'The security header is missing or incomplete.',
    spec: 'WS-Security 1.1 5',
  },
  'security.expired': {
    code: 'Sender',
    subcode: [namespaces.utility, 'MessageExpired'],
    description: 'The message is not of this time.',
    spec: 'WS-Security 1.1 10',
  },
  'security.unsupported': {
    code: 'Sender',
    subcode: [namespaces.security, 'UnsupportedSecurityToken'],
    description: 'The security token is not supported.',
    spec: 'WS-Security 1.1 12',
  },
  'security.authentication': {
    code: 'Sender',
    subcode: failedAuthentication,
    description: 'The user could not be authenticated.',
    spec: 'WS-Security 1.1 12, WS-Trust 1.3 11',
  },
  'security.token': {
    code: 'Sender',
    subcode: failedAuthentication,
    description: 'The security token was not accepted.',
    spec: 'WS-Security 1.1 12, WS-Trust 1.3 11',
  },
  'security.own_token': {
    code: 'Sender',
    subcode: [namespaces.security, 'InvalidSecurityToken'],
    description:
      'A token of this issuer proves nothing here: it was made out to an application, which may act with it.',
    spec: 'SAML Core 2.5.1.4',
  },
  'trust.request_type': {
    code: 'Sender',
    subcode: [trust, 'InvalidRequest'],
    description: 'Only tokens are issued here.',
    spec: 'WS-Trust 1.3 3.1, 4.1',
  },
  'trust.applies_to': {
    code: 'Sender',
    subcode: [trust, 'InvalidScope'],
    description: 'The token is for nobody that is known here.',
    spec: 'WS-Trust 1.3 4.1, 11',
  },
  'trust.token_type': {
    code: 'Sender',
    subcode: [trust, 'RequestFailed'],
    description: 'That type of token is not issued here.',
    spec: 'WS-Trust 1.3 4.1, 11',
  },
  'trust.key_type': {
    code: 'Sender',
    subcode: [trust, 'RequestFailed'],
    description: 'Only bearer tokens are issued here.',
    spec: 'WS-Trust 1.3 9.2, 11',
  },
  'trust.delegation': {
    code: 'Sender',
    subcode: [trust, 'RequestFailed'],
    description: 'The delegation was not accepted.',
    spec: 'WS-Trust 1.3 9.1, WS-Trust 1.4 9.3',
  },
} as const satisfies Record<string, Refusal>;

export type SoapRefusal = keyof typeof soapRefusals;

/**
 * A WS-Trust request that is refused: code, subcode and description are for the requester, `reason` is stable, the
 * message is for the log. `cause` tells what a package below refused.
 */
export class SoapFault extends Error {
  override readonly name = 'SoapFault';
  readonly reason: SoapRefusal;
  readonly code: Refusal['code'];
  readonly subcode: Refusal['subcode'];
  readonly description: string;
  readonly spec: string;
  readonly mayRedirect = false;

  constructor(reason: SoapRefusal, detail: string, options?: { cause: unknown }) {
    super(detail, options);
    const refusal: Refusal = soapRefusals[reason];
    this.reason = reason;
    this.code = refusal.code;
    this.subcode = refusal.subcode;
    this.description = refusal.description;
    this.spec = refusal.spec;
  }
}

/** Runs a reader, and turns what the packages below refuse into the given fault. */
export function faulting<T>(reason: SoapRefusal, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof XmlError) throw new SoapFault(reason, error.message, { cause: error });
    throw error;
  }
}

/** Writes the envelope that tells a requester of a fault (SOAP 1.2 part 1, 5.4); it goes with HTTP status 500. */
export function buildSoapFault(fault: SoapFault, relatesTo: string | undefined): XmlElement {
  const [namespace, name] = fault.subcode;
  return build('s:Envelope', {}, [
    build('s:Header', {}, [
      build('wsa:Action', {}, `${namespaces.addressing}/soap/fault`),
      relatesTo === undefined ? undefined : build('wsa:RelatesTo', {}, relatesTo),
    ]),
    build(
      's:Body',
      {},
      build('s:Fault', {}, [
        build('s:Code', {}, [
          build('s:Value', {}, `s:${fault.code}`),
          build('s:Subcode', {}, withPrefix(build('s:Value', {}, `a:${name}`), namespace)),
        ]),
        build('s:Reason', {}, build('s:Text', { 'xml:lang': 'en' }, fault.description)),
      ]),
    ),
  ]);
}

/** The element with the prefix "a" declared, which its value uses. */
function withPrefix(element: XmlElement, namespace: string): XmlElement {
  return { ...element, scope: { declared: new Map([['a', namespace]]) } };
}
