import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml } from '@countersign/xml';
import {
  type AuthnRequest,
  buildAuthnRequest,
  checkAuthnRequest,
  decideAuthnContext,
  decideNameIdFormat,
  decideReplyAddress,
  type ExpectedMessage,
  type IndexedEndpoint,
  nameIdFormats,
  parseAuthnRequest,
  type RequestedAuthnContext,
  satisfiesAuthnContext,
} from '../src/index.ts';
import { idp, later, now, refusal, request, sent, sp } from './parties.ts';

const samlp = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"';
const saml = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';

function parse(attributes: string, content = '') {
  const text = `<samlp:AuthnRequest ${samlp} ${saml} ID="_1" Version="2.0" IssueInstant="2026-11-21T19:23:00Z" ${attributes}>`;
  return parseAuthnRequest(parseXml(`${text}<saml:Issuer>${sp.entityId}</saml:Issuer>${content}</samlp:AuthnRequest>`));
}

test('SAML Core 3.4.1: a request that is written is read as it was', () => {
  const full: AuthnRequest = {
    ...request,
    consent: 'urn:oasis:names:tc:SAML:2.0:consent:current-implicit',
    subject: {
      value: 'marge@jogcloud.com',
      format: undefined,
      nameQualifier: undefined,
      spNameQualifier: undefined,
      spProvidedId: undefined,
    },
    forceAuthn: true,
    isPassive: false,
    assertionConsumerServiceUrl: sp.acs,
    assertionConsumerServiceIndex: undefined,
    protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
    attributeConsumingServiceIndex: 3,
    providerName: 'Insurance',
    nameIdPolicy: { format: nameIdFormats.persistent, spNameQualifier: sp.entityId, allowCreate: true },
    requestedAuthnContext: { comparison: 'minimum', classes: ['urn:a', 'urn:b'] },
    identityProviders: ['https://one.example', 'https://two.example'],
    requesterIds: ['https://proxied.example'],
    proxyCount: 1,
  };
  assert.deepEqual(parseAuthnRequest(sent(buildAuthnRequest(full))), full);
  const smallest = parseAuthnRequest(sent(buildAuthnRequest(request)));
  assert.equal(smallest.forceAuthn, undefined);
  assert.equal(smallest.identityProviders, undefined);
  const scoped = parseAuthnRequest(sent(buildAuthnRequest({ ...request, requesterIds: ['https://proxied.example'] })));
  assert.deepEqual([scoped.identityProviders, scoped.requesterIds], [undefined, ['https://proxied.example']]);
});

test('Interop: mod_auth_mellon, Shibboleth, pysaml2 and python3-saml write requests in their own ways', () => {
  assert.equal(
    parse('Consent="urn:oasis:names:tc:SAML:2.0:consent:current-implicit" ForceAuthn="false"').forceAuthn,
    false,
  );
  const shibboleth = parse('', '<samlp:NameIDPolicy AllowCreate="1"/>');
  assert.deepEqual(shibboleth.nameIdPolicy, { format: undefined, spNameQualifier: undefined, allowCreate: true });
  assert.equal(parse('', '<samlp:NameIDPolicy AllowCreate="false"/>').nameIdPolicy?.allowCreate, false);
  assert.equal(parse('', '<samlp:NameIDPolicy/>').nameIdPolicy?.allowCreate, false);
  const pysaml2 = parseXml(`
    <ns0:AuthnRequest xmlns:ns0="urn:oasis:names:tc:SAML:2.0:protocol" ID="id-abc" Version="2.0" IssueInstant="2026-11-21T19:23:00.123Z">
      <ns1:Issuer xmlns:ns1="urn:oasis:names:tc:SAML:2.0:assertion" Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">${sp.entityId}</ns1:Issuer>
    </ns0:AuthnRequest>`);
  assert.equal(parseAuthnRequest(pysaml2).issuer, sp.entityId);
});

