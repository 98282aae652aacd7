// xmlsec1 (Debian package of that name), the reference of XML Signature and XML Encryption in C, on the other side:
// what we sign and encrypt it verifies and decrypts, and the other way round. pysaml2, lasso and others build on it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import {
  buildAssertion,
  buildMetadata,
  buildSaml11Assertion,
  sealResponse,
  signedElements,
  signSaml,
} from '@countersign/saml';
import {
  type ContentAlgorithm,
  contentAlgorithms,
  type DecryptionTrust,
  decryptElement,
  encryptElement,
  parseXml,
  type SignatureAlgorithm,
  signatureAlgorithms,
  verifySignature,
  writeXml,
  type XmlElement,
} from '@countersign/xml';
import fc from 'fast-check';
import { assertion, response } from '../../protocols/saml/test/parties.ts';
import { saml11 } from '../../protocols/ws-federation/test/tokens.ts';
import { anyElement, meaning } from '../../protocols/xml/test/documents.ts';
import {
  contentCipher,
  decryptionKey,
  digest,
  ec,
  encryptionKey,
  random,
  rsa,
  signer,
  verificationKey,
} from '../../protocols/xml/test/node-cryptography.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-xmlsec1-'));
after(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};
const keys = { rsa, ec };
const keyFile = (name: 'rsa' | 'ec', kind: 'public' | 'private') => {
  const { publicKey, privateKey } = keys[name];
  const type = { public: 'spki', private: 'pkcs8' } as const;
  const key = kind === 'public' ? publicKey : privateKey;
  return file(`${name}-${kind}.pem`, key.export({ type: type[kind], format: 'pem' } as never).toString());
};

/** Runs xmlsec1 on a document and returns what it prints; throws with its complaint. */
function xmlsec1(options: string[], document: string): string {
  try {
    return execFileSync('xmlsec1', [...options, file('document.xml', document)], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('This test needs the program xmlsec1: install the package xmlsec1.', { cause: error });
  }
}

/** Tells xmlsec1, which reads no schema, which attributes are identifiers. */
const idAttributes = [
  ...signedElements.map(({ namespace, name }) => ['--id-attr:ID', `${namespace}:${name}`]),
  ['--id-attr:ID', 'urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor'],
  ['--id-attr:AssertionID', 'urn:oasis:names:tc:SAML:1.0:assertion:Assertion'],
].flat();

function verifies(
  document: XmlElement,
  signature = '(//*[local-name()="Signature"])[1]',
  key: 'rsa' | 'ec' = 'rsa',
): void {
  xmlsec1(
    ['--verify', '--pubkey-pem', keyFile(key, 'public'), ...idAttributes, '--node-xpath', signature],
    writeXml(document),
  );
}

/** A response that carries any content, which neither side has to understand. */
const carry = (content: XmlElement): XmlElement =>
  parseXml(writeXml({ ...buildAssertion(assertion), children: [...buildAssertion(assertion).children, content] }));

/** Not all a property test's runs, since each starts a process. */
const samples = (count: number) => fc.sample(anyElement, count);

test('xmlsec1 verifies what is signed here, by every algorithm', async () => {
  for (const algorithm of Object.keys(signatureAlgorithms) as SignatureAlgorithm[]) {
    const { keyType } = signatureAlgorithms[algorithm];
    // xmlsec1 1.2 knows no RSA-PSS.
    if (algorithm.startsWith('rsa-pss')) continue;
    const protection = { signer: signer(algorithm, keys[keyType].privateKey), digest };
    for (const content of samples(3)) verifies(await signSaml(carry(content), protection), undefined, keyType);
  }
});

test('xmlsec1 verifies responses, metadata and SAML 1.1 assertions that are signed here', async () => {
  const protection = { signer: signer('rsa-sha256', rsa.privateKey), digest };
  const both = await sealResponse(response, assertion, { ...protection, signed: 'both' });
  verifies(both, '/*/*[local-name()="Signature"]');
  verifies(both, '/*/*[local-name()="Assertion"]/*[local-name()="Signature"]');
  verifies(await signSaml(buildMetadata({ entityId: 'https://idp.example', contacts: [] }, { id: '_m' }), protection));
  verifies(await signSaml(buildSaml11Assertion(saml11), protection));
  const changed = parseXml(writeXml(both).replace('marge', 'homer'));
  assert.throws(() => verifies(changed, '/*/*[local-name()="Signature"]'));
});

test('what xmlsec1 signs is verified here, with and without a prefix list', async () => {
  const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
  const list = `<ec:InclusiveNamespaces xmlns:ec="${exclusive}" PrefixList="p q #default"/>`;
  for (const prefixes of ['', list]) {
    const template = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#">
      <ds:SignedInfo><ds:CanonicalizationMethod Algorithm="${exclusive}">${prefixes}</ds:CanonicalizationMethod>
      <ds:SignatureMethod Algorithm="${signatureAlgorithms['rsa-sha256'].uri}"/>
      <ds:Reference URI="#_assertion"><ds:Transforms>
        <ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
        <ds:Transform Algorithm="${exclusive}">${prefixes}</ds:Transform></ds:Transforms>
      <ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>
      <ds:SignatureValue/></ds:Signature>`;
    for (const content of samples(5)) {
      const text = writeXml(carry(content)).replace('</saml:Issuer>', `</saml:Issuer>${template}`);
      const signed = xmlsec1(['--sign', '--privkey-pem', keyFile('rsa', 'private'), ...idAttributes], text);
      const document = parseXml(signed);
      const trust = { keys: [verificationKey('rsa', rsa.publicKey)], algorithms: ['rsa-sha256'] } as const;
      const { element } = await verifySignature(document, document, signedElements, trust, digest);
      assert.deepEqual(meaning(element), meaning(carry(content)));
    }
  }
});

const gcmAndCbc = Object.keys(contentAlgorithms) as ContentAlgorithm[];

test('xmlsec1 decrypts what is encrypted here', async () => {
  const key = encryptionKey(rsa.publicKey);
  for (const content of gcmAndCbc) {
    for (const element of samples(5)) {
      const encrypted = await encryptElement(
        element,
        { key, content, keyTransport: 'rsa-oaep-mgf1p' },
        contentCipher,
        random,
      );
      const text = xmlsec1(['--decrypt', '--privkey-pem', keyFile('rsa', 'private')], writeXml(encrypted));
      assert.deepEqual(meaning(parseXml(text)), meaning(element));
    }
  }
});

test('what xmlsec1 encrypts is decrypted here', async () => {
  const trust: DecryptionTrust = {
    keys: [decryptionKey(rsa.privateKey)],
    content: gcmAndCbc,
    keyTransport: ['rsa-oaep-mgf1p'],
  };
  for (const content of gcmAndCbc) {
    const template = `<xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Type="http://www.w3.org/2001/04/xmlenc#Element">
      <xenc:EncryptionMethod Algorithm="${contentAlgorithms[content].uri}"/>
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>
        <xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"/>
        <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>
      <xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>`;
    for (const element of samples(5)) {
      const data = file('data.xml', writeXml(element));
      const options = [
        '--encrypt',
        '--pubkey-pem',
        keyFile('rsa', 'public'),
        '--session-key',
        `aes-${contentAlgorithms[content].keyLength * 8}`,
        '--xml-data',
        data,
      ];
      const encrypted = parseXml(xmlsec1(options, template));
      assert.deepEqual(meaning(await decryptElement(encrypted, trust, contentCipher)), meaning(element));
    }
  }
});
