// Identity providers that encrypt what they say of people to the hub.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AssertionEncryption, type EncryptionKeyDescriptor, parseMetadata } from '@countersign/saml';
import { type ContentAlgorithm, contentAlgorithms, parseXml } from '@countersign/xml';
import { makeSigningKey, rotateSigningKey, xmlContentCipher } from '../../src/issuance/index.ts';
import { xmlEncryptionKey } from '../../src/issuance/xml-cryptography.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { changeProvider, createProvider, type ProviderInput } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey } from '../sign-in/journey.ts';
import {
  answerFor,
  certificateOf,
  issuer,
  location,
  providerKey,
  readRequest,
  type Wrong,
} from './fake-saml-provider.ts';

const hour = 3600;
const withCbc: ContentAlgorithm[] = ['aes256-gcm', 'aes256-cbc'];

async function open(database: OpenedDatabase, saml: ProviderInput['saml'] = {}) {
  const journey = await new Journey(database).begin();
  const singleSignOn = { binding: 'redirect', location } as const;
  const trust = { id: 'Home', displayName: 'Home', issuer, createsUsers: true, protocol: 'saml' } as const;
  const signingCertificates = [certificateOf(providerKey)];
  await journey.storage.write((stores) =>
    createProvider(stores, journey.act(), { ...trust, saml: { singleSignOn, signingCertificates, ...saml } }),
  );
  const { id } = journey.tenant;
  const returnPath = `/${id}/federation/Home`;
  const signer = await journey.upstreamKeys.signer(id);

  /** The keys to which our metadata say that one may encrypt. */
  const publishedKeys = async () => {
    const { text } = await journey.browser().open(`${returnPath}/metadata`);
    return parseMetadata(parseXml(text))[0]?.serviceProvider?.encryptionKeys ?? [];
  };

  /** Comes back with an answer, and tells what became of it. */
  const visit = async (wrong: Wrong, change = (message: string) => message) => {
    const browser = journey.browser();
    await journey.interact(browser, { domainHint: 'Home' });
    const { request, relayState } = await readRequest(browser.continuesTo(), certificateOf(signer));
    const answer = await answerFor(request, relayState, `https://hub.example/${id}/`, journey.now, wrong);
    const message = Buffer.from(answer.get('SAMLResponse') ?? '', 'base64').toString();
    answer.set('SAMLResponse', Buffer.from(change(message)).toString('base64'));
    const { status, text } = await browser.post(returnPath, answer);
    const [correlationId = ''] = relayState.split('.');
    const [event] = await journey.storage.read.signInEvents.list(id, { correlationId }, 1);
    if (!event?.failure) return { browser };
    const trace = await journey.storage.read.signInTraces.find(id, correlationId);
    const page = text.replaceAll(correlationId, '').replaceAll(/(value|data-options)="[^"]*"/g, '');
    return { browser, refusal: { status, page, failure: event.failure }, check: trace?.checks.at(-1)?.check };
  };
  const isIn = async (wrong: Wrong) => {
    const { browser, refusal } = await visit(wrong);
    assert.equal(refusal, undefined);
    return journey.completed(browser);
  };
  return { journey, publishedKeys, visit, isIn };
}

