import {
  type ContentAlgorithm,
  contentAlgorithms,
  digestAlgorithms,
  type KeyTransportAlgorithm,
  keyTransportAlgorithms,
  maskGeneration,
} from './algorithms.ts';
import { encodeBase64 } from './base64.ts';
import { vocabulary } from './build.ts';
import { writeXml } from './canonicalize.ts';
import type { Bytes, ContentCipher, EncryptionKey } from './cryptography.ts';
import type { XmlElement } from './element.ts';
import { certificateInfo } from './sign.ts';
import { signatureNamespace } from './signature-placement.ts';

/** The namespaces of XML Encryption 1.0 and of what 1.1 added. */
export const encryptionNamespace = 'http://www.w3.org/2001/04/xmlenc#';
export const encryption11Namespace = 'http://www.w3.org/2009/xmlenc11#';
export const encryptedElementType = `${encryptionNamespace}Element`;

const build = vocabulary({ xenc: encryptionNamespace, xenc11: encryption11Namespace, ds: signatureNamespace });

/** For whom and how something is encrypted. */
export interface EncryptionRecipient {
  readonly key: EncryptionKey;
  readonly content: ContentAlgorithm;
  readonly keyTransport: KeyTransportAlgorithm;
}

/**
 * The element as `xenc:EncryptedData`, with the encrypted content key inside its KeyInfo. `random` gives as many
 * random bytes as asked for; content key and initialization vector come from it.
 */
export async function encryptElement(
  element: XmlElement,
  recipient: EncryptionRecipient,
  cipher: ContentCipher,
  random: (length: number) => Bytes,
): Promise<XmlElement> {
  const { uri, keyLength, ivLength, mode } = contentAlgorithms[recipient.content];
  const [key, iv] = [random(keyLength), random(ivLength)];
  const plaintext = new TextEncoder().encode(writeXml(element));
  const padded = mode === 'cbc' ? pad(plaintext) : plaintext;
  const ciphertext = await cipher.encrypt(recipient.content, key, iv, padded);
  const wrappedKey = await recipient.key.wrap(recipient.keyTransport, key);
  return build('xenc:EncryptedData', { Type: encryptedElementType }, [
    build('xenc:EncryptionMethod', { Algorithm: uri }),
    build('ds:KeyInfo', {}, [
      build('xenc:EncryptedKey', {}, [
        keyTransportMethod(recipient.keyTransport),
        recipient.key.certificate ? certificateInfo(recipient.key.certificate) : undefined,
        cipherData(wrappedKey),
      ]),
    ]),
    cipherData(iv, ciphertext),
  ]);
}

function keyTransportMethod(name: KeyTransportAlgorithm): XmlElement {
  const { uri, hash } = keyTransportAlgorithms[name];
  return build('xenc:EncryptionMethod', { Algorithm: uri }, [
    build('ds:DigestMethod', { Algorithm: digestAlgorithms[hash] }),
    // XML Encryption 1.1 5.5.2: rsa-oaep-mgf1p fixes the function, rsa-oaep names it.
    name === 'rsa-oaep-mgf1p' ? undefined : build('xenc11:MGF', { Algorithm: maskGeneration[hash] }),
  ]);
}

function cipherData(...parts: Bytes[]): XmlElement {
  return build('xenc:CipherData', {}, build('xenc:CipherValue', {}, encodeBase64(concatenate(parts))));
}

function concatenate(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** XML Encryption 1.1 5.2: filled up to the block size, the last byte says by how many; the others are free. */
function pad(plaintext: Bytes): Bytes {
  const padding = 16 - (plaintext.length % 16);
  return concatenate([plaintext, new Uint8Array(padding).fill(padding)]);
}
