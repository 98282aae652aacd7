import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubMetadata, parseMetadata } from '../src/hub-metadata.ts';

const key = (use: string, certificate: string) =>
  `<md:KeyDescriptor${use}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo></md:KeyDescriptor>`;
const keys = key(' use="signing"', 'M\nI1') + key('', 'MI2') + key(' use="encryption"', 'MI3');
const metadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://hub.example/">
  <md:RoleDescriptor xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706">${keys}
    <fed:PassiveRequestorEndpoint><EndpointReference xmlns="http://www.w3.org/2005/08/addressing"><Address>https://hub.example/wsfed</Address></EndpointReference></fed:PassiveRequestorEndpoint>
  </md:RoleDescriptor>
  <md:IDPSSODescriptor>${keys}
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://hub.example/post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://hub.example/saml2"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;

test('each protocol finds its role in the metadata: name, keys that sign, and address', () => {
  const common = { issuer: 'https://hub.example/', certificates: ['MI1', 'MI2'] };
  assert.deepEqual(parseMetadata(metadata, 'ws-federation'), { ...common, address: 'https://hub.example/wsfed' });
  assert.deepEqual(parseMetadata(metadata, 'saml'), { ...common, address: 'https://hub.example/saml2' });
});

test('metadata without the role are refused', () => {
  const empty =
    '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://hub.example/"/>';
  for (const protocol of ['saml', 'ws-federation'] as const) {
    assert.throws(() => parseMetadata(empty, protocol), /do not speak of/);
    assert.throws(() => parseMetadata('<html>', protocol));
  }
});

test('metadata are read again after ten minutes, and not while they are new', async () => {
  let [asked, now] = [0, 0];
  const ask = async () => {
    asked++;
    return new Response(metadata);
  };
  const read = hubMetadata('https://hub.example/metadata', ask, () => now);
  await read('saml');
  await read('ws-federation');
  assert.equal(asked, 1);
  now = 600_001;
  await read('saml');
  assert.equal(asked, 2);
  await assert.rejects(
    hubMetadata(
      'https://hub.example/',
      async () => new Response('', { status: 503 }),
      () => now,
    )('saml'),
    /503/,
  );
});
