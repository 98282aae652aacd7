import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { decodeBase64, encodeBase64, parseXml, signatureAlgorithms } from '@countersign/xml';
import fc from 'fast-check';
import { rsa, verificationKey } from '../../xml/test/node-cryptography.ts';
import {
  buildArtifactResolve,
  buildAuthnRequest,
  buildPost,
  buildRedirect,
  checkArtifactResponse,
  decideResolutionService,
  parseArtifact,
  parseArtifactFields,
  parseArtifactResponse,
  parseAuthnRequest,
  parsePost,
  parseRedirect,
  success,
  unwrapSoap,
  verifyRedirect,
  wrapInSoap,
} from '../src/index.ts';
import { compression, idp, idpSigner, refusal, request, seal, sent, signatures } from './parties.ts';

const message = buildAuthnRequest(request);
const parameter = 'SAMLRequest';
const query = (url: string) => url.slice(url.indexOf('?') + 1);

test('SAML Bindings 3.5.4: a posted message is read from its one field', () => {
  const posted = parsePost({ SAMLRequest: [buildPost(message)], RelayState: ['ss:mem:abc'] });
  assert.deepEqual([posted.parameter, posted.relayState], [parameter, 'ss:mem:abc']);
  assert.equal(parseAuthnRequest(posted.element).id, request.id);
  assert.equal(parsePost({ SAMLResponse: [buildPost(message)] }).relayState, undefined);
  const field = buildPost(message);
  assert.throws(() => parsePost({}), refusal('message.binding'));
  assert.throws(() => parsePost({ SAMLRequest: [field, field] }), refusal('message.binding'));
  assert.throws(() => parsePost({ SAMLRequest: [field], SAMLResponse: [field] }), refusal('message.binding'));
  assert.throws(() => parsePost({ SAMLRequest: [field], RelayState: ['a', 'b'] }), refusal('message.binding'));
  assert.throws(() => parsePost({ SAMLRequest: ['<a/>'] }), refusal('xml.base64'));
  assert.throws(() => parsePost({ SAMLRequest: [''] }), refusal('xml.malformed'));
  assert.throws(
    () => parsePost({ SAMLRequest: [field], RelayState: ['x'.repeat(2049)] }),
    refusal('message.relay_state'),
  );
});

test('SAML Bindings 3.4.4.1: what is signed here is verified here, whatever the relay state', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
      fc.boolean(),
      async (relayState, hasQuery) => {
        const location = `${idp.sso}${hasQuery ? '?tenant=1' : ''}`;
        const url = await buildRedirect(
          message,
          { parameter, location, relayState: relayState?.toWellFormed(), signer: idpSigner },
          compression,
        );
        assert.ok(url.startsWith(`${location}${hasQuery ? '&' : '?'}SAMLRequest=`));
        const received = await parseRedirect(query(url), compression);
        assert.equal(received.relayState, relayState?.toWellFormed());
        assert.equal(await verifyRedirect(received, signatures, true), 'idp');
        assert.equal(parseAuthnRequest(received.element).id, request.id);
      },
    ),
    { numRuns: 50 },
  );
});

/** Signs a query as a peer does that percent-encodes in its own way. */
function signAsPeer(parts: string[]): string {
  const value = crypto.sign('sha256', Buffer.from(parts.join('&')), rsa.privateKey);
  return `Signature=${encodeURIComponent(value.toString('base64'))}`;
}

test('Interop: python3-saml sends Signature before SigAlg, others encode in lower case or blanks as "+"', async () => {
  const text = encodeBase64(deflateRawSync(Buffer.from(`<?xml version="1.0"?>${'\n'}<a/>`)));
  const lowerCase = encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase());
  const algorithm = encodeURIComponent(signatureAlgorithms['rsa-sha256'].uri).toLowerCase();
  const parts = [`SAMLRequest=${lowerCase}`, 'RelayState=a+b%2bc', `SigAlg=${algorithm}`];
  const signature = signAsPeer(parts);
  const [first = '', second = '', third = ''] = parts;
  for (const order of [
    [first, second, third, signature],
    [first, second, signature, third],
    [third, signature, second, first],
  ]) {
    const received = await parseRedirect([...order, 'other=1', 'flag'].join('&'), compression);
    assert.equal(received.relayState, 'a b+c');
    assert.equal(await verifyRedirect(received, signatures, true), 'idp');
  }
  const encoded = await parseRedirect(
    [
      first.replaceAll('%2b', '%2B').replaceAll('%2f', '%2F').replaceAll('%3d', '%3D'),
      second.replace('%2b', '%2B'),
      third,
      signature,
    ].join('&'),
    compression,
  );
  await assert.rejects(verifyRedirect(encoded, signatures, true), refusal('signature.value'));
});

