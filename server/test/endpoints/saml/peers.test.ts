// The habits of SAML applications as they were seen on the wire, those among them that no test of ours runs.
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { parseMetadata } from '@countersign/saml';
import { parseXml } from '@countersign/xml';
import { getRelyingParty, relyingPartyOfMetadata, saveRelyingParty } from '../../../src/applications/index.ts';
import { makeSigningKey } from '../../../src/issuance/make-signing-key.ts';
import { onEachDatabase } from '../../databases.ts';
import { applicationCertificate, applicationKey, origin, posted, replyAddress, SamlHub } from './saml-hub.ts';

interface Habit {
  /** The request between its ends, which the placeholders of `habits` make whole. */
  request: string;
  relayState?: string;
  /** Order of the query. */
  order?: readonly ('SAMLRequest' | 'RelayState' | 'SigAlg' | 'Signature')[];
  encode?: (text: string) => string;
  /** What stands in the answer. */
  answer: RegExp;
}

const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent';
const email = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
const usual =
  'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0"';
const lowerCase = (text: string) => encodeURIComponent(text).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());

const habits: Readonly<Record<string, Habit>> = {
  'Shibboleth 3.4: no Format in NameIDPolicy, AllowCreate="1", a reference as relay state': {
    request: `<samlp:AuthnRequest ${usual} ID="_sh" IssueInstant="NOW" Destination="HERE" AssertionConsumerServiceURL="ACS"
      ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>urn:app</saml:Issuer><samlp:NameIDPolicy AllowCreate="1"/></samlp:AuthnRequest>`,
    relayState: 'ss:mem:6e7d9f0c9b64a1d1d3ac2f0be2b6c1d44c4ac8f0b1f8d2b5a9d6c4a0e1f2b3c4',
    answer: new RegExp(`<saml:NameID Format="${email}"`),
  },
  'SimpleSAMLphp 1.19: a persistent name, made if need be': {
    request: `<samlp:AuthnRequest ${usual} ID="_ss" IssueInstant="NOW" Destination="HERE" AssertionConsumerServiceURL="ACS"
      ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>urn:app</saml:Issuer><samlp:NameIDPolicy Format="${persistent}" AllowCreate="true"/></samlp:AuthnRequest>`,
    relayState: 'https://app.example/module.php/core/authenticate.php?as=default-sp',
    answer: new RegExp(`<saml:NameID [^>]*Format="${persistent}"`),
  },
  'pysaml2 7.0: prefixes of its own, a format of the issuer, AllowCreate="false"': {
    request: `<ns0:AuthnRequest xmlns:ns0="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:ns1="urn:oasis:names:tc:SAML:2.0:assertion" Version="2.0"
      ID="id-qvZ1" IssueInstant="NOW" Destination="HERE" AssertionConsumerServiceURL="ACS" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
      ><ns1:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">urn:app</ns1:Issuer><ns0:NameIDPolicy Format="${persistent}" AllowCreate="false"/></ns0:AuthnRequest>`,
    relayState: '/',
    answer: new RegExp(`<saml:NameID [^>]*Format="${persistent}"`),
  },
  'python3-saml 1.12: white space before the request, Signature before SigAlg': {
    request: `
  <samlp:AuthnRequest ${usual} ID="ONELOGIN_1" IssueInstant="NOW" Destination="HERE" AssertionConsumerServiceURL="ACS"
      ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">
    <saml:Issuer>urn:app</saml:Issuer>
    <samlp:NameIDPolicy Format="${email}" AllowCreate="true" />
  </samlp:AuthnRequest>`,
    relayState: 'https://app.example/?sso',
    order: ['SAMLRequest', 'RelayState', 'Signature', 'SigAlg'],
    encode: lowerCase,
    answer: new RegExp(`<saml:NameID Format="${email}"`),
  },
  'mod_auth_mellon 0.18 and LemonLDAP::NG 2.16: no binding, no address, consent, what is false said': {
    request: `<samlp:AuthnRequest ${usual} ID="_ME" IssueInstant="NOW" Destination="HERE" Consent="urn:oasis:names:tc:SAML:2.0:consent:current-implicit"
      ForceAuthn="false" IsPassive="false"><saml:Issuer>urn:app</saml:Issuer><samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient" AllowCreate="true"/></samlp:AuthnRequest>`,
    relayState: 'https://app.example/secret/',
    answer: /nameid-format:transient/,
  },
  'node-saml 5.1: an XML declaration, no relay state': {
    request: `<?xml version="1.0"?><samlp:AuthnRequest ${usual} ID="_no" IssueInstant="NOW" Destination="HERE" AssertionConsumerServiceURL="ACS"
      ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>urn:app</saml:Issuer></samlp:AuthnRequest>`,
    answer: new RegExp(`<saml:NameID Format="${email}"`),
  },
};

