import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptElement, parseXml, verifySignature, walk, writeXml, type XmlElement, XmlError } from '@countersign/xml';
import fc from 'fast-check';
import {
  decryptionKey,
  ec,
  encryptionKey,
  otherRsa,
  rsa,
  signer,
  verificationKey,
} from '../../xml/test/node-cryptography.ts';
import {
  buildAuthnRequest,
  checkAssertion,
  checkResponse,
  parseAuthnRequest,
  parseLogoutRequest,
  parseMetadata,
  parsePost,
  parseSaml11Assertion,
  type ResponseTrust,
  SamlStatusError,
  sealResponse,
  signedElements,
  signSaml,
  verifyMessage,
  verifyResponse,
} from '../src/index.ts';
import { textAttacks, wrappingAttacks } from './corpus.ts';
import {
  assertion,
  certificateBase64,
  cryptography,
  digest,
  expectedAssertion,
  expectedResponse,
  idpSigner,
  random,
  refusal,
  request,
  response,
  responseTrust,
  seal,
  signatures,
} from './parties.ts';

/** Everything that stands between a posted response and a signed-in user. */
async function receive(text: string, trust: ResponseTrust = responseTrust): Promise<string> {
  const { element } = parsePost({ SAMLResponse: [Buffer.from(text).toString('base64')] });
  const verified = await verifyResponse(element, trust, cryptography);
  checkResponse(verified.response, { ...expectedResponse, isSigned: verified.isResponseSigned });
  assert.ok(verified.assertion);
  return checkAssertion(verified.assertion, expectedAssertion).nameId.value;
}

test('the responses that the attacks start from are good', async () => {
  for (const signed of ['response', 'assertion', 'both'] as const) {
    assert.equal(await receive(writeXml(await seal(signed))), 'marge@jogcloud.com');
  }
});

for (const { name, text, reason } of await wrappingAttacks()) {
  test(`SAML Core 5.4.2, signature wrapping: ${name}`, async () => {
    await assert.rejects(receive(text), refusal(reason));
  });
}

for (const { name, text, reason } of await textAttacks()) {
  test(`SAML Core 5, hostile text: ${name}`, async () => {
    await assert.rejects(receive(text), refusal(reason));
  });
}

test('SAML Core 5.4.5: keys in the message are not believed', async () => {
  const attacker = signer('rsa-sha256', otherRsa.privateKey, certificateBase64);
  const forged = await sealResponse(response, assertion, { signer: attacker, digest, signed: 'both' });
  await assert.rejects(receive(writeXml(forged)), refusal('signature.value'));
});

test('SAML Core 5.4.1: a good response with a bad assertion inside, and the other way round, is refused', async () => {
  const attacker = signer('rsa-sha256', otherRsa.privateKey);
  const inner = await sealResponse(response, assertion, { signer: attacker, digest, signed: 'assertion' });
  await assert.rejects(
    receive(writeXml(await signSaml(inner, { signer: idpSigner, digest }))),
    refusal('signature.value'),
  );
  const outer = await sealResponse(response, assertion, { signer: idpSigner, digest, signed: 'assertion' });
  await assert.rejects(
    receive(writeXml(await signSaml(outer, { signer: attacker, digest }))),
    refusal('signature.value'),
  );
});

test('SAML Core 5.4.1: a key of the wrong type or too short is not believed', async () => {
  const text = writeXml(await seal('both'));
  const trust = (keys: ResponseTrust['signatures']['keys']) => ({
    ...responseTrust,
    signatures: { ...signatures, keys },
  });
  await assert.rejects(receive(text, trust([verificationKey('ec', ec.publicKey)])), refusal('signature.value'));
  const short = { ...verificationKey('short', rsa.publicKey), bits: 1024 };
  await assert.rejects(receive(text, trust([short])), refusal('signature.weak_key'));
});

