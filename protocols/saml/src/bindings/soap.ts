import { findAttribute, findChild, getChild, isNamed, listElements, textOf, type XmlElement } from '@countersign/xml';
import { reading, SamlStatusError } from '../errors.ts';
import { build, soapNamespace } from '../vocabulary.ts';

/** A message in a SOAP 1.1 envelope (SAML Bindings 3.2.2). */
export function wrapInSoap(message: XmlElement): XmlElement {
  return build('soap:Envelope', {}, build('soap:Body', {}, message));
}

/** The one message in a SOAP 1.1 envelope. Throws {@link SamlStatusError}. */
export function unwrapSoap(envelope: XmlElement): XmlElement {
  return reading(() => {
    if (!isNamed(envelope, soapNamespace, 'Envelope')) {
      throw new SamlStatusError('message.binding', `${envelope.name} is no SOAP envelope.`);
    }
    const header = findChild(envelope, soapNamespace, 'Header');
    // SOAP 1.1 4.2.3: a header that must be understood, and is not, ends the processing.
    const demanding = header && listElements(header).find(mustBeUnderstood);
    if (demanding) throw new SamlStatusError('message.binding', `The header ${demanding.name} is not understood.`);
    const [message, ...more] = listElements(getChild(envelope, soapNamespace, 'Body'));
    if (!message || more.length > 0) throw new SamlStatusError('message.binding', 'The body holds no single message.');
    if (isNamed(message, soapNamespace, 'Fault')) {
      const text = findChild(message, '', 'faultstring');
      throw new SamlStatusError('artifact.response', `The peer answered with a fault: ${text ? textOf(text) : ''}.`);
    }
    return message;
  });
}

function mustBeUnderstood(header: XmlElement): boolean {
  return findAttribute(header, 'mustUnderstand', soapNamespace) === '1';
}
