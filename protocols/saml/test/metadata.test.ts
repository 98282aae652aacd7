import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listElements, parseXml, writeXml } from '@countersign/xml';
import { otherRsa, signer } from '../../xml/test/node-cryptography.ts';
import {
  buildMetadata,
  chooseEncryption,
  type Entity,
  getEntity,
  type IdentityProvider,
  nameIdFormats,
  parseMetadata,
  type ServiceProvider,
  signSaml,
  verifyMetadata,
} from '../src/index.ts';
import { digest, idpSigner, later, now, refusal, sent, signatures } from './parties.ts';

const role = {
  signingCertificates: ['Y3VycmVudA==', 'bmV4dA=='],
  encryptionKeys: [{ certificate: 'ZW5j', methods: ['http://www.w3.org/2009/xmlenc11#aes256-gcm'] }],
  singleLogoutServices: [
    { binding: 'redirect', location: 'https://x.example/slo', responseLocation: 'https://x.example/slo/done' },
  ],
  artifactResolutionServices: [
    { binding: 'soap', location: 'https://x.example/soap', responseLocation: undefined, index: 0, isDefault: true },
  ],
  nameIdFormats: [nameIdFormats.persistent],
} satisfies Partial<IdentityProvider>;
const identityProvider: IdentityProvider = {
  ...role,
  wantAuthnRequestsSigned: true,
  singleSignOnServices: [{ binding: 'post', location: 'https://x.example/sso', responseLocation: undefined }],
  attributes: [{ name: 'mail', nameFormat: 'urn:f', friendlyName: 'Mail' }],
};
const serviceProvider: ServiceProvider = {
  ...role,
  authnRequestsSigned: true,
  wantAssertionsSigned: false,
  assertionConsumerServices: [
    { binding: 'post', location: 'https://x.example/acs', responseLocation: undefined, index: 0, isDefault: true },
    {
      binding: 'artifact',
      location: 'https://x.example/art',
      responseLocation: undefined,
      index: 1,
      isDefault: undefined,
    },
  ],
  requestedAttributes: [{ name: 'mail', nameFormat: undefined, friendlyName: undefined, isRequired: true }],
};
const entity: Entity = {
  entityId: 'https://x.example',
  validUntil: later(3600),
  cacheSeconds: 600,
  displayName: 'Example',
  organization: { name: 'example', displayName: 'Example Inc', url: 'https://example.test' },
  contacts: [{ type: 'technical', name: 'Homer Simpson', email: 'homer@example.test' }],
  identityProvider,
  serviceProvider,
};

test('SAML Metadata 2: metadata that is written is read as it was', () => {
  assert.deepEqual(parseMetadata(sent(buildMetadata(entity, { id: '_m' }))), [entity]);
  const least: Entity = {
    entityId: 'urn:least',
    validUntil: undefined,
    cacheSeconds: undefined,
    displayName: undefined,
    organization: undefined,
    contacts: [{ type: 'other', name: undefined, email: undefined }],
    identityProvider: undefined,
    serviceProvider: { ...serviceProvider, requestedAttributes: [] },
  };
  assert.deepEqual(parseMetadata(sent(buildMetadata(least, { id: '_m' }))), [least]);
  const unnamed = sent(buildMetadata({ ...least, serviceProvider }, { id: '_m' }));
  assert.ok(writeXml(unnamed).includes('Attributes</md:ServiceName>'));
});

test('SAML Metadata 2.4: everything is in the order of the schema', () => {
  const other = parseXml(
    '<md:RoleDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" protocolSupportEnumeration="urn:x"/>',
  );
  const written = buildMetadata(entity, { id: '_m', otherRoles: [other] });
  const names = (name: string) =>
    listElements(listElements(written).find((child) => child.name === name) ?? written).map((child) => child.name);
  assert.deepEqual(names('EntityDescriptor'), [
    'RoleDescriptor',
    'IDPSSODescriptor',
    'SPSSODescriptor',
    'Organization',
    'ContactPerson',
  ]);
  const common = [
    'Extensions',
    'KeyDescriptor',
    'KeyDescriptor',
    'KeyDescriptor',
    'ArtifactResolutionService',
    'SingleLogoutService',
    'NameIDFormat',
  ];
  assert.deepEqual(names('IDPSSODescriptor'), [...common, 'SingleSignOnService', 'Attribute']);
  assert.deepEqual(names('SPSSODescriptor'), [
    ...common,
    'AssertionConsumerService',
    'AssertionConsumerService',
    'AttributeConsumingService',
  ]);
});