test('SAML Bindings 3.4.4: a query that is not of this form is refused', async () => {
  const signed = query(
    await buildRedirect(message, { parameter, location: idp.sso, relayState: 'r', signer: idpSigner }, compression),
  );
  const saml = /SAMLRequest=[^&]*/.exec(signed)?.[0] ?? '';
  const refused: [string, string][] = [
    ['', 'message.binding'],
    ['SAMLRequest=a&SAMLResponse=b', 'message.binding'],
    [`${saml}&${saml}`, 'message.binding'],
    [`${saml}&RelayState=1&RelayState=2`, 'message.binding'],
    [`${saml}&Relay%53tate=1&RelayState=2`, 'message.binding'],
    [`${saml}&SAMLEncoding=gzip`, 'message.binding'],
    [`${saml}&RelayState=%E0%A4%A`, 'message.binding'],
    [`${saml}&RelayState=${'x'.repeat(3000)}`, 'message.relay_state'],
    [signed.replace(/&SigAlg=[^&]*/, ''), 'message.binding'],
    [signed.replace(/&Signature=[^&]*/, ''), 'message.binding'],
    [signed.replace(/Signature=[^&]*/, 'Signature=***'), 'xml.base64'],
    ['SAMLRequest=***', 'xml.base64'],
    ['SAMLRequest', 'message.binding'],
    [`SAMLRequest=${encodeURIComponent(encodeBase64(new TextEncoder().encode('<a/>')))}`, 'message.binding'],
    [`SAMLRequest=${encodeURIComponent(encodeBase64(deflateRawSync(Buffer.from('<a>'))))}`, 'xml.malformed'],
    [signed.replaceAll('%', '%25'), 'xml.base64'],
  ];
  for (const [text, reason] of refused) {
    await assert.rejects(parseRedirect(text, compression), refusal(reason), text.slice(0, 80));
  }
  const sha512 = encodeURIComponent('urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE');
  assert.equal((await parseRedirect(`${saml}&SAMLEncoding=${sha512}`, compression)).signature, undefined);
});

test("SAML Bindings 3.4.3: a relay state is the peer's own, and only ever given back", async () => {
  for (const relayState of ['javascript:alert(1)', 'https://evil.example/', '<script>', 'x'.repeat(81)]) {
    const url = await buildRedirect(message, { parameter, location: idp.sso, relayState }, compression);
    assert.equal((await parseRedirect(query(url), compression)).relayState, relayState);
  }
});

test('a few bytes that inflate to gigabytes are refused', async () => {
  const bomb = encodeURIComponent(encodeBase64(deflateRawSync(Buffer.alloc(20_000_000, 'a'))));
  await assert.rejects(parseRedirect(`SAMLRequest=${bomb}`, compression), refusal('message.binding'));
});

test('SAML Bindings 3.4.4.1: changed, foreign and missing signatures of a query are refused', async () => {
  const url = await buildRedirect(
    message,
    { parameter, location: idp.sso, relayState: 'r', signer: idpSigner },
    compression,
  );
  const received = await parseRedirect(query(url), compression);
  const changes: [string, string | RegExp, string, string][] = [
    ['relay state', 'RelayState=r', 'RelayState=s', 'signature.value'],
    ['relay state removed', 'RelayState=r&', '', 'signature.value'],
    ['request as response', 'SAMLRequest=', 'SAMLResponse=', 'signature.value'],
    [
      'algorithm',
      /SigAlg=[^&]*/,
      `SigAlg=${encodeURIComponent(signatureAlgorithms['rsa-sha512'].uri)}`,
      'signature.value',
    ],
    [
      'weak algorithm',
      /SigAlg=[^&]*/,
      `SigAlg=${encodeURIComponent(signatureAlgorithms['rsa-sha1'].uri)}`,
      'signature.algorithm',
    ],
    [
      'key type',
      /SigAlg=[^&]*/,
      `SigAlg=${encodeURIComponent(signatureAlgorithms['ecdsa-sha256'].uri)}`,
      'signature.value',
    ],
  ];
  for (const [what, search, replacement, reason] of changes) {
    const changed = await parseRedirect(query(url).replace(search, replacement), compression);
    await assert.rejects(verifyRedirect(changed, signatures, true), refusal(reason), what);
    await assert.rejects(verifyRedirect(changed, signatures, false), refusal(reason), what);
  }
  const unsigned = await parseRedirect(
    query(await buildRedirect(message, { parameter, location: idp.sso }, compression)),
    compression,
  );
  await assert.rejects(verifyRedirect(unsigned, signatures, true), refusal('message.unsigned'));
  assert.equal(await verifyRedirect(unsigned, signatures, false), undefined);
  assert.equal(await verifyRedirect(received, { ...signatures, keys: [] }, false), undefined);
  const weak = crypto.generateKeyPairSync('rsa', { modulusLength: 1024 });
  const weakSigner = { ...idpSigner, sign: (data: Uint8Array) => crypto.sign('sha256', data, weak.privateKey) };
  const weakUrl = await buildRedirect(message, { parameter, location: idp.sso, signer: weakSigner }, compression);
  const weakTrust = { ...signatures, keys: [verificationKey('weak', weak.publicKey)] };
  await assert.rejects(
    verifyRedirect(await parseRedirect(query(weakUrl), compression), weakTrust, true),
    refusal('signature.weak_key'),
  );
});

