import {
  findAttribute,
  findChild,
  getChild,
  isNamed,
  listElements,
  textOf,
  vocabulary,
  type XmlElement,
} from '@countersign/xml';
import { reading, SamlStatusError } from '../errors.ts';
import { build, soapNamespace } from '../vocabulary.ts';

/** SAML Bindings 3.2.3: what a SOAP message over HTTP comes with. */
export const soapHeaders = {
  'content-type': 'text/xml; charset=utf-8',
  'cache-control': 'no-cache, no-store',
};

/** SAML Bindings 3.2.3.1: what a request has besides. */
export const soapRequestHeaders = {
  ...soapHeaders,
  soapaction: '"http://www.oasis-open.org/committees/security"',
};

/** A message in a SOAP 1.1 envelope (SAML Bindings 3.2.2). */
export function wrapInSoap(message: XmlElement): XmlElement {
  return build('soap:Envelope', {}, build('soap:Body', {}, message));
}

/** The one message in a SOAP 1.1 envelope. Throws {@link SamlStatusError}. */
export function unwrapSoap(envelope: XmlElement): XmlElement {
  return reading(() => {
    if (envelope.name === 'Envelope' && envelope.namespace !== soapNamespace) {
      throw new SamlStatusError('soap.version', `The envelope is of "${envelope.namespace}".`);
    }
    if (!isNamed(envelope, soapNamespace, 'Envelope')) {
      throw new SamlStatusError('message.binding', `${envelope.name} is no SOAP envelope.`);
    }
    const header = findChild(envelope, soapNamespace, 'Header');
    // SOAP 1.1 4.2.3: a header that must be understood, and is not, ends the processing.
    const demanding = header && listElements(header).find(mustBeUnderstood);
    if (demanding) throw new SamlStatusError('soap.header', `The header ${demanding.name} is not understood.`);
    const [message, ...more] = listElements(getChild(envelope, soapNamespace, 'Body'));
    if (!message || more.length > 0) throw new SamlStatusError('message.binding', 'The body holds no single message.');
    if (isNamed(message, soapNamespace, 'Fault')) {
      const text = findChild(message, '', 'faultstring');
      throw new SamlStatusError('soap.fault', `The peer answered with a fault: ${text ? textOf(text) : ''}.`);
    }
    return message;
  });
}

/** Whoever says it in another way than SOAP 1.1 does means it as well. */
function mustBeUnderstood(header: XmlElement): boolean {
  return !['0', undefined].includes(findAttribute(header, 'mustUnderstand', soapNamespace));
}

/** SOAP 1.1 4.4: what a fault holds is of no namespace. */
const buildUnqualified = vocabulary({ '': '' });

/** SOAP 1.1 4.4.1: codes of faults, by what is refused; the others are the client's fault. */
const faultCodes: Readonly<Record<string, string>> = {
  'soap.version': 'VersionMismatch',
  'soap.header': 'MustUnderstand',
};

/**
 * A fault for what never became a SAML message (SAML Bindings 3.2.3.3), to be wrapped.
 *
 * @param reference  finds the reason in our records
 */
export function buildSoapFault({ reason, description }: SamlStatusError, reference: string): XmlElement {
  return build('soap:Fault', {}, [
    buildUnqualified(':faultcode', {}, `soap:${faultCodes[reason] ?? 'Client'}`),
    buildUnqualified(':faultstring', {}, `${description} Reference: ${reference}`),
  ]);
}
