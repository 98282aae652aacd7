import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promisify } from 'node:util';
import fc from 'fast-check';
import * as xmlEncryption from 'xml-encryption';
import {
  type ContentAlgorithm,
  contentAlgorithms,
  type DecryptionTrust,
  decryptElement,
  defaultContentAlgorithms,
  encryptElement,
  getChild,
  type KeyTransportAlgorithm,
  keyTransportAlgorithms,
  parseXml,
  vocabulary,
  writeXml,
  type XmlElement,
  XmlError,
  type XmlRefusal,
} from '../src/index.ts';
import { anyElement, meaning } from './documents.ts';
import { contentCipher, decryptionKey, encryptionKey, otherRsa, random, rsa } from './node-cryptography.ts';

const contents = Object.keys(contentAlgorithms) as ContentAlgorithm[];
const keyTransports = Object.keys(keyTransportAlgorithms) as KeyTransportAlgorithm[];
const trust: DecryptionTrust = {
  keys: [decryptionKey(otherRsa.privateKey), decryptionKey(rsa.privateKey)],
  content: contents,
  keyTransport: keyTransports,
};
const build = vocabulary({ t: 'urn:t', xenc: 'http://www.w3.org/2001/04/xmlenc#' });
const secret = build('t:Secret', {}, 'Marge');

function encrypt(element: XmlElement, content: ContentAlgorithm, keyTransport: KeyTransportAlgorithm) {
  return encryptElement(element, { key: encryptionKey(rsa.publicKey), content, keyTransport }, contentCipher, random);
}

async function refuses(
  encrypted: XmlElement,
  code: XmlRefusal,
  changed: Partial<DecryptionTrust> = {},
  siblings: XmlElement[] = [],
) {
  await assert.rejects(
    decryptElement(encrypted, { ...trust, ...changed }, contentCipher, siblings),
    (error: unknown) => error instanceof XmlError && error.code === code && error.cause === undefined,
  );
}

test('XML Encryption 4: what is encrypted is decrypted, by every algorithm', async () => {
  for (const content of contents) {
    for (const keyTransport of keyTransports) {
      await fc.assert(
        fc.asyncProperty(anyElement, async (element) => {
          const encrypted = parseXml(writeXml(await encrypt(element, content, keyTransport)));
          assert.deepEqual(meaning(await decryptElement(encrypted, trust, contentCipher)), meaning(element));
        }),
        { numRuns: 10 },
      );
    }
  }
});

test('the certificate of the recipient is shown when there is one, and the encrypted key may stand beside the data', async () => {
  const key = encryptionKey(rsa.publicKey, 'TUlJ');
  const encrypted = await encryptElement(
    secret,
    { key, content: 'aes256-gcm', keyTransport: 'rsa-oaep-mgf1p' },
    contentCipher,
    random,
  );
  const text = writeXml(encrypted);
  assert.ok(text.includes('<ds:X509Certificate>TUlJ</ds:X509Certificate>'));
  const keyInfo = getChild(encrypted, 'http://www.w3.org/2000/09/xmldsig#', 'KeyInfo');
  const sibling = getChild(keyInfo, 'http://www.w3.org/2001/04/xmlenc#', 'EncryptedKey');
  const bare = { ...encrypted, children: encrypted.children.filter((child) => child !== keyInfo) };
  assert.equal((await decryptElement(bare, trust, contentCipher, [sibling])).name, 'Secret');
  await refuses(bare, 'encryption.malformed');
  await refuses(bare, 'encryption.malformed', {}, [sibling, sibling, sibling, sibling, sibling]);
});

