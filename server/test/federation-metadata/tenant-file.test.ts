import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  applyTenant,
  exportTenant,
  parseTenantFile,
  planTenant,
  printTenantFile,
} from '@countersign/management-api/tenant-file';
import { passwordHasher } from '../../src/directory/index.ts';
import { actOfHub } from '../../src/main/act-of-hub.ts';
import { connectWithin } from '../../src/main/connect-within.ts';
import { foundHub } from '../../src/main/found-hub.ts';
import { makeCertificate } from '../applications/certificate.ts';
import { onEachDatabase, testSealing } from '../databases.ts';
import { applicationMetadata, MetadataServer, providerMetadata } from './metadata-server.ts';

const resolutionService =
  '<md:ArtifactResolutionService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" Location="https://partner.example/ars"/>';
const certificates = [(await makeCertificate()).der.toString('base64')];

onEachDatabase(({ storage }) => {
  const [partner, portal] = [new MetadataServer(), new MetadataServer()];
  before(() => Promise.all([partner.start(), portal.start()]));
  after(() => {
    for (const server of [partner, portal]) server.stop();
  });

  test('a file names the address of metadata and nothing that it says, and an export holds on to no old keys', async () => {
    const parts = {
      storage,
      sealing: testSealing,
      passwords: passwordHasher(2, 100),
      hubTenantId: (await foundHub(storage, actOfHub, false)) ?? '',
      targetAccess: { allowedPrivateNetworks: ['127.0.0.1'], authorities: [], now: () => new Date() },
      now: () => new Date(),
      reportBug: (error: unknown) => assert.fail(String(error)),
    };
    const connection = connectWithin(parts, 'jogcloud');
    partner.text = providerMetadata({ certificates }).replace(
      '<md:SingleSignOn',
      `${resolutionService}<md:SingleSignOn`,
    );
    portal.text = applicationMetadata({ certificates });
    const file = (extra: string) =>
      parseTenantFile(
        `
tenant: { name: jogcloud, displayName: JogCloud, domains: [jogcloud.example] }
identityProviders:
  - id: Partner
    displayName: Partner
    saml: { signed: assertion, responseBinding: artifact }
    metadataSource: { url: "${partner.url}" }
applications:
  - displayName: Portal
    servicePrincipal: {}
    relyingParty:
      metadataSource: { url: "${portal.url}" }
      ${extra}`,
        'tenant.yaml',
      );
    await applyTenant(connection, file(''));
    assert.deepEqual(await planTenant(connection, file(''), false), []);
    await applyTenant(connection, file('tokenLifetimeSeconds: 600'));
    assert.deepEqual([partner.calls, portal.calls], [1, 1], 'what is followed already is not fetched by a file');

    const text = printTenantFile(await exportTenant(connection, 'jogcloud'));
    assert.match(text, /metadataSource/);
    assert.match(text, /tokenLifetimeSeconds: 600/);
    assert.match(text, /responseBinding: artifact/);
    assert.doesNotMatch(text, new RegExp(`${certificates[0]?.slice(0, 40)}|sso|acs|/ars`));
    assert.deepEqual(await planTenant(connection, parseTenantFile(text, 'exported.yaml'), true), []);

    // Partner's metadata stops to name an address, so that it can be set by hand.
    partner.text = providerMetadata({ certificates });
    await connection.client.refreshIdentityProviderMetadata({ id: 'Partner' });
    const byHand = { artifactResolution: [{ index: 0, location: 'https://partner.example/by-hand' }] };
    await connection.client.updateIdentityProvider({ id: 'Partner', body: { saml: byHand } });
    const beside = printTenantFile(await exportTenant(connection, 'jogcloud'));
    assert.match(beside, /by-hand/);
    assert.doesNotMatch(beside, new RegExp(`${certificates[0]?.slice(0, 40)}|sso`));
    assert.deepEqual(await planTenant(connection, parseTenantFile(beside, 'exported.yaml'), true), []);

    await applyTenant(connection, endedFile());
    const [, tenant] = await storage.read.tenants.list(10);
    assert.deepEqual(await storage.read.followedMetadata.list(tenant?.id ?? '', 'relyingParty'), []);
  });
});

/** The application is trusted without its metadata from now on. */
function endedFile() {
  const text = `
tenant: { name: jogcloud }
applications:
  - displayName: Portal
    relyingParty: { protocol: saml, identifier: urn:portal, metadataSource: null }`;
  return parseTenantFile(text, 'ended.yaml');
}
