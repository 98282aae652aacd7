// node-saml, which passport-saml is made of, on the other side: as service provider, with the real clock.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContentAlgorithm, contentAlgorithms, parseXml } from '@countersign/xml';
import { SAML, type SamlConfig } from '@node-saml/node-saml';
import fc from 'fast-check';
import { encryptionKey, rsa } from '../../xml/test/node-cryptography.ts';
import {
  type Assertion,
  buildLogoutRequest,
  buildLogoutResponse,
  buildPost,
  buildRedirect,
  parseAuthnRequest,
  parseLogoutRequest,
  parseMetadata,
  parsePost,
  parseRedirect,
  sealResponse,
  success,
  verifyMessage,
  verifyRedirect,
} from '../src/index.ts';
import {
  assertion,
  certificateBase64,
  certificatePem,
  compression,
  cryptography,
  digest,
  idp,
  idpSigner,
  privatePem,
  random,
  response,
  signatures,
  sp,
} from './parties.ts';

function serviceProvider(change: Partial<SamlConfig> = {}): SAML {
  return new SAML({
    idpCert: certificatePem,
    idpIssuer: idp.entityId,
    issuer: sp.entityId,
    callbackUrl: sp.acs,
    audience: sp.entityId,
    entryPoint: idp.sso,
    logoutUrl: `${idp.sso}/logout`,
    privateKey: privatePem,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    acceptedClockSkewMs: 0,
    ...change,
  });
}

/** The usual assertion and response, issued a moment ago: node-saml looks at its own clock. */
function fresh(change: Partial<Assertion> = {}) {
  const [before, after] = [new Date(Date.now() - 1000), new Date(Date.now() + 60_000)];
  const confirmations = (assertion.subject?.confirmations ?? []).map((confirmation) => ({
    ...confirmation,
    notOnOrAfter: after,
  }));
  return {
    response: { ...response, issueInstant: before },
    assertion: {
      ...assertion,
      issueInstant: before,
      subject: { ...assertion.subject, confirmations },
      conditions: { notBefore: before, notOnOrAfter: after, audienceRestrictions: [[sp.entityId]] },
      ...change,
    },
  };
}

const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map(
  (text) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML cannot hold, or what xmldom takes for line ends.
    `x${text.replace(/[\u0000-\u001f\u0085\u2028\u2029\ufffd-\uffff]/g, '').toWellFormed()}`,
);