/** The query that carries a request, signed as it is encoded. */
function queryOf(hub: SamlHub, { request, relayState, order, encode = encodeURIComponent }: Habit): string {
  const xml = request
    .replace('NOW', hub.now.toISOString())
    .replace('HERE', `${origin}/${hub.tenant.id}/saml2`)
    .replace('ACS', replyAddress);
  const values: Record<string, string> = {
    SAMLRequest: deflateRawSync(xml).toString('base64'),
    ...(relayState !== undefined && { RelayState: relayState }),
    SigAlg: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  };
  const pair = (name: string) => (values[name] === undefined ? [] : [`${name}=${encode(values[name])}`]);
  const signed = Object.keys(values).flatMap(pair).join('&');
  values['Signature'] = sign('sha256', Buffer.from(signed), applicationKey).toString('base64');
  return (order ?? ['SAMLRequest', 'RelayState', 'SigAlg', 'Signature']).flatMap(pair).join('&');
}

onEachDatabase((database) => {
  for (const [peer, habit] of Object.entries(habits)) {
    test(`Interop: ${peer}`, async () => {
      const hub = await new SamlHub(database).begin();
      await hub.staff('marge', { mail: 'marge@x.example' });
      await hub.application();
      const browser = hub.browser();
      await browser.open(`/${hub.tenant.id}/saml2?${queryOf(hub, habit)}`);
      await hub.enter(browser, `marge@${hub.tenant.name}.onmicrosoft.com`);
      const { action, fields } = posted(browser);
      assert.equal(action, replyAddress);
      assert.equal(fields['RelayState'], habit.relayState, 'byte for byte');
      assert.match(Buffer.from(fields['SAMLResponse'] ?? '', 'base64').toString(), habit.answer);
    });
  }

  test('Interop: metadata given again replace the keys, and name the entity on a line of its own', async () => {
    const hub = await new SamlHub(database).begin();
    const id = await hub.application();
    const { certificate } = await makeSigningKey('RS256', 'new', new Date());
    const metadata = (key: string) => `<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
    entityID="urn:app">
  <SPSSODescriptor AuthnRequestsSigned="true" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <Extensions><init:RequestInitiator xmlns:init="urn:oasis:names:tc:SAML:profiles:SSO:request-init"
      Binding="urn:oasis:names:tc:SAML:profiles:SSO:request-init" Location="https://app.example/Shibboleth.sso/Login"/></Extensions>
    <KeyDescriptor><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>
${key.replaceAll(/(.{64})/g, '$1\n')}
</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
    <AssertionConsumerService index="1" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${replyAddress}"/>
  </SPSSODescriptor>
</EntityDescriptor>`;
    const newKey = certificate.replace(/-----[^-]+-----|\s/g, '');
    for (const key of [applicationCertificate, newKey]) {
      const [entity] = parseMetadata(parseXml(metadata(key)));
      assert.ok(entity);
      await hub.storage.write((stores) => saveRelyingParty(stores, hub.act(), id, relyingPartyOfMetadata(entity)));
    }
    const party = await getRelyingParty(hub.storage.read, hub.tenant.id, id);
    assert.deepEqual(party.signingCertificates, [newKey]);
    assert.deepEqual(
      party.encryptionKeys.map(({ certificate: key }) => key),
      [newKey],
    );
  });
});