test('XML Encryption 5.1: algorithms that the trust does not list are refused', async () => {
  const cbc = await encrypt(secret, 'aes128-cbc', 'rsa-oaep-mgf1p');
  await refuses(cbc, 'encryption.algorithm', { content: defaultContentAlgorithms });
  await refuses(cbc, 'encryption.algorithm', { keyTransport: ['rsa-oaep-sha256'] });
  const text = writeXml(await encrypt(secret, 'aes128-gcm', 'rsa-oaep-sha256'));
  const edits: [string, string][] = [
    ['http://www.w3.org/2009/xmlenc11#rsa-oaep', 'http://www.w3.org/2001/04/xmlenc#rsa-1_5'],
    ['http://www.w3.org/2009/xmlenc11#aes128-gcm', 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc'],
    ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2000/09/xmldsig#sha1'],
    ['http://www.w3.org/2009/xmlenc11#mgf1sha256', 'http://www.w3.org/2009/xmlenc11#mgf1sha1'],
    ['<ds:DigestMethod', '<xenc:OAEPparams>AAAA</xenc:OAEPparams><ds:DigestMethod'],
    [
      '<ds:DigestMethod xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>',
      '',
    ],
  ];
  for (const [search, replacement] of edits.filter(([search]) => text.includes(search))) {
    await refuses(parseXml(text.replace(search, replacement)), 'encryption.algorithm');
  }
});

test('XML Encryption 1.1 5.5.2: without a digest method the key transport uses SHA-1', async () => {
  const text = writeXml(await encrypt(secret, 'aes128-gcm', 'rsa-oaep-mgf1p'));
  const plain = parseXml(text.replace(/<ds:DigestMethod.*?<\/ds:DigestMethod>/, ''));
  assert.equal((await decryptElement(plain, trust, contentCipher)).name, 'Secret');
});

test('XML Encryption 3: what has another form is refused', async () => {
  const text = writeXml(await encrypt(secret, 'aes128-gcm', 'rsa-oaep-mgf1p'));
  await refuses(parseXml(text.replace('xmlenc#Element', 'xmlenc#Content')), 'encryption.malformed');
  await refuses(parseXml(text.replaceAll('CipherValue', 'CipherReference')), 'xml.unexpected_content');
  await refuses(parseXml(text.replaceAll(/<xenc:CipherValue>[^<]*/g, '<xenc:CipherValue>A')), 'xml.base64');
  const untyped = parseXml(text.replace(/ Type="[^"]*"/, ''));
  assert.equal((await decryptElement(untyped, trust, contentCipher)).name, 'Secret');
});

test('XML Encryption 6.4: whatever goes wrong with a key in hand looks the same', async () => {
  const failures = new Set<string>();
  const collect = async (encrypted: XmlElement, changed: Partial<DecryptionTrust> = {}) => {
    await decryptElement(encrypted, { ...trust, ...changed }, contentCipher).catch((error: Error) =>
      failures.add(JSON.stringify([error.message, String(error.cause), Object.entries(error)])),
    );
  };
  const flip = (text: string, fromEnd: number) => {
    const at = text.lastIndexOf('</xenc:CipherValue>');
    const start = text.lastIndexOf('>', at - 1) + 1;
    const bytes = Buffer.from(text.slice(start, at), 'base64');
    bytes[bytes.length - fromEnd] = (bytes[bytes.length - fromEnd] ?? 0) ^ 0xff;
    return parseXml(text.slice(0, start) + bytes.toString('base64') + text.slice(at));
  };
  for (const content of contents) {
    const text = writeXml(await encrypt(secret, content, 'rsa-oaep-mgf1p'));
    const before = failures.size;
    // The last byte of the padding, the XML, the tag, the initialization vector.
    for (const fromEnd of [1, 17, 33, 40]) await collect(flip(text, fromEnd));
    await collect(parseXml(text), { keys: [decryptionKey(otherRsa.privateKey)] });
    await collect(parseXml(text), { keys: [] });
    assert.ok(failures.size <= before + 1);
  }
  assert.equal(failures.size, 1);
  await refuses(await encrypt(secret, 'aes128-gcm', 'rsa-oaep-mgf1p'), 'encryption.failed', {
    keys: [{ unwrap: () => new Uint8Array(5) }],
  });
});

const privatePem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();

test('xml-encryption decrypts what is encrypted here', async () => {
  const decrypt = promisify(xmlEncryption.decrypt) as (text: string, options: object) => Promise<string>;
  for (const content of contents) {
    const text = writeXml(await encrypt(secret, content, 'rsa-oaep-mgf1p'));
    assert.equal(
      await decrypt(text, { key: privatePem, disallowDecryptionWithInsecureAlgorithm: false }),
      writeXml(secret),
    );
  }
});

test('what xml-encryption encrypts is decrypted here', async () => {
  const theirs = promisify(xmlEncryption.encrypt) as (text: string, options: object) => Promise<string>;
  for (const content of contents) {
    const text = await theirs(writeXml(secret), {
      rsa_pub: publicPem,
      // Only shown, in the KeyInfo.
      pem: '-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----',
      encryptionAlgorithm: contentAlgorithms[content].uri,
      keyEncryptionAlgorithm: keyTransportAlgorithms['rsa-oaep-mgf1p'].uri,
      keyEncryptionDigest: 'sha1',
    });
    assert.equal((await decryptElement(parseXml(text), trust, contentCipher)).name, 'Secret');
  }
});