test('SAML Core 6: tampered, swapped and foreign encryption is refused with one text for the peer', async () => {
  const descriptions = new Set<string>();
  const refuse = async (text: string, reason: string, trust = responseTrust) => {
    await assert.rejects(receive(text, trust), (error: unknown) => {
      if (error instanceof SamlStatusError)
        descriptions.add(`${error.code} ${error.secondLevelCode} ${error.description}`);
      return refusal(reason)(error);
    });
  };
  const seals = async (content: 'aes128-gcm' | 'aes128-cbc', key = rsa.publicKey) =>
    writeXml(
      await sealResponse(response, assertion, {
        signer: idpSigner,
        digest,
        signed: 'assertion',
        encryption: {
          recipient: { key: encryptionKey(key), content, keyTransport: 'rsa-oaep-mgf1p' },
          cipher: cryptography.cipher,
          random,
        },
      }),
    );
  const values = (text: string) => [...text.matchAll(/<xenc:CipherValue>([^<]*)/g)].map(([, value = '']) => value);
  const [first, second] = [await seals('aes128-gcm'), await seals('aes128-gcm')];
  const [firstKey = '', firstData = ''] = values(first);
  const [secondKey = '', secondData = ''] = values(second);
  await refuse(first.replace(firstKey, secondKey), 'encryption.failed');
  await refuse(first.replace(firstData, secondData), 'encryption.failed');
  await refuse(
    first.replace(firstData, Buffer.from(firstData, 'base64').fill(1, 40, 41).toString('base64')),
    'encryption.failed',
  );
  await refuse(await seals('aes128-gcm', otherRsa.publicKey), 'encryption.failed');
  await refuse(first.replace('xmlenc#rsa-oaep-mgf1p', 'xmlenc#rsa-1_5'), 'encryption.algorithm');
  const strict = {
    ...responseTrust,
    decryption: { keys: [decryptionKey(rsa.privateKey)], content: ['aes128-gcm'], keyTransport: ['rsa-oaep-mgf1p'] },
  } as const;
  await refuse(await seals('aes128-cbc'), 'encryption.algorithm', strict);
  const recipient = {
    key: encryptionKey(rsa.publicKey),
    content: 'aes128-gcm',
    keyTransport: 'rsa-oaep-mgf1p',
  } as const;
  const noAssertion = writeXml(await encryptElement(parseXml('<other/>'), recipient, cryptography.cipher, random));
  await refuse(first.replace(/<xenc:EncryptedData.*<\/xenc:EncryptedData>/, noAssertion), 'encryption.failed');
  // In CBC any byte can be flipped, here one of the text itself: then it is the signature that fails.
  const cbc = await seals('aes128-cbc');
  const [, cbcData = ''] = values(cbc);
  const bytes = Buffer.from(cbcData, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  await refuse(cbc.replace(cbcData, bytes.toString('base64')), 'encryption.failed');
  bytes.writeUInt8((bytes.at(-1) ?? 0) ^ 1, bytes.length - 1);
  await refuse(cbc.replace(cbcData, bytes.toString('base64')), 'encryption.failed');
  assert.equal(descriptions.size, 1);
});

test('SAML Core 5.4.2: an encrypted assertion wrapped in a signed response of another is refused', async () => {
  const encryption = {
    recipient: { key: encryptionKey(rsa.publicKey), content: 'aes128-gcm', keyTransport: 'rsa-oaep-mgf1p' } as const,
    cipher: cryptography.cipher,
    random,
  };
  const evil = { ...assertion, subject: { confirmations: [], nameId: { value: 'homer@jogcloud.com' } } };
  const attacker = signer('rsa-sha256', otherRsa.privateKey);
  const forged = writeXml(
    await sealResponse(response, evil, { signer: attacker, digest, signed: 'assertion', encryption }),
  );
  const good = writeXml(
    await sealResponse(response, assertion, { signer: idpSigner, digest, signed: 'response', encryption }),
  );
  const pick = (text: string) => /<saml:EncryptedAssertion.*<\/saml:EncryptedAssertion>/.exec(text)?.[0] ?? '';
  await assert.rejects(receive(good.replace(pick(good), pick(forged))), refusal('signature.digest'));
  await assert.rejects(receive(forged), refusal('signature.value'));
});

test('SAML Bindings 3.5.4: requests meet the same gate', async () => {
  const signed = writeXml(await signSaml(buildAuthnRequest(request), { signer: idpSigner, digest }));
  const receiveRequest = async (text: string) =>
    parseAuthnRequest(
      (
        await verifyMessage(
          parsePost({ SAMLRequest: [Buffer.from(text).toString('base64')] }).element,
          signatures,
          true,
          digest,
        )
      ).element,
    );
  assert.equal((await receiveRequest(signed)).id, request.id);
  const evil = signed.replace('ID="_request"', 'ID="_evil"');
  const wrapped = evil.replace(
    '</ds:Signature>',
    `<ds:Object>${signed.replace(/<ds:Signature .*<\/ds:Signature>/, '')}</ds:Object></ds:Signature>`,
  );
  await assert.rejects(receiveRequest(evil), refusal('signature.reference'));
  await assert.rejects(receiveRequest(wrapped), refusal('signature.malformed'));
  await assert.rejects(
    receiveRequest(signed.replace('<saml:Issuer', '<x xmlns="urn:x"></x><saml:Issuer')),
    refusal('signature.digest'),
  );
});

test('whatever is made of a response, it is refused or Marge is read', async () => {
  const texts = [writeXml(await seal('both')), writeXml(await seal('assertion'))];
  const edit = fc.record({ at: fc.nat(), remove: fc.nat(300), from: fc.nat(), length: fc.nat(1500), text: fc.nat(1) });
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, remove, from, length, text }) => {
      const good = texts[text] ?? '';
      const place = at % good.length;
      const piece = good
        .slice(from % good.length)
        .slice(0, length)
        .replace('marge', 'homer');
      try {
        assert.equal(await receive(good.slice(0, place) + piece + good.slice(place + remove)), 'marge@jogcloud.com');
      } catch (error) {
        assert.ok(error instanceof SamlStatusError, String(error));
      }
    }),
    { numRuns: 400 },
  );
});

test('SAML Core 5.4.2: the gate alone, asked for any element of a wrapped response, gives nothing that was forged', async () => {
  for (const { name, text } of await wrappingAttacks()) {
    const document = parseXml(text);
    const elements: XmlElement[] = [];
    walk(document, (element) => elements.push(element));
    for (const element of elements) {
      try {
        const verified = await verifySignature(document, element, signedElements, signatures, digest);
        assert.ok(!writeXml(verified.element).includes('homer'), name);
      } catch (error) {
        assert.ok(error instanceof XmlError, String(error));
      }
    }
  }
});

test('whatever element stands somewhere else, readers refuse it in their own way', async () => {
  const documents = [...(await wrappingAttacks()), ...(await textAttacks())].flatMap(({ text }) => {
    try {
      return [parseXml(text)];
    } catch {
      return [];
    }
  });
  for (const document of documents) {
    for (const read of [parseAuthnRequest, parseLogoutRequest, parseMetadata, parseSaml11Assertion]) {
      assert.throws(() => read(document), SamlStatusError);
    }
  }
});