test('SAML Core 3.2.1: a request without what every message has is refused', () => {
  const text = `<samlp:AuthnRequest ${samlp} ${saml} ID="_1" Version="2.0" IssueInstant="2026-11-21T19:23:00Z"><saml:Issuer>${sp.entityId}</saml:Issuer></samlp:AuthnRequest>`;
  const issuer = `<saml:Issuer>${sp.entityId}</saml:Issuer>`;
  const cases: [string, string, string][] = [
    ['samlp:AuthnRequest', 'samlp:LogoutRequest', 'message.kind'],
    ['protocol', 'protocol2', 'message.kind'],
    ['Version="2.0"', 'Version="1.1"', 'message.version'],
    ['Version="2.0"', '', 'message.version'],
    ['ID="_1"', '', 'xml.unexpected_content'],
    ['ID="_1"', 'ID=" "', 'message.content'],
    ['ID="_1"', `ID="${'x'.repeat(300)}"`, 'message.content'],
    ['2026-11-21T19:23:00Z', 'yesterday', 'xml.unexpected_content'],
    [issuer, '', 'message.issuer'],
    [issuer, issuer + issuer, 'xml.unexpected_content'],
    [issuer, '<saml:Issuer/>', 'message.issuer'],
    [issuer, `<saml:Issuer Format="${nameIdFormats.emailAddress}">a@b</saml:Issuer>`, 'message.issuer'],
    [issuer, `${issuer}<samlp:RequestedAuthnContext/>`, 'request.authn_context'],
    [
      issuer,
      `${issuer}<samlp:RequestedAuthnContext Comparison="about"><saml:AuthnContextClassRef>a</saml:AuthnContextClassRef></samlp:RequestedAuthnContext>`,
      'request.authn_context',
    ],
    [issuer, `${issuer}<saml:Subject><saml:NameID> </saml:NameID></saml:Subject>`, 'message.content'],
    ['Version', 'ForceAuthn="maybe" Version', 'xml.unexpected_content'],
  ];
  for (const [search, replacement, reason] of cases) {
    assert.throws(
      () => parseAuthnRequest(parseXml(text.replaceAll(search, replacement))),
      refusal(reason),
      `${search} -> ${replacement}`,
    );
  }
});

const expected: ExpectedMessage = {
  now,
  clockSkewSeconds: 60,
  issuer: sp.entityId,
  destinations: [idp.sso],
  isSigned: true,
};

test('SAML Core 3.2.1, SAML Bindings 3.4.5.2: issuer, destination and time of a request are checked', () => {
  checkAuthnRequest(request, expected);
  checkAuthnRequest({ ...request, destination: undefined }, { ...expected, isSigned: false });
  checkAuthnRequest({ ...request, issueInstant: later(60) }, expected);
  checkAuthnRequest({ ...request, issueInstant: later(-660) }, expected);
  const refused: [Partial<AuthnRequest>, string][] = [
    [{ issuer: 'https://other.example' }, 'message.issuer'],
    [{ destination: undefined }, 'message.destination'],
    [{ destination: `${idp.sso}/` }, 'message.destination'],
    [{ destination: idp.sso.toUpperCase() }, 'message.destination'],
    [{ destination: 'https://idp.example.evil/saml2/sso' }, 'message.destination'],
    [{ issueInstant: later(61) }, 'message.time'],
    [{ issueInstant: later(-661) }, 'message.time'],
    [{ assertionConsumerServiceIndex: 0, assertionConsumerServiceUrl: sp.acs }, 'request.reply_address'],
  ];
  for (const [change, reason] of refused) {
    assert.throws(() => checkAuthnRequest({ ...request, ...change }, expected), refusal(reason), reason);
  }
});

