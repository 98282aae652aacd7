import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildMetadata } from '@countersign/saml';
import { listElements, parseXml, writeXml } from '@countersign/xml';
import {
  buildFederationApplication,
  buildSecurityTokenService,
  type FederationApplication,
  parseFederationMetadata,
  type SecurityTokenService,
  tokenTypes,
} from '../src/index.ts';
import { emailClaim, later, refusal, reply, sent } from './tokens.ts';

const service: SecurityTokenService = {
  displayName: 'MyCompany',
  signingCertificates: ['Y3VycmVudA==', 'bmV4dA=='],
  tokenTypes: [tokenTypes.saml11[0], tokenTypes.saml20[0]],
  claimTypes: [
    { type: emailClaim.type, displayName: 'E-Mail', description: 'The address' },
    { type: 'http://x.example/claims/plain', displayName: undefined, description: undefined },
  ],
  tokenEndpoints: [
    { address: 'https://sts.example/trust/13/usernamemixed', metadataAddress: 'https://sts.example/trust/mex' },
    { address: 'https://sts.example/trust/2005/usernamemixed', metadataAddress: undefined },
  ],
  passiveEndpoints: ['https://sts.example/wsfed'],
};
const application: FederationApplication = {
  displayName: undefined,
  encryptionCertificates: ['ZW5j'],
  claimTypes: [
    { type: emailClaim.type, displayName: undefined, description: undefined, isRequired: true },
    { type: 'http://x.example/claims/a', displayName: 'A', description: undefined, isRequired: false },
  ],
  audiences: ['urn:app', 'https://app.example/'],
  passiveEndpoints: [reply],
};
const entity = { entityId: 'https://sts.example', validUntil: later(60), contacts: [] };
const otherRoles = [buildSecurityTokenService(service), buildFederationApplication(application)];

test('WS-Federation 1.2 3.1: metadata that is written is read as it was', () => {
  const document = sent(buildMetadata(entity, { id: '_m', otherRoles }));
  assert.deepEqual(parseFederationMetadata(document), {
    entityId: entity.entityId,
    validUntil: entity.validUntil,
    securityTokenService: service,
    application,
  });
  const passiveOnly = { ...service, tokenEndpoints: [], displayName: undefined };
  const written = parseFederationMetadata(
    sent(buildMetadata(entity, { id: '_m', otherRoles: [buildSecurityTokenService(passiveOnly)] })),
  );
  assert.deepEqual(written.securityTokenService?.tokenEndpoints, [
    { address: 'https://sts.example/wsfed', metadataAddress: undefined },
  ]);
  assert.equal(written.application, undefined);
});

test('WS-Federation 1.2 3.1.2: everything is in the order of the schema, the type a qualified name', () => {
  const [first, second] = otherRoles;
  assert.ok(first && second);
  assert.match(
    writeXml(first),
    /^<md:RoleDescriptor xmlns:fed="[^"]*" xmlns:md="[^"]*" xmlns:xsi="[^"]*" ServiceDisplayName="MyCompany" protocolSupportEnumeration="http:\/\/docs.oasis-open.org\/wsfed\/federation\/200706" xsi:type="fed:SecurityTokenServiceType">/,
  );
  const names = (element: typeof first) => [...new Set(listElements(element).map(({ name }) => name))];
  assert.deepEqual(names(first), [
    'KeyDescriptor',
    'TokenTypesOffered',
    'ClaimTypesOffered',
    'SecurityTokenServiceEndpoint',
    'PassiveRequestorEndpoint',
  ]);
  assert.deepEqual(names(second), [
    'KeyDescriptor',
    'ClaimTypesRequested',
    'TargetScopes',
    'ApplicationServiceEndpoint',
    'PassiveRequestorEndpoint',
  ]);
});

test('WS-Federation 1.2 3.1: what cannot be used is refused, what is missing is empty', () => {
  const text = writeXml(buildMetadata(entity, { id: '_m', otherRoles }));
  const role = /<md:RoleDescriptor.*?<\/md:RoleDescriptor>/.exec(text)?.[0] ?? '';
  assert.throws(() => parseFederationMetadata(parseXml(text.replace(role, role + role))), refusal('metadata.content'));
  assert.throws(
    () => parseFederationMetadata(parseXml(text.replaceAll('https://sts.example/wsfed', 'javascript:alert(1)'))),
    refusal('metadata.content'),
  );
  assert.throws(() => parseFederationMetadata(parseXml('<a/>')), refusal('metadata.content'));
  const list = `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">${text}</md:EntitiesDescriptor>`;
  assert.throws(() => parseFederationMetadata(parseXml(list)), refusal('metadata.content'));
  assert.throws(() => parseFederationMetadata(parseXml(list.replace(text, ''))), refusal('metadata.content'));
  const otherPrefix = text.replaceAll('fed:SecurityTokenServiceType', 'md:SecurityTokenServiceType');
  assert.equal(parseFederationMetadata(parseXml(otherPrefix)).securityTokenService, undefined);
  const untyped = text.replaceAll(/ xsi:type="[^"]*"/g, '');
  assert.equal(parseFederationMetadata(parseXml(untyped)).application, undefined);
  const bare = text
    .replace(/<fed:TargetScopes>.*<\/fed:TargetScopes>/, '')
    .replace(/<fed:TokenTypesOffered>.*<\/fed:TokenTypesOffered>/, '')
    .replaceAll(' use="signing"', '');
  const read = parseFederationMetadata(parseXml(bare));
  assert.deepEqual([read.application?.audiences, read.securityTokenService?.tokenTypes], [[], []]);
  assert.deepEqual(read.securityTokenService?.signingCertificates, service.signingCertificates);
  const optional = text.replaceAll(/ Optional="[^"]*"/g, '');
  assert.equal(parseFederationMetadata(parseXml(optional)).application?.claimTypes[1]?.isRequired, true);
});

test('Exclusive XML Canonicalization 1.0, 1.1: a role is known by its protocol when the prefix of its type was left out', () => {
  const text = writeXml(buildMetadata(entity, { id: '_m', otherRoles }));
  const typed = (uri: string) =>
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="urn:a"><md:RoleDescriptor xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="gone:SecurityTokenServiceType" protocolSupportEnumeration="${uri}"/></md:EntityDescriptor>`;
  assert.ok(parseFederationMetadata(parseXml(text)).securityTokenService);
  const { securityTokenService } = parseFederationMetadata(
    parseXml(typed('http://docs.oasis-open.org/wsfed/federation/200706')),
  );
  assert.ok(securityTokenService);
  assert.equal(parseFederationMetadata(parseXml(typed('urn:another'))).securityTokenService, undefined);
});