function encryptedTo(key: EncryptionKeyDescriptor | undefined, content: ContentAlgorithm): AssertionEncryption {
  assert.ok(key);
  return {
    recipient: { key: xmlEncryptionKey(key.certificate), content, keyTransport: 'rsa-oaep-mgf1p' },
    cipher: xmlContentCipher,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}

onEachDatabase((database) => {
  test('SAML Core 6.2: an assertion that was encrypted to the key in our metadata lets its person in', async () => {
    const { publishedKeys, isIn } = await open(database, { mustBeEncrypted: true });
    const [key, ...more] = await publishedKeys();
    assert.deepEqual(more, []);
    assert.deepEqual(
      key?.methods.filter((uri) => uri.includes('aes')),
      [contentAlgorithms['aes128-gcm'].uri, contentAlgorithms['aes256-gcm'].uri],
    );
    for (const signed of ['response', 'assertion', 'both'] as const) {
      await isIn({ signed, encryption: encryptedTo(key, 'aes256-gcm') });
    }
  });

  test('SAML Core 6.1: where assertions must be encrypted, one in the clear is refused', async () => {
    const { visit } = await open(database, { mustBeEncrypted: true });
    assert.equal((await visit({})).check, 'assertion.unencrypted');
  });

  test('an assertion whose signature is another one’s is refused, encrypted or not', async () => {
    const { publishedKeys, visit } = await open(database);
    const encryption = encryptedTo((await publishedKeys())[0], 'aes128-gcm');
    const { strangerKey: signer } = await import('./fake-saml-provider.ts');
    assert.equal((await visit({ encryption, signer, signed: 'assertion' })).check, 'signature.value');
  });

  test('CBC is refused unless the trust takes it, and nobody encrypts where no cipher is taken', async () => {
    const { journey, publishedKeys, visit, isIn } = await open(database);
    const encryption = encryptedTo((await publishedKeys())[0], 'aes256-cbc');
    assert.equal((await visit({ encryption })).check, 'encryption.algorithm');
    const change = (contentEncryption: readonly ContentAlgorithm[]) =>
      journey.storage.write((stores) => changeProvider(stores, journey.act(), 'Home', { saml: { contentEncryption } }));
    await change(withCbc);
    await isIn({ encryption });
    await change([]);
    assert.deepEqual(await publishedKeys(), []);
    assert.equal((await visit({ encryption })).check, 'encryption.algorithm');
    await assert.rejects(
      journey.storage.write((stores) =>
        changeProvider(stores, journey.act(), 'Home', { saml: { mustBeEncrypted: true } }),
      ),
      { code: 'upstream-providers.invalid' },
    );
  });

  test('XML Encryption 6.1.1: whatever is wrong with a ciphertext, the answer to it is the same', async () => {
    const { publishedKeys, visit } = await open(database, { contentEncryption: withCbc });
    const encryption = encryptedTo((await publishedKeys())[0], 'aes256-cbc');
    const changed = (which: number, at: (length: number) => number) => (message: string) => {
      const values = [...message.matchAll(/<xenc:CipherValue>([^<]*)</g)];
      const found = values[which]?.[1] ?? '';
      const bytes = Buffer.from(found, 'base64');
      const position = at(bytes.length);
      bytes[position] = (bytes[position] ?? 0) ^ 0x55;
      return message.replace(found, bytes.toString('base64'));
    };
    const [wrappedKey, content] = [0, 1];
    const changes = [
      changed(wrappedKey, () => 7),
      changed(content, () => 0),
      changed(content, () => 40),
      changed(content, (length) => length - 1),
      changed(content, (length) => length - 17),
      (message: string) =>
        message.replace(/(.{24})(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData>)/, '$2'),
    ];
    const refusals = [];
    for (const change of changes) refusals.push((await visit({ encryption, signed: 'assertion' }, change)).refusal);
    for (const refusal of refusals) assert.deepEqual(refusal, refusals[0]);
    assert.equal(refusals[0]?.failure, 'upstream_answer_wrong');
  });

  test('SAML Metadata 2.4.1.1: a new key is told at once, and the one before decrypts until all know the new', async () => {
    const { journey, publishedKeys, visit, isIn } = await open(database);
    const [first] = await publishedKeys();
    const made = await makeSigningKey('RSA-OAEP', journey.tenant.id, journey.now);
    await journey.storage.write((stores) => rotateSigningKey(stores, journey.act(), made));
    journey.pass(60);
    const [second, ...more] = await publishedKeys();
    assert.deepEqual(more, []);
    assert.notEqual(second?.certificate, first?.certificate);
    for (const key of [first, second]) await isIn({ encryption: encryptedTo(key, 'aes128-gcm') });
    journey.pass(72 * hour);
    for (const key of [first, second]) await isIn({ encryption: encryptedTo(key, 'aes128-gcm') });
    journey.pass(2 * hour);
    assert.equal((await visit({ encryption: encryptedTo(first, 'aes128-gcm') })).check, 'encryption.failed');
    await isIn({ encryption: encryptedTo(second, 'aes128-gcm') });
  });
});