test('SAML Bindings 3.6.4.2: an artifact names its issuer and endpoint', () => {
  const sourceId = crypto.createHash('sha1').update(idp.entityId).digest();
  const text = Buffer.concat([Buffer.from([0, 4, 1, 2]), sourceId, Buffer.alloc(20, 7)]).toString('base64');
  const artifact = parseArtifact(text);
  assert.deepEqual([artifact.endpointIndex, Buffer.from(artifact.sourceId), artifact.text], [258, sourceId, text]);
  const resolve = sent(
    buildArtifactResolve({
      id: '_resolve',
      issueInstant: request.issueInstant,
      issuer: 'https://sp.example',
      artifact,
    }),
  );
  assert.deepEqual(
    resolve.children.map((child) => typeof child === 'string' || child.name),
    ['Issuer', 'Artifact'],
  );
  for (const [bad, reason] of [
    ['', 'artifact.malformed'],
    ['AAA=', 'artifact.malformed'],
    [text.replace('AAQ', 'AAE'), 'artifact.malformed'],
    [`${text}\n`, 'artifact.malformed'],
    [text.slice(0, -4), 'artifact.malformed'],
    [`${text}AAAA`, 'artifact.malformed'],
    [`${text.slice(0, -4)}    `, 'artifact.malformed'],
    [text.replace(/.$/, 'A'), 'artifact.malformed'],
    [text.replace('A', '-'), 'xml.base64'],
  ] as const) {
    assert.throws(() => parseArtifact(bad), refusal(reason));
  }
  assert.equal(decodeBase64(text).length, 44);
  const brought = parseArtifactFields({ SAMLart: [text], RelayState: ['kept'] });
  assert.deepEqual([brought.artifact.text, brought.relayState], [text, 'kept']);
  for (const fields of [
    {},
    { SAMLart: [text, text] },
    { SAMLart: [text], SAMLResponse: [''] },
    { SAMLart: [text], SAMLRequest: [''] },
    { SAMLart: [text], RelayState: ['a', 'b'] },
  ]) {
    assert.throws(() => parseArtifactFields(fields), refusal('message.binding'));
  }
});

test('SAML Bindings 3.6.4.2: whatever bytes come, an artifact is read as it stands or refused', () => {
  const proper = fc
    .uint8Array({ minLength: 42, maxLength: 42 })
    .map((bytes) => Buffer.concat([Buffer.from([0, 4]), bytes]));
  fc.assert(
    fc.property(fc.oneof(proper, fc.uint8Array({ maxLength: 60 })), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      if (bytes.length !== 44 || bytes[0] !== 0 || bytes[1] !== 4) {
        assert.throws(() => parseArtifact(text), refusal('artifact.malformed'));
        return;
      }
      const { endpointIndex, sourceId } = parseArtifact(text);
      assert.equal(endpointIndex, Buffer.from(bytes).readUInt16BE(2));
      assert.deepEqual(Buffer.from(sourceId), Buffer.from(bytes.subarray(4, 24)));
    }),
  );
});

test('SAML Bindings 3.6.4.2: an artifact leads to the service that it names, and only of the expected issuer', () => {
  const sourceId = crypto.createHash('sha1').update(idp.entityId).digest();
  const text = Buffer.concat([Buffer.from([0, 4, 0, 1]), sourceId, Buffer.alloc(20, 7)]).toString('base64');
  const artifact = parseArtifact(text);
  const services = [{ index: 0 }, { index: 1 }];
  assert.equal(decideResolutionService(artifact, sourceId, services), services[1]);
  assert.throws(() => decideResolutionService(artifact, sourceId, services.slice(0, 1)), refusal('artifact.endpoint'));
  const stranger = crypto.createHash('sha1').update('https://attacker.example').digest();
  assert.throws(() => decideResolutionService(artifact, stranger, services), refusal('artifact.source'));
});

