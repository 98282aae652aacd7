import {
  findAttribute,
  findChild,
  formatInstant,
  getChild,
  isNamed,
  listElements,
  tokenOf,
  type XmlElement,
} from '@countersign/xml';
import { build, namespaces } from '../vocabulary.ts';
import { faulting, SoapFault } from './soap-fault.ts';

/** A SOAP 1.2 message with WS-Addressing 1.0 headers. */
export interface Envelope {
  document: XmlElement;
  action: string | undefined;
  /** Interop: adal-node writes `messageID`, so that there is none. */
  messageId: string | undefined;
  to: string | undefined;
  security: XmlElement | undefined;
  /** The one element of the body. */
  body: XmlElement;
}

/** Headers that are understood; of some, understanding means that nothing needs to be done. */
const understood: Record<string, readonly string[]> = {
  [namespaces.addressing]: ['Action', 'To', 'ReplyTo', 'FaultTo', 'From', 'MessageID', 'RelatesTo'],
  [namespaces.security]: ['Security'],
};

/** Takes a SOAP 1.2 envelope apart. Throws {@link SoapFault}. */
export function parseEnvelope(document: XmlElement): Envelope {
  if (!isNamed(document, namespaces.soap, 'Envelope')) {
    throw new SoapFault('soap.version', `The document is a {${document.namespace}}${document.name}.`);
  }
  return faulting('soap.content', () => {
    const header = findChild(document, namespaces.soap, 'Header');
    const headers = header ? listElements(header) : [];
    const strange = headers.find((candidate) => mustBeUnderstood(candidate) && !isUnderstood(candidate));
    if (strange) throw new SoapFault('soap.not_understood', `It is {${strange.namespace}}${strange.name}.`);
    const addressing = (name: string) => {
      const found = header && findChild(header, namespaces.addressing, name);
      return found && tokenOf(found);
    };
    const [body, ...more] = listElements(getChild(document, namespaces.soap, 'Body'));
    if (!body || more.length > 0) throw new SoapFault('soap.content', 'The body does not hold one element.');
    return {
      document,
      action: addressing('Action'),
      messageId: addressing('MessageID'),
      to: addressing('To'),
      security: header && findChild(header, namespaces.security, 'Security'),
      body,
    };
  });
}

function mustBeUnderstood(header: XmlElement): boolean {
  return ['1', 'true'].includes(findAttribute(header, 'mustUnderstand', namespaces.soap) ?? '');
}

function isUnderstood({ namespace, name }: XmlElement): boolean {
  return understood[namespace]?.includes(name) ?? false;
}

/** How a message came. */
export interface Delivery {
  /** Our addresses that accept it. */
  addresses: readonly string[];
  /** The action by HTTP: the header SOAPAction or the parameter of the content type, quotes and all. */
  httpAction?: string | undefined;
}

/** Refuses a message for another address, or one whose headers and HTTP disagree about its action. */
export function checkEnvelope({ to, action }: Envelope, { addresses, httpAction }: Delivery): void {
  if (to !== undefined && !addresses.includes(to)) throw new SoapFault('soap.destination', `It is for "${to}".`);
  const unquoted = httpAction?.replace(/^"(.*)"$/, '$1');
  if (unquoted && unquoted !== action) {
    throw new SoapFault('soap.action', `By HTTP it is "${unquoted}", by WS-Addressing "${action ?? ''}".`);
  }
}

/** What goes around an answer. */
export interface AnswerHeaders {
  action: string;
  relatesTo: string | undefined;
  createdAt: Date;
  expiresAt: Date;
}

/** Writes an answer: addressed to the request, and dated. */
export function buildEnvelope(
  { action, relatesTo, createdAt, expiresAt }: AnswerHeaders,
  body: XmlElement,
): XmlElement {
  return build('s:Envelope', {}, [
    build('s:Header', {}, [
      build('wsa:Action', { 's:mustUnderstand': 1 }, action),
      relatesTo === undefined ? undefined : build('wsa:RelatesTo', {}, relatesTo),
      build(
        'wsse:Security',
        { 's:mustUnderstand': 1 },
        build('wsu:Timestamp', {}, [
          build('wsu:Created', {}, formatInstant(createdAt)),
          build('wsu:Expires', {}, formatInstant(expiresAt)),
        ]),
      ),
    ]),
    build('s:Body', {}, body),
  ]);
}
