import {
  type ContentAlgorithm,
  contentAlgorithms,
  digestAlgorithms,
  findAlgorithm,
  type KeyTransportAlgorithm,
  keyTransportAlgorithms,
  maskGeneration,
} from './algorithms.ts';
import { decodeBase64 } from './base64.ts';
import type { Bytes, ContentCipher, DecryptionKey } from './cryptography.ts';
import type { XmlElement } from './element.ts';
import { encryptedElementType, encryption11Namespace, encryptionNamespace } from './encrypt.ts';
import { XmlError } from './errors.ts';
import { parseXml } from './parse.ts';
import { findAttribute, findChild, getAttribute, getChild, listChildren, textOf } from './read.ts';
import { signatureNamespace } from './signature-placement.ts';

/** With what, and what, we decrypt. */
export interface DecryptionTrust {
  /** Our current keys: while one rolls over, there are two. */
  readonly keys: readonly DecryptionKey[];
  /** Without CBC unless the trust insists: see {@link decryptElement}. */
  readonly content: readonly ContentAlgorithm[];
  readonly keyTransport: readonly KeyTransportAlgorithm[];
}

/** How many recipients an encrypted element may list. */
const mostEncryptedKeys = 4;

/**
 * The element inside `xenc:EncryptedData`. The content key is in its KeyInfo or, for SAML's EncryptedAssertion and
 * its kin, in an `xenc:EncryptedKey` beside it.
 *
 * Throws {@link XmlError}: for what can be seen without a key by its own code, but for whatever goes wrong once a key
 * was used by `encryption.failed` with one text, be it key, padding, tag, characters or XML, since telling them apart
 * is what padding oracles live on. Decryption proves nothing about the sender (CBC can even be altered), so what is
 * returned must carry a signature, and its refusal must look the same from outside.
 */
export async function decryptElement(
  encrypted: XmlElement,
  trust: DecryptionTrust,
  cipher: ContentCipher,
  siblings: readonly XmlElement[] = [],
): Promise<XmlElement> {
  // XML Encryption 4.2: content and octets of other types are no element.
  if ((findAttribute(encrypted, 'Type') ?? encryptedElementType) !== encryptedElementType) {
    throw new XmlError('encryption.malformed', 'It is not of the type Element.');
  }
  const algorithm = readContentAlgorithm(encrypted, trust.content);
  const wrappedKeys = listEncryptedKeys(encrypted, siblings).map((key) => readEncryptedKey(key, trust.keyTransport));
  const { ivLength } = contentAlgorithms[algorithm];
  const ciphertext = readCipherValue(encrypted);
  for (const { keyTransport, wrappedKey } of wrappedKeys) {
    for (const key of trust.keys) {
      try {
        const contentKey = await key.unwrap(keyTransport, wrappedKey);
        return await decryptContent(algorithm, contentKey, ciphertext, ivLength, cipher);
      } catch {
        // The next key may be the right one; the last failure ends below, like every other.
      }
    }
  }
  throw new XmlError('encryption.failed', 'It cannot.');
}

async function decryptContent(
  algorithm: ContentAlgorithm,
  key: Bytes,
  data: Bytes,
  ivLength: number,
  cipher: ContentCipher,
): Promise<XmlElement> {
  const { keyLength, mode } = contentAlgorithms[algorithm];
  if (key.length !== keyLength) throw new Error('The content key has another length.');
  const plaintext = await cipher.decrypt(algorithm, key, data.subarray(0, ivLength), data.subarray(ivLength));
  return parseXml(mode === 'cbc' ? unpad(plaintext) : plaintext);
}

/** XML Encryption 1.1 5.2: the last byte says how many to take away; nothing else about them is fixed. */
function unpad(plaintext: Bytes): Bytes {
  const padding = plaintext.at(-1) ?? 0;
  if (padding < 1 || padding > 16) throw new Error('The padding is broken.');
  return plaintext.subarray(0, plaintext.length - padding);
}

function readContentAlgorithm(encrypted: XmlElement, allowed: readonly ContentAlgorithm[]): ContentAlgorithm {
  const uri = getAttribute(getChild(encrypted, encryptionNamespace, 'EncryptionMethod'), 'Algorithm');
  const name = findAlgorithm(contentAlgorithms, allowed, uri);
  if (!name) throw new XmlError('encryption.algorithm', `"${uri}" is not.`);
  return name;
}

function listEncryptedKeys(encrypted: XmlElement, siblings: readonly XmlElement[]): XmlElement[] {
  const keyInfo = findChild(encrypted, signatureNamespace, 'KeyInfo');
  const inside = keyInfo ? listChildren(keyInfo, encryptionNamespace, 'EncryptedKey') : [];
  const keys = [...inside, ...siblings];
  if (keys.length < 1 || keys.length > mostEncryptedKeys) {
    throw new XmlError('encryption.malformed', `There are ${keys.length} encrypted keys.`);
  }
  return keys;
}

function readEncryptedKey(encryptedKey: XmlElement, allowed: readonly KeyTransportAlgorithm[]) {
  const method = getChild(encryptedKey, encryptionNamespace, 'EncryptionMethod');
  const uri = getAttribute(method, 'Algorithm');
  const digest = findChild(method, signatureNamespace, 'DigestMethod');
  const mask = findChild(method, encryption11Namespace, 'MGF');
  const keyTransport = findAlgorithm(keyTransportAlgorithms, allowed, uri);
  const hash = keyTransport ? keyTransportAlgorithms[keyTransport].hash : 'sha1';
  // XML Encryption 1.1 5.5.2: both default to SHA-1. One hash for both is what cryptographic libraries offer.
  const hashes = [
    (digest && findAttribute(digest, 'Algorithm')) ?? digestAlgorithms.sha1,
    (mask && findAttribute(mask, 'Algorithm')) ?? maskGeneration.sha1,
  ];
  if (!keyTransport || hashes[0] !== digestAlgorithms[hash] || hashes[1] !== maskGeneration[hash]) {
    throw new XmlError('encryption.algorithm', `"${uri}" with ${hashes.join(', ')} is not.`);
  }
  if (findChild(method, encryptionNamespace, 'OAEPparams')) {
    throw new XmlError('encryption.algorithm', 'OAEP parameters are not.');
  }
  return { keyTransport, wrappedKey: readCipherValue(encryptedKey) };
}

/** The bytes; a reference to bytes elsewhere (XML Encryption 3.3.1) is not followed. */
function readCipherValue(parent: XmlElement): Bytes {
  const data = getChild(parent, encryptionNamespace, 'CipherData');
  return decodeBase64(textOf(getChild(data, encryptionNamespace, 'CipherValue')));
}