test('SAML Profiles 5.4.2: the answer counts when it is to our request, of the issuer, in time and with a message', async () => {
  const message = await seal('both');
  const { issueInstant: now } = request;
  const good = {
    id: '_a',
    issueInstant: now,
    issuer: idp.entityId,
    inResponseTo: '_resolve',
    status: success,
    message,
  } as const;
  const expected = {
    now,
    clockSkewSeconds: 60,
    issuer: idp.entityId,
    destinations: ['https://sp.example/acs'],
    isSigned: false,
    inResponseTo: '_resolve',
  };
  assert.equal(checkArtifactResponse(good, expected), message);
  for (const [wrong, reason] of [
    [{ inResponseTo: '_other' }, 'response.in_response_to'],
    [{ inResponseTo: undefined }, 'response.in_response_to'],
    [{ issuer: undefined }, 'message.issuer'],
    [{ issuer: 'https://attacker.example' }, 'message.issuer'],
    [{ issueInstant: new Date(now.getTime() - 3_600_000) }, 'message.time'],
    [{ destination: 'https://other.example/acs' }, 'message.destination'],
    [{ status: { code: 'Requester' } }, 'response.status'],
    [{ message: undefined }, 'artifact.response'],
  ] as const) {
    assert.throws(() => checkArtifactResponse({ ...good, ...wrong }, expected), refusal(reason));
  }
});

test('SAML Bindings 3.6.6, SAML Core 3.5.2: the message behind an artifact is taken from the SOAP answer', async () => {
  const response = await seal('both');
  const head =
    '<samlp:ArtifactResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_a" Version="2.0" IssueInstant="2026-11-21T19:23:00Z" InResponseTo="_resolve">';
  const status = '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>';
  const answer = (content: string) =>
    parseArtifactResponse(
      unwrapSoap(sent(wrapInSoap(parseXml(`${head}${status}${content}</samlp:ArtifactResponse>`)))),
    );
  const { message: none, inResponseTo } = answer('');
  assert.deepEqual([none, inResponseTo], [undefined, '_resolve']);
  const { message: inner } = answer(Buffer.from(buildPost(response), 'base64').toString());
  assert.equal(inner?.name, 'Response');
  assert.throws(() => answer('<a/>'), refusal('artifact.response'));
  assert.throws(() => answer('<samlp:Response/><samlp:Response/>'), refusal('artifact.response'));
});

test('SOAP 1.1 4: an envelope holds one message and no header that must be understood', () => {
  const soap = (content: string) =>
    unwrapSoap(parseXml(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">${content}</s:Envelope>`));
  assert.equal(soap('<s:Header><x/></s:Header><s:Body><a/></s:Body>').name, 'a');
  assert.throws(
    () => soap('<s:Header><x s:mustUnderstand="1"/></s:Header><s:Body><a/></s:Body>'),
    refusal('soap.header'),
  );
  assert.throws(
    () => soap('<s:Header><x s:mustUnderstand="true"/></s:Header><s:Body><a/></s:Body>'),
    refusal('soap.header'),
  );
  assert.equal(soap('<s:Header><x s:mustUnderstand="0"/></s:Header><s:Body><a/></s:Body>').name, 'a');
  const newer = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><a/></s:Body></s:Envelope>';
  assert.throws(() => unwrapSoap(parseXml(newer)), refusal('soap.version'));
  assert.throws(() => soap('<s:Body><a/></s:Body><s:Body><a/></s:Body>'), refusal('xml.unexpected_content'));
  assert.throws(() => soap('<s:Body/>'), refusal('message.binding'));
  assert.throws(() => soap('<s:Body><a/><b/></s:Body>'), refusal('message.binding'));
  assert.throws(() => soap(''), refusal('xml.unexpected_content'));
  assert.throws(() => soap('<s:Body><s:Fault><faultstring>Busy</faultstring></s:Fault></s:Body>'), /Busy/);
  assert.throws(() => soap('<s:Body><s:Fault/></s:Body>'), refusal('soap.fault'));
  assert.throws(() => unwrapSoap(parseXml('<a/>')), refusal('message.binding'));
});