test('SAML Metadata 3: signed metadata is verified before it is read', async () => {
  const signed = sent(await signSaml(buildMetadata(entity, { id: '_m' }), { signer: idpSigner, digest }));
  assert.equal(listElements(signed)[0]?.name, 'Signature');
  assert.deepEqual(parseMetadata(await verifyMetadata(signed, signatures, digest)), [entity]);
  const unsigned = sent(buildMetadata(entity, { id: '_m' }));
  await assert.rejects(verifyMetadata(unsigned, signatures, digest), refusal('signature.missing'));
  const foreign = sent(
    await signSaml(buildMetadata(entity, { id: '_m' }), { signer: signer('rsa-sha256', otherRsa.privateKey), digest }),
  );
  await assert.rejects(verifyMetadata(foreign, signatures, digest), refusal('signature.value'));
});

const md = 'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';
const saml2 = 'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"';
const read = (text: string) => parseMetadata(parseXml(text.replace('<md:', `<md:`).replace('>', ` ${md}>`)));
const spOf = (content: string, attributes = '') =>
  read(
    `<md:EntityDescriptor entityID="urn:x" ${attributes}><md:SPSSODescriptor ${saml2}>${content}</md:SPSSODescriptor></md:EntityDescriptor>`,
  )[0]?.serviceProvider;

test('SAML Metadata 2.3.1: lists are read through, and the earliest end counts', () => {
  const entities = read(`<md:EntitiesDescriptor validUntil="2026-12-01T00:00:00Z" cacheDuration="P1D">
    <md:Extensions/>
    <md:EntityDescriptor entityID="urn:a" validUntil="2027-01-01T00:00:00Z" cacheDuration="PT1H30M"/>
    <md:EntitiesDescriptor validUntil="2026-11-30T00:00:00Z"><md:EntityDescriptor entityID="urn:b"/></md:EntitiesDescriptor>
    <md:EntityDescriptor entityID="urn:c"><md:IDPSSODescriptor ${saml2} validUntil="2026-11-25T00:00:00Z" cacheDuration="PT1M"/></md:EntityDescriptor>
  </md:EntitiesDescriptor>`);
  assert.deepEqual(
    entities.map(({ entityId, validUntil, cacheSeconds }) => [
      entityId,
      validUntil?.toISOString().slice(0, 10),
      cacheSeconds,
    ]),
    [
      ['urn:a', '2026-12-01', 5400],
      ['urn:b', '2026-11-30', 86400],
      ['urn:c', '2026-11-25', 60],
    ],
  );
  assert.equal(getEntity(entities, 'urn:b', now).entityId, 'urn:b');
  assert.equal(getEntity(entities.slice(0, 1), undefined, now).entityId, 'urn:a');
  assert.throws(() => getEntity(entities, undefined, now), refusal('metadata.entity'));
  assert.throws(() => getEntity(entities, 'urn:d', now), refusal('metadata.entity'));
  assert.throws(() => getEntity([...entities, ...entities], 'urn:a', now), refusal('metadata.entity'));
  assert.throws(() => getEntity(entities, 'urn:c', new Date('2026-11-25T00:00:00Z')), refusal('metadata.expired'));
});

test('Interop: metadata as peers write it', () => {
  const certificate =
    '<ds:KeyInfo><ds:X509Data><ds:X509Certificate>\nTUlJ\n QQ==\n</ds:X509Certificate></ds:X509Data></ds:KeyInfo>';
  const found = spOf(`
    <!-- node-saml wraps certificates; mellon offers PAOS; Shibboleth adds extensions -->
    <md:Extensions><init:RequestInitiator xmlns:init="urn:oasis:names:tc:SAML:profiles:SSO:request-init"/></md:Extensions>
    <md:KeyDescriptor>${certificate}</md:KeyDescriptor>
    <md:KeyDescriptor use="signing">${certificate}</md:KeyDescriptor>
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleLogoutService Binding="urn:mace:shibboleth:1.0:x" Location="urn:x"/>
    <md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://x.example/slo"/>
    <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:PAOS" Location="https://x.example/paos" index="0"/>
    <md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://x.example/acs" index="1" isDefault="true"/>`);
  assert.deepEqual(found?.signingCertificates, ['TUlJQQ==']);
  assert.deepEqual(found?.encryptionKeys, [{ certificate: 'TUlJQQ==', methods: [] }]);
  assert.deepEqual(
    found?.assertionConsumerServices.map(({ index, isDefault }) => [index, isDefault]),
    [[1, true]],
  );
  const mixed =
    read(`<md:EntityDescriptor entityID="urn:x"><md:IDPSSODescriptor protocolSupportEnumeration="urn:mace:shibboleth:1.0"/><md:IDPSSODescriptor ${saml2}>
    <md:Extensions><ui:UIInfo xmlns:ui="urn:oasis:names:tc:SAML:metadata:ui"><ui:DisplayName xml:lang="de">Beispiel</ui:DisplayName><ui:DisplayName xml:lang="en">Example</ui:DisplayName></ui:UIInfo></md:Extensions>
    </md:IDPSSODescriptor><md:Organization><md:OrganizationName>Nur</md:OrganizationName></md:Organization><md:ContactPerson contactType="odd"/></md:EntityDescriptor>`)[0];
  assert.equal(mixed?.displayName, 'Example');
  assert.equal(mixed.contacts[0]?.type, 'other');
  assert.deepEqual(mixed?.organization, { name: 'Nur', displayName: '', url: '' });
  assert.deepEqual(
    read('<md:EntityDescriptor entityID="urn:x"><md:IDPSSODescriptor/></md:EntityDescriptor>')[0]?.identityProvider,
    undefined,
  );
});

