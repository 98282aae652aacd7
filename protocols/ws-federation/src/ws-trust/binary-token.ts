import { decodeBase64, encodeBase64, findAttribute, tokenOf, type XmlElement } from '@countersign/xml';
import { build, tokenTypes } from '../vocabulary.ts';
import { SoapFault } from './soap-fault.ts';

// A JSON Web Token in base64 (WS-Security 1.1 6.3).

const [jwtType] = tokenTypes.jwt;
const base64Encoding = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary';

/** A `wsse:BinarySecurityToken` of a JSON Web Token in compact form, as AD FS writes it. */
export function buildBinaryToken(jwt: string): XmlElement {
  const content = encodeBase64(new TextEncoder().encode(jwt));
  return build('wsse:BinarySecurityToken', { ValueType: jwtType, EncodingType: base64Encoding }, content);
}

/** The token in compact form; nothing of it is verified. Throws {@link SoapFault}. */
export function readBinaryToken(element: XmlElement): string {
  const type = findAttribute(element, 'ValueType');
  const encoding = findAttribute(element, 'EncodingType') ?? base64Encoding;
  if (type !== jwtType || encoding !== base64Encoding) {
    throw new SoapFault('trust.delegation', `The token is a "${type ?? ''}", encoded by "${encoding}".`);
  }
  const text = new TextDecoder().decode(decodeBase64(tokenOf(element)));
  // RFC 7515 3.1: signed, in compact form; encrypted ones have five parts.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text))
    throw new SoapFault('trust.delegation', 'It is no signed JSON Web Token.');
  return text;
}