test('node-saml takes what is issued here, signed in every way', async () => {
  const attributes = fc.array(fc.record({ name: anyText, values: fc.array(anyText, { minLength: 1, maxLength: 3 }) }), {
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(attributes, fc.constantFrom('response', 'assertion', 'both'), async (random, signed) => {
      const attributes = random.filter(({ name }, at) => random.findIndex((other) => other.name === name) === at);
      const issued = fresh({ attributes });
      const element = await sealResponse(issued.response, issued.assertion, { signer: idpSigner, digest, signed });
      const theirs = serviceProvider({
        wantAssertionsSigned: signed !== 'response',
        wantAuthnResponseSigned: signed !== 'assertion',
      });
      const { profile } = await theirs.validatePostResponseAsync({ SAMLResponse: buildPost(element) });
      assert.equal(profile?.nameID, 'marge@jogcloud.com');
      assert.equal(profile.sessionIndex, '_session');
      const read = profile['attributes'] as Record<string, unknown>;
      for (const { name, values } of attributes) assert.deepEqual([read[name]].flat(), values);
    }),
    { numRuns: 30 },
  );
});

test('node-saml decrypts what is encrypted here', async () => {
  for (const content of Object.keys(contentAlgorithms) as ContentAlgorithm[]) {
    const issued = fresh();
    const recipient = {
      key: encryptionKey(rsa.publicKey, certificateBase64),
      content,
      keyTransport: 'rsa-oaep-mgf1p',
    } as const;
    const encryption = { recipient, cipher: cryptography.cipher, random };
    const element = await sealResponse(issued.response, issued.assertion, {
      signer: idpSigner,
      digest,
      signed: 'both',
      encryption,
    });
    const { profile } = await serviceProvider({ decryptionPvk: privatePem }).validatePostResponseAsync({
      SAMLResponse: buildPost(element),
    });
    assert.equal(profile?.nameID, 'marge@jogcloud.com');
  }
});

/** Relay states of which node-saml signs what it sends: not those with blanks or one of !'()~. */
const anyRelayState = fc.stringMatching(/^[A-Za-z0-9/?&=%+:;,#é€-]{1,30}$/);

test('requests that node-saml signs, by redirect and by POST, are verified here', async () => {
  await fc.assert(
    fc.asyncProperty(anyRelayState, fc.constantFrom('sha256', 'sha512'), async (relayState, algorithm) => {
      const theirs = serviceProvider({
        signatureAlgorithm: algorithm,
        identifierFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      });
      const url = await theirs.getAuthorizeUrlAsync(relayState, undefined, {});
      const received = await parseRedirect(url.slice(url.indexOf('?') + 1), compression);
      assert.equal(await verifyRedirect(received, signatures, true), 'idp');
      assert.equal(received.relayState, relayState);
      const parsed = parseAuthnRequest(received.element);
      assert.deepEqual(
        [parsed.issuer, parsed.destination, parsed.assertionConsumerServiceUrl],
        [sp.entityId, idp.sso, sp.acs],
      );
    }),
    { numRuns: 20 },
  );
  const posting = serviceProvider({ authnRequestBinding: 'HTTP-POST', skipRequestCompression: true });
  const { SAMLRequest } = await posting.getAuthorizeMessageAsync('state');
  const { element } = parsePost({ SAMLRequest: [String(SAMLRequest)] });
  assert.equal(parseAuthnRequest((await verifyMessage(element, signatures, true, digest)).element).issuer, sp.entityId);
});

test('logout goes both ways', async () => {
  const theirs = serviceProvider();
  const user = {
    nameID: 'marge@jogcloud.com',
    nameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    sessionIndex: '_session',
    issuer: idp.entityId,
  };
  const url = await theirs.getLogoutUrlAsync(user, 'state', {});
  const received = await parseRedirect(url.slice(url.indexOf('?') + 1), compression);
  assert.equal(await verifyRedirect(received, signatures, true), 'idp');
  const logout = parseLogoutRequest(received.element);
  assert.deepEqual([logout.nameId.value, logout.sessionIndexes], ['marge@jogcloud.com', ['_session']]);

  const header = { id: '_l', issueInstant: new Date(), issuer: idp.entityId, destination: sp.acs };
  const ours = buildLogoutRequest({
    ...header,
    nameId: { value: user.nameID, format: user.nameIDFormat },
    sessionIndexes: ['_session'],
  });
  const answer = buildLogoutResponse({ ...header, inResponseTo: logout.id, status: success });
  for (const [parameter, message] of [
    ['SAMLRequest', ours],
    ['SAMLResponse', answer],
  ] as const) {
    const query =
      (
        await buildRedirect(message, { parameter, location: sp.acs, relayState: 'a b', signer: idpSigner }, compression)
      ).split('?')[1] ?? '';
    const { loggedOut, profile } = await theirs.validateRedirectAsync(
      Object.fromEntries(new URLSearchParams(query)),
      query,
    );
    assert.ok(loggedOut || profile?.nameID === user.nameID);
  }
});

test('metadata of node-saml is read', () => {
  const text = serviceProvider({
    wantAssertionsSigned: true,
    decryptionPvk: privatePem,
    logoutCallbackUrl: `${sp.acs}/logout`,
  }).generateServiceProviderMetadata(certificatePem, certificatePem);
  const [entity] = parseMetadata(parseXml(text));
  assert.equal(entity?.entityId, sp.entityId);
  assert.deepEqual(entity.serviceProvider?.signingCertificates, [certificateBase64]);
  assert.ok(entity.serviceProvider.encryptionKeys[0]?.methods.includes(contentAlgorithms['aes256-gcm'].uri));
  assert.equal(entity.serviceProvider.assertionConsumerServices[0]?.location, sp.acs);
  assert.equal(entity.serviceProvider.wantAssertionsSigned, true);
});
