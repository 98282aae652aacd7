import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptElement, isNamed, vocabulary, type XmlElement } from '@countersign/xml';
import { encryptionKey, rsa } from '../../xml/test/node-cryptography.ts';
import { buildAssertion, samlNamespace, signSaml, verifyResponse } from '../src/index.ts';
import { buildResponse } from '../src/response.ts';
import {
  assertion,
  cryptography,
  digest,
  idpSigner,
  random,
  refusal,
  response,
  responseTrust,
  sent,
} from './parties.ts';

const build = vocabulary({ saml: samlNamespace });
const recipient = {
  key: encryptionKey(rsa.publicKey),
  content: 'aes256-gcm',
  keyTransport: 'rsa-oaep-mgf1p',
} as const;

/** The tree with every element of that name replaced. */
async function replace(
  element: XmlElement,
  name: string,
  by: (found: XmlElement) => Promise<XmlElement>,
): Promise<XmlElement> {
  if (isNamed(element, samlNamespace, name)) return by(element);
  const children = element.children.map((child) => (typeof child === 'string' ? child : replace(child, name, by)));
  return { ...element, children: await Promise.all(children) };
}

const hide = (as: 'EncryptedID' | 'EncryptedAttribute') => async (element: XmlElement) =>
  build(`saml:${as}`, {}, await encryptElement(element, recipient, cryptography.cipher, random));

/** A signed response around the assertion. */
async function answer(element: XmlElement): Promise<XmlElement> {
  const signed = await signSaml(element, { signer: idpSigner, digest });
  return sent(buildResponse(response, signed));
}

test('SAML Core 2.2.4, 2.7.3.2: encrypted names and attributes are read as if they were in the clear', async () => {
  const named = await replace(buildAssertion(assertion), 'NameID', hide('EncryptedID'));
  const element = await answer(await replace(named, 'Attribute', hide('EncryptedAttribute')));
  const { assertion: read, wasEncrypted } = await verifyResponse(element, responseTrust, cryptography);
  assert.equal(wasEncrypted, false);
  assert.equal(read?.subject?.nameId?.value, 'marge@jogcloud.com');
  assert.deepEqual(read.attributes[0]?.values, ['Network Operators', 'Security Admins']);
  const { decryption: _, ...blind } = responseTrust;
  await assert.rejects(verifyResponse(element, blind, cryptography), refusal('assertion.subject'));
});

test('SAML Core 2.2.4: what is encrypted as a name must be one', async () => {
  const wrong = async () => hide('EncryptedID')(build('saml:Attribute', { Name: 'groups' }));
  const element = await answer(await replace(buildAssertion(assertion), 'NameID', wrong));
  await assert.rejects(verifyResponse(element, responseTrust, cryptography), refusal('encryption.failed'));
});
