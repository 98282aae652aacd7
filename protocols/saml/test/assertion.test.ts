import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml, writeXml } from '@countersign/xml';
import {
  type Assertion,
  authnContextClasses,
  bearerConfirmation,
  buildAssertion,
  checkAssertion,
  checkBearerToken,
  checkResponse,
  type ExpectedAssertion,
  mayPassOn,
  type ProxyRestriction,
  parseAssertion,
  passedOn,
  type Response,
  type SubjectConfirmation,
} from '../src/index.ts';
import { assertion, expectedAssertion, expectedResponse, later, now, refusal, response, sent, sp } from './parties.ts';

const [confirmation] = assertion.subject?.confirmations ?? [];
const bearer = confirmation as SubjectConfirmation;

function check(change: Partial<Assertion>, expected: Partial<ExpectedAssertion> = {}) {
  return checkAssertion({ ...assertion, ...change }, { ...expectedAssertion, ...expected });
}

function withConfirmation(...changes: Partial<SubjectConfirmation>[]): Partial<Assertion> {
  return { subject: { ...assertion.subject, confirmations: changes.map((change) => ({ ...bearer, ...change })) } };
}

test('SAML Core 2.3.3: an assertion that is written is read as it was', () => {
  const full: Assertion = {
    ...assertion,
    subject: {
      nameId: { value: 'id', format: 'f', nameQualifier: 'n', spNameQualifier: 's', spProvidedId: 'p' },
      confirmations: [{ ...bearer, notBefore: now }],
    },
    conditions: {
      notBefore: now,
      notOnOrAfter: later(1),
      audienceRestrictions: [['a', 'b'], ['c']],
      isOneTimeUse: true,
    },
    authnStatements: [
      {
        authnInstant: now,
        sessionIndex: 'i',
        sessionNotOnOrAfter: later(9),
        contextClass: 'c',
        authorities: ['x', 'y'],
      },
    ],
    attributes: [
      { name: 'n', nameFormat: 'f', friendlyName: 'g', originalIssuer: 'urn:first', values: ['1', '', ' <&> '] },
    ],
  };
  assert.deepEqual(parseAssertion(sent(buildAssertion(full))), full);
  const empty: Assertion = {
    ...assertion,
    subject: undefined,
    conditions: undefined,
    authnStatements: [],
    attributes: [],
  };
  assert.deepEqual(parseAssertion(sent(buildAssertion(empty))), empty);
  const bare: Assertion = {
    ...empty,
    subject: { confirmations: [], nameId: undefined },
    authnStatements: [
      {
        authnInstant: now,
        authorities: [],
        contextClass: undefined,
        sessionIndex: undefined,
        sessionNotOnOrAfter: undefined,
      },
    ],
  };
  assert.deepEqual(parseAssertion(sent(buildAssertion(bare))), bare);
});

test('SAML Profiles 4.1.4.3: a good assertion gives the name identifier and says how long to remember it', () => {
  const checked = check({});
  assert.equal(checked.nameId.value, 'marge@jogcloud.com');
  assert.equal(checked.authnStatement.sessionIndex, '_session');
  assert.deepEqual(checked.replayableUntil, later(360));
});

test('SAML Core 2.5.1.2: time limits hold with the clock skew, to the second', () => {
  const conditions = (notBefore: Date | undefined, notOnOrAfter: Date | undefined) => ({
    conditions: { audienceRestrictions: [[sp.entityId]], notBefore, notOnOrAfter },
  });
  check(conditions(later(60), later(-59)));
  check(conditions(undefined, undefined));
  assert.throws(() => check(conditions(later(61), undefined)), refusal('assertion.not_yet_valid'));
  assert.throws(() => check(conditions(undefined, later(-60))), refusal('assertion.expired'));
  assert.throws(
    () => check(conditions(later(1), undefined), { clockSkewSeconds: 0 }),
    refusal('assertion.not_yet_valid'),
  );
  assert.throws(() => check(conditions(undefined, now), { clockSkewSeconds: 0 }), refusal('assertion.expired'));
  assert.throws(() => check({ issueInstant: later(61) }), refusal('assertion.not_yet_valid'));
});

