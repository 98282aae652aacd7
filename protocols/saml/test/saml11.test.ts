import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listElements, parseXml, verifySignature, writeXml } from '@countersign/xml';
import {
  buildSaml11Assertion,
  checkSaml11Assertion,
  parseSaml11Assertion,
  type Saml11Assertion,
  saml11AuthenticationMethods,
  saml11Bearer,
  signedSaml11Assertion,
  signSaml,
} from '../src/index.ts';
import { digest, idp, idpSigner, later, now, refusal, sent, signatures } from './parties.ts';

const assertion: Saml11Assertion = {
  id: '_1',
  issueInstant: now,
  issuer: idp.entityId,
  notBefore: now,
  notOnOrAfter: later(600),
  audienceRestrictions: [['urn:app']],
  subject: {
    nameIdentifier: { value: 'marge@jogcloud.com', format: undefined, nameQualifier: undefined },
    confirmationMethods: [saml11Bearer],
  },
  authentication: { method: saml11AuthenticationMethods.password, instant: now },
  attributes: [
    {
      name: 'emailaddress',
      namespace: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims',
      originalIssuer: 'urn:first',
      values: ['marge@jogcloud.com'],
    },
    {
      name: 'groups',
      namespace: 'http://schemas.microsoft.com/ws/2008/06/identity/claims',
      originalIssuer: undefined,
      values: ['a', 'b'],
    },
  ],
};
const expected = { now, clockSkewSeconds: 60, issuer: idp.entityId, audiences: ['urn:app', 'https://app.example/'] };

test('SAML 1.1 Core 2.3.2: an assertion that is written is read as it was', () => {
  assert.deepEqual(parseSaml11Assertion(sent(buildSaml11Assertion(assertion))), assertion);
  const least = {
    ...assertion,
    notBefore: undefined,
    notOnOrAfter: undefined,
    audienceRestrictions: [],
    subject: { nameIdentifier: undefined, confirmationMethods: [] },
    attributes: [],
  };
  assert.deepEqual(parseSaml11Assertion(sent(buildSaml11Assertion(least))), least);
  const unauthenticated = { ...assertion, authentication: undefined };
  assert.deepEqual(parseSaml11Assertion(sent(buildSaml11Assertion(unauthenticated))), unauthenticated);
  const unconditional = writeXml(buildSaml11Assertion(assertion))
    .replace(/<saml:Conditions.*<\/saml:Conditions>/, '')
    .replace('MinorVersion="1"', 'MinorVersion="0"');
  assert.deepEqual(parseSaml11Assertion(parseXml(unconditional)).audienceRestrictions, []);
  const unconfirmed = writeXml(buildSaml11Assertion(assertion)).replaceAll(
    /<saml:SubjectConfirmation>.*?<\/saml:SubjectConfirmation>/g,
    '',
  );
  assert.deepEqual(parseSaml11Assertion(parseXml(unconfirmed)).subject.confirmationMethods, []);
});

test('SAML 1.1 Core 5.4.2: the signature is the last child, over the AssertionID', async () => {
  const signed = sent(await signSaml(buildSaml11Assertion(assertion), { signer: idpSigner, digest }));
  assert.equal(listElements(signed).at(-1)?.name, 'Signature');
  const { element } = await verifySignature(signed, signed, [signedSaml11Assertion], signatures, digest);
  assert.deepEqual(parseSaml11Assertion(element), assertion);
});

test('SAML 1.1 Core 2.3.2.1: issuer, times, audience and confirmation are checked', () => {
  assert.deepEqual(checkSaml11Assertion(assertion, expected), later(660));
  const refused: [Partial<Saml11Assertion>, string][] = [
    [{ issuer: 'https://x.example' }, 'assertion.issuer'],
    [{ notBefore: later(61) }, 'assertion.not_yet_valid'],
    [{ notBefore: undefined, issueInstant: later(61) }, 'assertion.not_yet_valid'],
    [{ notOnOrAfter: later(-60) }, 'assertion.expired'],
    [{ notOnOrAfter: undefined }, 'assertion.expired'],
    [{ audienceRestrictions: [] }, 'assertion.audience'],
    [{ audienceRestrictions: [['URN:APP']] }, 'assertion.audience'],
    [{ audienceRestrictions: [['urn:app'], ['urn:other']] }, 'assertion.audience'],
    [{ subject: { confirmationMethods: ['urn:oasis:names:tc:SAML:1.0:cm:holder-of-key'] } }, 'assertion.confirmation'],
    [{ authentication: { method: 'x', instant: later(61) } }, 'assertion.not_yet_valid'],
  ];
  for (const [change, reason] of refused) {
    assert.throws(
      () => checkSaml11Assertion({ ...assertion, ...change }, expected),
      refusal(reason),
      JSON.stringify(change),
    );
  }
  checkSaml11Assertion({ ...assertion, authentication: undefined }, expected);
});

test('SAML 1.1 Core 2: what cannot be read as one statement about one subject is refused', () => {
  const text = writeXml(buildSaml11Assertion(assertion));
  const cases: [string, string, string][] = [
    ['1.0:assertion', '2.0:assertion', 'message.kind'],
    ['MajorVersion="1"', 'MajorVersion="2"', 'message.version'],
    ['>marge@jogcloud.com</saml:NameIdentifier>', '>homer@jogcloud.com</saml:NameIdentifier>', 'assertion.subject'],
    ['</saml:Conditions>', '<saml:DoNotCacheCondition/></saml:Conditions>', 'assertion.condition'],
    ['AttributeNamespace=', 'x=', 'xml.unexpected_content'],
  ];
  for (const [search, replacement, reason] of cases) {
    assert.throws(
      () => parseSaml11Assertion(parseXml(text.replace(search, replacement))),
      refusal(reason),
      replacement,
    );
  }
  const silent = text.replace(/<saml:AttributeStatement>.*<\/saml:AuthenticationStatement>/, '');
  assert.throws(() => parseSaml11Assertion(parseXml(silent)), refusal('assertion.statement'));
});