test('SAML Metadata 2.2: endpoints are addresses of the web, indexes are unique', () => {
  const acs = (location: string, index: string) =>
    `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${location}" index="${index}"/>`;
  assert.equal(spOf(acs('http://localhost:3000/acs', '0'))?.assertionConsumerServices.length, 1);
  for (const location of ['javascript:alert(1)', 'data:text/html,x', '/acs', '', 'file:///etc/passwd']) {
    assert.throws(() => spOf(acs(location, '0')), refusal('metadata.content'), location);
  }
  assert.throws(() => spOf(acs('https://x.example', '0') + acs('https://y.example', '0')), refusal('metadata.content'));
  assert.throws(() => spOf(acs('https://x.example', '-1')), refusal('xml.unexpected_content'));
});

test('SAML Metadata 2: what is no metadata, or says things twice, is refused', () => {
  assert.throws(() => read('<md:Other/>'.replace('/>', '></md:Other>')), refusal('metadata.content'));
  assert.throws(() => read('<md:EntityDescriptor entityID=" "></md:EntityDescriptor>'), refusal('metadata.content'));
  assert.throws(() => read('<md:EntityDescriptor></md:EntityDescriptor>'), refusal('xml.unexpected_content'));
  const twice = `<md:SPSSODescriptor ${saml2}/>`.repeat(2);
  assert.throws(
    () => read(`<md:EntityDescriptor entityID="urn:x">${twice}</md:EntityDescriptor>`),
    refusal('metadata.content'),
  );
  for (const duration of ['', 'P', 'PT', '1 day', '-P1D', 'P1W']) {
    assert.throws(() => spOf('', `cacheDuration="${duration}"`), refusal('metadata.content'), duration);
  }
  assert.equal(
    read('<md:EntityDescriptor entityID="urn:x" cacheDuration="P1Y2M3DT4H5M6.7S"></md:EntityDescriptor>')[0]
      ?.cacheSeconds,
    31536000 + 2 * 2592000 + 3 * 86400 + 4 * 3600 + 5 * 60 + 6,
  );
});

test('SAML Metadata 2.4.1.1: encryption uses what the owner of the key says it can do', () => {
  const gcm256 = 'http://www.w3.org/2009/xmlenc11#aes256-gcm';
  const cbc128 = 'http://www.w3.org/2001/04/xmlenc#aes128-cbc';
  const oaep = 'http://www.w3.org/2009/xmlenc11#rsa-oaep';
  const allowed = {
    content: ['aes128-gcm', 'aes256-gcm'],
    keyTransport: ['rsa-oaep-mgf1p', 'rsa-oaep-sha256'],
  } as const;
  const choose = (...keys: string[][]) =>
    chooseEncryption(
      keys.map((methods, at) => ({ certificate: `c${at}`, methods })),
      allowed,
    );
  assert.deepEqual(choose([]), { certificate: 'c0', content: 'aes128-gcm', keyTransport: 'rsa-oaep-mgf1p' });
  assert.deepEqual(choose([cbc128, gcm256, oaep]), {
    certificate: 'c0',
    content: 'aes256-gcm',
    keyTransport: 'rsa-oaep-sha256',
  });
  assert.deepEqual(choose([cbc128], [gcm256])?.certificate, 'c1');
  assert.equal(choose([cbc128]), undefined);
  assert.equal(choose(), undefined);
});