test('SAML Core 2.5.1.4: an assertion for another audience is refused', () => {
  const audiences = (...audienceRestrictions: string[][]) => ({ conditions: { audienceRestrictions } });
  check(audiences(['https://other.example', sp.entityId]));
  check(audiences([sp.entityId], [sp.entityId, 'https://other.example']));
  for (const other of ['https://other.example', `${sp.entityId}/`, sp.entityId.toUpperCase(), '']) {
    assert.throws(() => check(audiences([other])), refusal('assertion.audience'), other);
    assert.throws(() => check(audiences([sp.entityId], [other])), refusal('assertion.audience'), other);
  }
  assert.throws(() => check(audiences()), refusal('assertion.audience'));
  assert.throws(() => check(audiences([])), refusal('assertion.audience'));
  assert.throws(() => check({ conditions: undefined }), refusal('assertion.audience'));
});

test('SAML Profiles 4.1.4.2, 4.1.4.3: one bearer confirmation must hold in everything', () => {
  check(withConfirmation({ recipient: 'https://other.example' }, {}));
  check(withConfirmation({ method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }, {}));
  const refused: [Partial<SubjectConfirmation>, string][] = [
    [{ method: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches' }, 'assertion.confirmation'],
    [{ recipient: undefined }, 'assertion.confirmation'],
    [{ recipient: `${sp.acs}/` }, 'assertion.confirmation'],
    [{ recipient: 'https://sp.example.evil/acs' }, 'assertion.confirmation'],
    [{ recipient: 'https://SP.example/acs' }, 'assertion.confirmation'],
    [{ notOnOrAfter: undefined }, 'assertion.confirmation'],
    [{ notBefore: now }, 'assertion.confirmation'],
    [{ notOnOrAfter: later(-60) }, 'assertion.expired'],
    [{ inResponseTo: undefined }, 'response.in_response_to'],
    [{ inResponseTo: '_other' }, 'response.in_response_to'],
  ];
  for (const [change, reason] of refused) {
    assert.throws(() => check(withConfirmation(change)), refusal(reason), JSON.stringify(change));
  }
  assert.throws(() => check(withConfirmation()), refusal('assertion.confirmation'));
  assert.equal(bearer.method, bearerConfirmation);
});

test('SAML Profiles 4.1.4.5: an assertion is remembered until the last of its confirmations ends', () => {
  const checked = check(withConfirmation({}, { notOnOrAfter: later(900) }));
  assert.deepEqual(checked.replayableUntil, later(960));
  assert.deepEqual(check(withConfirmation({}, { notOnOrAfter: undefined })).replayableUntil, later(360));
});

test('SAML Profiles 4.1.4.2: an assertion of another issuer, about nobody or of no sign-in is refused', () => {
  assert.throws(() => check({ issuer: 'https://other.example' }), refusal('assertion.issuer'));
  assert.throws(() => check({ subject: undefined }), refusal('assertion.subject'));
  assert.throws(() => check({ subject: { confirmations: [bearer] } }), refusal('assertion.subject'));
  assert.throws(() => check({ authnStatements: [] }), refusal('assertion.statement'));
  const [statement] = assertion.authnStatements;
  assert.ok(statement);
  assert.throws(
    () => check({ authnStatements: [{ ...statement, authnInstant: later(61) }] }),
    refusal('assertion.not_yet_valid'),
  );
  assert.throws(
    () => check({ authnStatements: [{ ...statement, sessionNotOnOrAfter: later(-61) }] }),
    refusal('assertion.expired'),
  );
});

test('SAML Core 3.3.2.2.1: an assertion of too weak an authentication is refused', () => {
  const { passwordProtectedTransport, timeSyncToken } = authnContextClasses;
  const order = [passwordProtectedTransport, timeSyncToken];
  const ask = (comparison: 'exact' | 'minimum', classes: string[]) => ({
    requestedAuthnContext: { comparison, classes },
    authnContextOrder: order,
  });
  check({}, ask('minimum', [passwordProtectedTransport]));
  check({}, { requestedAuthnContext: { comparison: 'exact', classes: [passwordProtectedTransport] } });
  assert.throws(() => check({}, ask('minimum', [timeSyncToken])), refusal('assertion.authn_context'));
  const unsaid = {
    authnStatements: assertion.authnStatements.map((statement) => ({ ...statement, contextClass: undefined })),
  };
  assert.throws(() => check(unsaid, ask('exact', [timeSyncToken])), refusal('assertion.authn_context'));
});

test('SAML Profiles 4.1.5: an unsolicited response answers nothing', () => {
  const unsolicited = { inResponseTo: undefined };
  check(withConfirmation({ inResponseTo: undefined }), unsolicited);
  assert.throws(() => check({}, unsolicited), refusal('response.in_response_to'));
  checkResponse({ ...response, inResponseTo: undefined }, { ...expectedResponse, ...unsolicited });
  assert.throws(
    () => checkResponse(response, { ...expectedResponse, ...unsolicited }),
    refusal('response.in_response_to'),
  );
});

test('SAML Core 3.2.2: envelope and status of a response are checked', () => {
  checkResponse(response, expectedResponse);
  const refused: [Partial<Response>, string][] = [
    [{ issuer: 'https://other.example' }, 'message.issuer'],
    [{ destination: 'https://sp.example/acs2' }, 'message.destination'],
    [{ destination: undefined }, 'message.destination'],
    [{ issueInstant: later(-700) }, 'message.time'],
    [{ inResponseTo: '_other' }, 'response.in_response_to'],
    [{ inResponseTo: undefined }, 'response.in_response_to'],
    [{ status: { code: 'Responder', secondLevelCode: 'NoPassive', message: 'Ask.' } }, 'response.status'],
    [{ status: { code: 'Requester' } }, 'response.status'],
  ];
  for (const [change, reason] of refused) {
    assert.throws(() => checkResponse({ ...response, ...change }, expectedResponse), refusal(reason), reason);
  }
  // SAML Core 3.2.2: the issuer of a response may be missing; that of the assertion counts.
  checkResponse({ ...response, issuer: undefined }, expectedResponse);
});

test('SAML Core 2: what an assertion must have, and what is not understood, is refused', () => {
  const text = writeXml(buildAssertion(assertion));
  const subject = /<saml:NameID.*<\/saml:NameID>/.exec(text)?.[0] ?? '';
  const cases: [string, string, string][] = [
    ['saml:Assertion ', 'saml:Other ', 'message.kind'],
    ['Version="2.0"', 'Version="2.1"', 'message.version'],
    ['<saml:Issuer>https://idp.example/saml2</saml:Issuer>', '', 'assertion.issuer'],
    [subject, '<saml:EncryptedID/>', 'assertion.subject'],
    [subject, '<saml:BaseID/>', 'assertion.subject'],
    ['</saml:AudienceRestriction>', '</saml:AudienceRestriction><saml:Condition/>', 'assertion.condition'],
    ['</saml:AudienceRestriction>', '</saml:AudienceRestriction><x:Own xmlns:x="urn:x"/>', 'assertion.condition'],
    ['<saml:AttributeStatement>', '<saml:AttributeStatement><saml:EncryptedAttribute/>', 'assertion.statement'],
    ['Method=', 'Methode=', 'xml.unexpected_content'],
    [' AuthnInstant=', ' x=', 'xml.unexpected_content'],
  ];
  for (const [search, replacement, reason] of cases) {
    const changed = text
      .replace(search, replacement)
      .replace(
        search === 'saml:Assertion ' ? '</saml:Assertion>' : '',
        search === 'saml:Assertion ' ? '</saml:Other>' : '',
      );
    assert.throws(() => parseAssertion(parseXml(changed)), refusal(reason), replacement);
  }
});

test('SAML Core 2.5.1.6: what must not be passed on is refused', () => {
  const text = writeXml(buildAssertion(assertion));
  const restricted = (restriction: string) =>
    parseAssertion(parseXml(text.replace('</saml:AudienceRestriction>', `</saml:AudienceRestriction>${restriction}`)));
  assert.equal(restricted('<saml:ProxyRestriction Count="1"/>').conditions?.audienceRestrictions.length, 1);
  for (const forbidden of [
    '<saml:ProxyRestriction Count="0"/>',
    '<saml:ProxyRestriction Count="00"/>',
    '<saml:ProxyRestriction Count="-1"/>',
    '<saml:ProxyRestriction Count="many"/>',
    '<saml:ProxyRestriction Count="1"/><saml:ProxyRestriction Count="1"/>',
  ]) {
    assert.throws(() => restricted(forbidden), refusal('assertion.condition'), forbidden);
  }
});

test('SAML Core 2.5.1.6: what is passed on counts one less and goes to no other audience', () => {
  const audiences = ['urn:portal', 'urn:orders'];
  for (const [proxyRestriction, next] of [
    [
      { count: 2, audiences },
      { count: 1, audiences },
    ],
    [
      { count: 1, audiences: [] },
      { count: 0, audiences: [] },
    ],
    [{ audiences }, { audiences }],
  ] satisfies [ProxyRestriction, ProxyRestriction][]) {
    const conditions = { audienceRestrictions: [['urn:us']], proxyRestriction };
    const text = writeXml(buildAssertion({ ...assertion, conditions }));
    assert.deepEqual(parseAssertion(parseXml(text)).conditions?.proxyRestriction, proxyRestriction);
    assert.deepEqual(passedOn(proxyRestriction), next);
  }
  assert.ok(mayPassOn({ count: 1, audiences }, 'urn:orders'));
  assert.ok(mayPassOn({ audiences: [] }, 'urn:other'));
  assert.ok(!mayPassOn({ count: 1, audiences }, 'urn:other'));
  assert.ok(!mayPassOn({ count: 0, audiences: [] }, 'urn:orders'));
});

test('RFC 7522 3, SAML Token Profile 1.1 3.5: an assertion may come as a token by itself', () => {
  const expected = { ...expectedAssertion, audiences: ['urn:us', sp.entityId], recipients: [sp.acs] };
  const token = (change: Partial<Assertion>) => checkBearerToken({ ...assertion, ...change }, expected);
  const [bearer] = assertion.subject?.confirmations ?? [];
  assert.ok(bearer);
  assert.deepEqual(token({}), later(360));
  const plain = { subject: { confirmations: [{ method: bearerConfirmation }] } };
  assert.deepEqual(token(plain), later(360));
  const audienceRestrictions = [['urn:us']];
  assert.deepEqual(token({ conditions: { audienceRestrictions } }), later(360));
  const refused: [Partial<Assertion>, string][] = [
    [{ issuer: 'https://x.example' }, 'assertion.issuer'],
    [{ issueInstant: later(61) }, 'assertion.not_yet_valid'],
    [{ conditions: { audienceRestrictions: [['urn:them']] } }, 'assertion.audience'],
    [{ conditions: undefined }, 'assertion.audience'],
    [{ subject: undefined }, 'assertion.confirmation'],
    [{ subject: { confirmations: [{ ...bearer, recipient: 'https://x.example' }] } }, 'assertion.confirmation'],
    [{ subject: { confirmations: [{ ...bearer, method: 'urn:x' }] } }, 'assertion.confirmation'],
    [{ subject: { confirmations: [{ ...bearer, notOnOrAfter: later(-60) }] } }, 'assertion.expired'],
    [{ ...plain, conditions: { audienceRestrictions } }, 'assertion.expired'],
    [{ authnStatements: [{ authnInstant: later(61), authorities: [] }] }, 'assertion.not_yet_valid'],
  ];
  for (const [change, reason] of refused) {
    assert.throws(() => token(change), refusal(reason), JSON.stringify(change));
  }
});

test('Interop: attribute values may be a NameID, as eduPersonTargetedID is, or other XML', () => {
  const text = writeXml(buildAssertion(assertion));
  const value = (content: string) =>
    parseAssertion(parseXml(text.replace('Network Operators', content))).attributes[0]?.values[0];
  assert.equal(value('<saml:NameID Format="x">opaque</saml:NameID>'), 'opaque');
  assert.equal(value(' <x:a xmlns:x="urn:x">1</x:a>'), ' <x:a xmlns:x="urn:x">1</x:a>');
  assert.equal(value(''), '');
});