test('SAML Profiles 4.1.4.1: answers go to registered addresses only', () => {
  const registered: IndexedEndpoint[] = [
    { binding: 'artifact', location: 'https://sp.example/artifact', index: 0 },
    { binding: 'post', location: 'https://sp.example/first', index: 1, isDefault: false },
    { binding: 'post', location: 'https://sp.example/second', index: 2 },
    { binding: 'post', location: 'https://sp.example/third', index: 3 },
  ];
  const decide = (change: Partial<AuthnRequest>, endpoints = registered) =>
    decideReplyAddress({ ...request, ...change }, endpoints);
  assert.equal(decide({}).index, 2);
  assert.equal(
    decide({}, [...registered, { binding: 'post', location: 'https://sp.example/4', index: 4, isDefault: true }]).index,
    4,
  );
  assert.equal(decide({}, registered.slice(0, 2)).index, 1);
  assert.equal(decide({ assertionConsumerServiceIndex: 3 }).index, 3);
  assert.equal(decide({ assertionConsumerServiceUrl: 'https://sp.example/first' }).index, 1);
  const post = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
  assert.equal(decide({ assertionConsumerServiceUrl: 'https://sp.example/third', protocolBinding: post }).index, 3);
  for (const url of [
    'https://sp.example/first/',
    'https://sp.example/FIRST',
    'https://sp.example/first?x=1',
    'https://sp.example.evil/first',
    'javascript:alert(1)',
    '',
  ]) {
    assert.throws(() => decide({ assertionConsumerServiceUrl: url }), refusal('request.reply_address'), url);
  }
  assert.throws(() => decide({ assertionConsumerServiceIndex: 9 }), refusal('request.reply_address'));
  assert.throws(() => decide({}, []), refusal('request.reply_address'));
  assert.throws(() => decide({ assertionConsumerServiceIndex: 0 }), refusal('request.reply_binding'));
  assert.throws(
    () => decide({ protocolBinding: 'urn:oasis:names:tc:SAML:2.0:bindings:PAOS' }),
    refusal('request.reply_binding'),
  );
});

test('SAML Core 3.4.1.1: the format of the name identifier is the one asked for, or none is given', () => {
  const offer = {
    audience: sp.entityId,
    defaultFormat: nameIdFormats.emailAddress,
    formats: [nameIdFormats.persistent],
  };
  assert.equal(decideNameIdFormat(undefined, offer), nameIdFormats.emailAddress);
  assert.equal(decideNameIdFormat({ allowCreate: true }, offer), nameIdFormats.emailAddress);
  assert.equal(
    decideNameIdFormat({ format: nameIdFormats.unspecified, allowCreate: true }, offer),
    nameIdFormats.emailAddress,
  );
  assert.equal(
    decideNameIdFormat({ format: nameIdFormats.emailAddress, allowCreate: true }, offer),
    nameIdFormats.emailAddress,
  );
  const persistent = { format: nameIdFormats.persistent, spNameQualifier: sp.entityId, allowCreate: false };
  assert.equal(decideNameIdFormat(persistent, offer), nameIdFormats.persistent);
  assert.throws(
    () => decideNameIdFormat({ format: nameIdFormats.transient, allowCreate: true }, offer),
    refusal('request.name_id_policy'),
  );
  assert.throws(
    () => decideNameIdFormat({ spNameQualifier: 'https://affiliation.example', allowCreate: true }, offer),
    refusal('request.name_id_policy'),
  );
});

test('SAML Core 3.3.2.2.1: comparisons of authentication contexts', () => {
  const order = ['weak', 'medium', 'strong'];
  const ask = (comparison: RequestedAuthnContext['comparison'], ...classes: string[]) => ({ comparison, classes });
  const decided: [RequestedAuthnContext | undefined, string | undefined][] = [
    [undefined, 'weak'],
    [ask('exact', 'unknown', 'strong', 'medium'), 'strong'],
    [ask('exact', 'unknown'), undefined],
    [ask('minimum', 'medium', 'strong'), 'medium'],
    [ask('maximum', 'medium', 'weak'), 'medium'],
    [ask('better', 'weak', 'medium'), 'strong'],
    [ask('better', 'strong'), undefined],
    [ask('minimum', 'unknown'), undefined],
  ];
  for (const [requested, context] of decided) {
    assert.equal(decideAuthnContext(requested, order), context, JSON.stringify(requested));
    if (requested && context) assert.ok(satisfiesAuthnContext(requested, context, order));
  }
  const satisfying: [RequestedAuthnContext, string[]][] = [
    [ask('exact', 'medium', 'unknown'), ['medium', 'unknown']],
    [ask('minimum', 'medium'), ['medium', 'strong']],
    [ask('maximum', 'medium'), ['weak', 'medium']],
    [ask('better', 'weak'), ['medium', 'strong']],
    [ask('better', 'unknown'), []],
  ];
  for (const [requested, contexts] of satisfying) {
    const all = [...order, 'unknown'].filter((context) => satisfiesAuthnContext(requested, context, order));
    assert.deepEqual(all, contexts, JSON.stringify(requested));
  }
});
