import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildAssertion, buildSaml11Assertion } from '@countersign/saml';
import { encryptElement, listElements, parseXml, walk, writeXml, type XmlElement } from '@countersign/xml';
import fc from 'fast-check';
import {
  contentCipher,
  encryptionKey,
  otherRsa,
  random,
  rsa,
  verificationKey,
} from '../../xml/test/node-cryptography.ts';
import {
  buildSignInResult,
  claimOfSaml11,
  parseSignInResult,
  saml11AttributeOf,
  type TokenResponse,
  verifyToken,
  WsFederationError,
} from '../src/index.ts';
import {
  cryptography,
  emailClaim,
  expected,
  later,
  now,
  realm,
  refusal,
  reply,
  saml11,
  saml20,
  sign,
  signedSaml11,
  signedSaml20,
  trust,
} from './tokens.ts';

const response: TokenResponse = {
  version: 'trust2005',
  context: 'a&"b',
  createdAt: now,
  expiresAt: later(3600),
  appliesTo: realm,
  kind: 'saml11',
  token: signedSaml11,
};

const receive = async (wresult: string, trusted = trust) =>
  verifyToken(parseSignInResult(wresult), trusted, expected, cryptography);

test('WS-Federation 1.2 13.2.3: what is issued in either version of WS-Trust, with either token, is taken', async () => {
  for (const version of ['trust2005', 'trust13'] as const) {
    const old = parseSignInResult(buildSignInResult({ ...response, version }));
    assert.deepEqual([old.context, old.appliesTo], ['a&"b', realm]);
    assert.deepEqual(await verifyToken(old, trust, expected, cryptography), {
      kind: 'saml11',
      id: '_token',
      issuer: saml11.issuer,
      subject: saml11.subject.nameIdentifier,
      authentication: saml11.authentication,
      claims: [emailClaim],
      replayableUntil: later(3660),
      keyId: 'issuer',
    });
    const token = await receive(buildSignInResult({ ...response, version, kind: 'saml20', token: signedSaml20 }));
    assert.deepEqual([token.kind, token.subject?.value, token.claims], ['saml20', 'marge', [emailClaim]]);
    assert.deepEqual(token.authentication, { method: 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password', instant: now });
  }
});

test('Interop: passport-wsfed-saml2 takes the first node in RequestedSecurityToken, others look for TokenType', () => {
  const text = buildSignInResult(response);
  assert.match(text, /<t:RequestedSecurityToken><saml:Assertion /);
  assert.match(text, /<t:TokenType>urn:oasis:names:tc:SAML:1.0:assertion<\/t:TokenType>/);
  assert.match(
    text,
    /^<t:RequestSecurityTokenResponse xmlns:t="http:\/\/schemas.xmlsoap.org\/ws\/2005\/02\/trust" Context="a&amp;&quot;b">/,
  );
  assert.ok(!buildSignInResult({ ...response, context: undefined }).includes('Context'));
  const asked = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1';
  assert.ok(buildSignInResult({ ...response, tokenType: asked }).includes(asked));
});

test('a collection of one response is taken, and AppliesTo in the newer WS-Policy', async () => {
  const t = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512';
  const inner = buildSignInResult({ ...response, version: 'trust13' }).replace(
    'http://schemas.xmlsoap.org/ws/2004/09/policy',
    'http://www.w3.org/ns/ws-policy',
  );
  const received = parseSignInResult(
    `<c:RequestSecurityTokenResponseCollection xmlns:c="${t}">${inner}</c:RequestSecurityTokenResponseCollection>`,
  );
  assert.equal(received.appliesTo, realm);
  assert.equal((await verifyToken(received, trust, expected, cryptography)).id, '_token');
});

test('WS-Trust 1.3 4.2: a result without one response with one token is refused', async () => {
  const good = buildSignInResult(response);
  const token = /<saml:Assertion.*<\/saml:Assertion>/.exec(good)?.[0] ?? '';
  const requested = /<t:RequestedSecurityToken>.*<\/t:RequestedSecurityToken>/.exec(good)?.[0] ?? '';
  const collection = (content: string) =>
    `<c:RequestSecurityTokenResponseCollection xmlns:c="http://schemas.xmlsoap.org/ws/2005/02/trust">${content}</c:RequestSecurityTokenResponseCollection>`;
  const refused: [string, string][] = [
    ['', 'xml.malformed'],
    ['<a/>', 'response.content'],
    [writeXml(signedSaml11), 'response.content'],
    [collection(''), 'response.content'],
    [collection(good + good), 'response.content'],
    [good.replace(requested, ''), 'response.tokens'],
    [good.replace(requested, requested + requested), 'response.tokens'],
    [good.replace(token, token + token), 'response.tokens'],
    [good.replace(token, ''), 'response.tokens'],
    [good.replace(token, 'text'), 'xml.unexpected_content'],
    [good.replace(token, '<a/>'), 'token.kind'],
    [`<!DOCTYPE a>${good}`, 'xml.doctype'],
  ];
  for (const [text, reason] of refused) await assert.rejects(receive(text), refusal(reason), text.slice(0, 100));
});

test('SAML 1.1 Core 5: tokens that are unsigned, changed, wrapped or of another are refused', async () => {
  const good = buildSignInResult(response);
  const signature = /<ds:Signature .*<\/ds:Signature>/.exec(good)?.[0] ?? '';
  const token = /<saml:Assertion.*<\/saml:Assertion>/.exec(good)?.[0] ?? '';
  const evil = token.replace('_token', '_evil').replaceAll('marge', 'homer');
  const refused: [string, string][] = [
    [good.replace(signature, ''), 'signature.missing'],
    [good.replaceAll('marge', 'homer'), 'signature.digest'],
    [good.replace('am:password', 'am:X509-PKI'), 'signature.digest'],
    [good.replace(signature, signature + signature), 'signature.misplaced'],
    [
      good.replace(token, evil.replace('</saml:Assertion>', `<saml:Advice>${token}</saml:Advice></saml:Assertion>`)),
      'signature.misplaced',
    ],
    [good.replace(token, evil), 'signature.reference'],
    [
      good.replace(token, evil.replace('</ds:Signature>', `<ds:Object>${token}</ds:Object></ds:Signature>`)),
      'signature.malformed',
    ],
    [good.replace('<t:Lifetime>', `<x>${signature}</x><t:Lifetime>`), 'signature.misplaced'],
    [good.replace('<wsp:AppliesTo', '<x ID="_token"/><wsp:AppliesTo'), 'signature.duplicate_id'],
    [good.replaceAll('>marge<', '>marge<!-- -->.evil<'), 'xml.interrupted_text'],
  ];
  for (const [text, reason] of refused) {
    assert.notEqual(text, good);
    await assert.rejects(receive(text), refusal(reason), reason);
  }
  const strangers = { signatures: { ...trust.signatures, keys: [verificationKey('other', otherRsa.publicKey)] } };
  await assert.rejects(receive(good, strangers), refusal('signature.value'));
});

test('WS-Federation 1.2 13.2.3: issuer, audience, time and confirmation of either token are checked', async () => {
  const of11 = async (change: Partial<typeof saml11>) =>
    receive(buildSignInResult({ ...response, token: await sign(buildSaml11Assertion({ ...saml11, ...change })) }));
  const of20 = async (change: Partial<typeof saml20>) =>
    receive(buildSignInResult({ ...response, token: await sign(buildAssertion({ ...saml20, ...change })) }));
  const { authentication: _, ...unauthenticated } = saml11;
  assert.equal(
    (await receive(buildSignInResult({ ...response, token: await sign(buildSaml11Assertion(unauthenticated)) })))
      .authentication,
    undefined,
  );
  await assert.rejects(of11({ issuer: 'https://x.example' }), refusal('assertion.issuer'));
  await assert.rejects(of11({ audienceRestrictions: [['urn:other']] }), refusal('assertion.audience'));
  await assert.rejects(of11({ notOnOrAfter: later(-60) }), refusal('assertion.expired'));
  assert.equal((await of20({ authnStatements: [] })).authentication, undefined);
  await assert.rejects(of20({ issuer: 'https://x.example' }), refusal('assertion.issuer'));
  await assert.rejects(of20({ subject: { confirmations: [] } }), refusal('assertion.confirmation'));
  const recipient = { confirmations: [{ method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer', recipient: reply }] };
  assert.equal((await of20({ subject: recipient })).subject, undefined);
});

test('XML Encryption 4: an encrypted token is decrypted, then verified', async () => {
  const recipient = {
    key: encryptionKey(rsa.publicKey),
    content: 'aes256-gcm',
    keyTransport: 'rsa-oaep-mgf1p',
  } as const;
  const encrypted = await encryptElement(signedSaml11, recipient, contentCipher, random);
  const text = buildSignInResult({ ...response, token: encrypted });
  assert.equal((await receive(text)).id, '_token');
  await assert.rejects(receive(text, { signatures: trust.signatures }), refusal('token.kind'));
  const unsigned = await encryptElement(buildSaml11Assertion(saml11), recipient, contentCipher, random);
  await assert.rejects(receive(buildSignInResult({ ...response, token: unsigned })), refusal('signature.missing'));
});

test('SAML 1.1 Core 2.4.4: claim types are split at the last "/", and put together again', () => {
  fc.assert(
    fc.property(fc.webUrl(), fc.stringMatching(/^[a-z]{1,9}$/), (namespace, name) => {
      const type = `${namespace}/${name}`;
      assert.equal(claimOfSaml11(saml11AttributeOf({ type, values: [] })).type, type);
    }),
  );
  assert.equal(claimOfSaml11({ namespace: '', name: 'mail', values: [] }).type, 'mail');
  for (const type of ['mail', '/mail', 'http://x.example/', '']) {
    assert.throws(() => saml11AttributeOf({ type, values: [] }), refusal('claim.type'), type);
  }
});

test('whatever is made of a result, it is refused or Marge is read', async () => {
  const good = buildSignInResult(response);
  const edit = fc.record({ at: fc.nat(), remove: fc.nat(200), from: fc.nat(), length: fc.nat(1500) });
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, remove, from, length }) => {
      const place = at % good.length;
      const piece = good
        .slice(from % good.length)
        .slice(0, length)
        .replaceAll('marge', 'homer');
      try {
        assert.equal(
          (await receive(good.slice(0, place) + piece + good.slice(place + remove))).subject?.value,
          'marge',
        );
      } catch (error) {
        assert.ok(error instanceof WsFederationError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});

test('nothing is taken for a token but what stands in its place', async () => {
  const document = parseXml(buildSignInResult(response));
  const elements: XmlElement[] = [];
  walk(document, (element) => elements.push(element));
  for (const token of elements.filter(({ name }) => name !== 'Assertion')) {
    await assert.rejects(verifyToken({ document, token }, trust, expected, cryptography), refusal('token.kind'));
  }
  assert.ok(listElements(document).length > 0);
});
