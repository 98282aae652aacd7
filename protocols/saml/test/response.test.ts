import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml, writeXml } from '@countersign/xml';
import { encryptionKey, rsa } from '../../xml/test/node-cryptography.ts';
import {
  buildAuthnRequest,
  parseAuthnRequest,
  SamlStatusError,
  sealResponse,
  signSaml,
  statusOf,
  verifyMessage,
  verifyResponse,
} from '../src/index.ts';
import {
  assertion,
  certificateBase64,
  compression,
  cryptography,
  digest,
  idpSigner,
  random,
  refusal,
  request,
  response,
  responseTrust,
  seal,
  sent,
  signatures,
} from './parties.ts';

const protection = { signer: idpSigner, digest, signed: 'both' } as const;

test('SAML Profiles 4.1.4.5: what is signed as the trust asks is read, with who signed it', async () => {
  for (const signed of ['response', 'assertion', 'both'] as const) {
    const element = sent(await seal(signed));
    const verified = await verifyResponse(element, { ...responseTrust, signed }, cryptography);
    assert.deepEqual(verified.response, {
      ...response,
      consent: undefined,
      status: { code: 'Success', secondLevelCode: undefined, message: undefined },
    });
    assert.equal(verified.assertion?.subject?.nameId?.value, 'marge@jogcloud.com');
    assert.deepEqual(
      [verified.isResponseSigned, verified.isAssertionSigned],
      [signed !== 'assertion', signed !== 'response'],
    );
    assert.deepEqual(verified.keyIds, signed === 'both' ? ['idp', 'idp'] : ['idp']);
    assert.equal((await verifyResponse(element, responseTrust, cryptography)).assertion?.id, '_assertion');
  }
});

test('SAML Profiles 4.1.4.5: what the trust asks to be signed, and is not, is refused', async () => {
  const { signed: _, ...trust } = responseTrust;
  const verify = async (signed: 'response' | 'assertion', asked: 'response' | 'assertion' | 'both') =>
    verifyResponse(sent(await seal(signed)), { ...trust, signed: asked }, cryptography);
  await assert.rejects(verify('assertion', 'response'), refusal('message.unsigned'));
  await assert.rejects(verify('assertion', 'both'), refusal('message.unsigned'));
  await assert.rejects(verify('response', 'assertion'), refusal('assertion.unsigned'));
  await assert.rejects(verify('response', 'both'), refusal('assertion.unsigned'));
  const unsigned = parseXml(writeXml(await seal('assertion')).replace(/<ds:Signature.*<\/ds:Signature>/, ''));
  await assert.rejects(verifyResponse(unsigned, responseTrust, cryptography), refusal('assertion.unsigned'));
});

test('SAML Core 6: encrypted assertions are decrypted, and their signature counts', async () => {
  const recipient = {
    key: encryptionKey(rsa.publicKey, certificateBase64),
    content: 'aes128-gcm',
    keyTransport: 'rsa-oaep-mgf1p',
  } as const;
  const encryption = { recipient, cipher: cryptography.cipher, random };
  for (const signed of ['response', 'assertion', 'both'] as const) {
    const element = sent(await sealResponse(response, assertion, { ...protection, signed, encryption }));
    assert.ok(!writeXml(element).includes('marge'));
    const verified = await verifyResponse(element, { ...responseTrust, signed, mustBeEncrypted: true }, cryptography);
    assert.equal(verified.wasEncrypted, true);
    assert.equal(verified.assertion?.subject?.nameId?.value, 'marge@jogcloud.com');
  }
  const encrypted = sent(await sealResponse(response, assertion, { ...protection, signed: 'response', encryption }));
  await assert.rejects(
    verifyResponse(encrypted, { ...responseTrust, decryption: undefined }, cryptography),
    refusal('encryption.failed'),
  );
  await assert.rejects(
    verifyResponse(encrypted, { ...responseTrust, signed: 'assertion' }, cryptography),
    refusal('assertion.unsigned'),
  );
  await assert.rejects(
    verifyResponse(sent(await seal('both')), { ...responseTrust, mustBeEncrypted: true }, cryptography),
    refusal('assertion.unencrypted'),
  );
});

test('SAML Core 3.2.2.2: a failure is told signed, with its two codes and the text for the peer', async () => {
  const error = new SamlStatusError('request.no_passive', 'There is no session.');
  assert.deepEqual([error.mayRedirect, error.spec], [true, 'SAML Core 3.4.1']);
  const element = sent(
    await sealResponse({ ...response, status: statusOf(error) }, undefined, { ...protection, signed: 'assertion' }),
  );
  const verified = await verifyResponse(element, { ...responseTrust, signed: 'response' }, cryptography);
  assert.equal(verified.assertion, undefined);
  assert.deepEqual(verified.response.status, {
    code: 'Responder',
    secondLevelCode: 'NoPassive',
    message: 'The user cannot be signed in without being asked.',
  });
  const success = sent(await sealResponse(response, undefined, protection));
  await assert.rejects(verifyResponse(success, responseTrust, cryptography), refusal('response.assertions'));
  const anonymous = sent(await sealResponse({ ...response, issuer: undefined }, assertion, protection));
  assert.equal((await verifyResponse(anonymous, responseTrust, cryptography)).response.issuer, undefined);
  const own = sent(await sealResponse({ ...response, status: { code: 'urn:own:code' } }, undefined, protection));
  assert.equal((await verifyResponse(own, responseTrust, cryptography)).response.status.code, 'urn:own:code');
});

test('SAML Core 5: signed requests are verified, unsigned ones taken only where the trust says so', async () => {
  const signed = sent(await signSaml(buildAuthnRequest(request), protection));
  const { element, keyId } = await verifyMessage(signed, signatures, true, digest);
  assert.deepEqual([parseAuthnRequest(element).id, keyId], [request.id, 'idp']);
  const unsigned = sent(buildAuthnRequest(request));
  assert.equal((await verifyMessage(unsigned, signatures, false, digest)).keyId, undefined);
  await assert.rejects(verifyMessage(unsigned, signatures, true, digest), refusal('message.unsigned'));
  // A trust without keys cannot look, and does not; one with keys looks even when it need not.
  const strangers = { ...signatures, keys: [] };
  assert.equal((await verifyMessage(signed, strangers, false, digest)).keyId, undefined);
  await assert.rejects(verifyMessage(signed, strangers, true, digest), refusal('signature.value'));
  const changed = parseXml(writeXml(signed).replace('_request', '_requesT'));
  await assert.rejects(verifyMessage(changed, signatures, false, digest), refusal('signature.reference'));
  assert.throws(() => signSaml(parseXml('<a/>'), protection), /SAML signs no a/);
});

test('compression for tests refuses what is longer than allowed', () => {
  assert.throws(() => compression.inflate(compression.deflate(new Uint8Array(1000)) as Uint8Array, 10));
});
