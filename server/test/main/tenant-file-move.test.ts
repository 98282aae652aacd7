// A tenant's file moves the tenant to another hub.
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
import { demoTenants, readDemoFile } from '../../src/main/seed-demo.ts';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { makeCertificate } from '../applications/certificate.ts';
import { onEachDatabase, openTestSqlite, testSealing } from '../databases.ts';

const certificate = (await makeCertificate()).der.toString('base64');

/** One of everything that has to do with federation, each naming another. */
const federation = `
tenant: { name: partners, displayName: Partners }
ruleGroups:
  - { id: Staff, purpose: acceptance, description: Who works there, rules: 'c:[Type == "staff"] => issue(claim = c);' }
  - { id: Names, purpose: issuance, rules: 'c:[Type == "name"] => issue(claim = c);' }
  - { id: Mail, purpose: issuance, rules: 'c:[Type == "mail"] => issue(claim = c);' }
  - { id: Everybody, purpose: authorization, rules: '=> issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");' }
identityProviders:
  - id: Home
    displayName: Home
    issuer: https://home.example
    metadataExchangeAddress: https://home.example/mex
    saml:
      singleSignOn: { binding: post, location: "https://home.example/sso" }
      singleLogout: { binding: redirect, location: "https://home.example/slo" }
      artifactResolution: [{ index: 3, location: "https://home.example/ars" }]
      signingCertificates: [${certificate}]
      unsolicitedFor: Portal
  - id: AdFs
    displayName: AD FS
    issuer: urn:adfs
    acceptanceRules: 'c:[] => issue(claim = c);'
    acceptanceRuleGroups: { before: [Staff] }
    wsFederation: { passiveEndpoint: "https://adfs.example/ls", signingCertificates: [${certificate}], realm: "urn:us" }
  - id: Social
    displayName: Social
    issuer: https://social.example
    clientId: us
userFlows:
  - { name: B2C_1_in, userFlowType: signUpOrSignIn, identityProviders: [Home, Social] }
applications:
  - displayName: Portal
    servicePrincipal: { identityProviders: [Home, local] }
    relyingParty:
      protocol: saml
      identifier: urn:portal
      replyAddresses: [{ binding: post, location: "https://portal.example/acs", index: 0 }]
      isUnsolicitedAllowed: true
      issuanceRuleGroups: { before: [Names, Mail], after: [Names] }
      authorizationRuleGroups: { after: [Everybody] }
  - displayName: Orders
    servicePrincipal: {}
    relyingParty:
      protocol: wsFederation
      identifier: urn:orders
      replyAddresses: [{ binding: post, location: "https://orders.example/", index: 0 }]
      isActingAllowed: true
      actors: [urn:stock]
`;

async function openHub(storage: Storage) {
  const parts = {
    storage,
    sealing: testSealing,
    passwords: passwordHasher(2, 100),
    hubTenantId: (await foundHub(storage, actOfHub, false)) ?? '',
    targetAccess: { allowedPrivateNetworks: [], authorities: [], now: () => new Date() },
    now: () => new Date(),
    reportBug: (error: unknown) => assert.fail(String(error)),
  };
  return (tenant: string) => connectWithin(parts, tenant);
}

onEachDatabase(({ storage }) => {
  test('what is exported of a tenant makes the same tenant in another hub, of which nothing is left to do', async () => {
    const here = await openHub(storage);
    const { engine, drop } = await openTestSqlite();
    try {
      await engine.migrate();
      const there = await openHub(openStorage(engine, testSealing));
      const files = [parseTenantFile(federation, 'partners.yaml'), ...demoTenants.map(readDemoFile)];
      for (const file of files) {
        const { name } = file.tenant;
        await applyTenant(here(name), file);
        const text = printTenantFile(await exportTenant(here(name), name));
        const exported = parseTenantFile(text, `${name}.yaml`);
        await applyTenant(there(name), exported);
        assert.deepEqual(await planTenant(there(name), exported, true), [], name);
        assert.equal(printTenantFile(await exportTenant(there(name), name)), text);
      }
    } finally {
      await engine.close();
      await drop();
    }
  });

  test('a file names the application to which people come unasked, as it names others', async () => {
    const here = await openHub(storage);
    const connection = here('partners');
    await applyTenant(connection, parseTenantFile(federation, 'partners.yaml'));
    const { identityProviders = [] } = await exportTenant(connection, 'partners');
    const [saml] = identityProviders.flatMap(({ id, saml: settings }) => (id === 'Home' ? [settings] : []));
    assert.equal(Object(saml).unsolicitedFor, 'Portal');
    const wrong = parseTenantFile(federation.replace('unsolicitedFor: Portal', 'unsolicitedFor: Nobody'), 'wrong.yaml');
    await assert.rejects(
      applyTenant(connection, wrong),
      /identityProvider Home: There is no servicePrincipal called Nobody/,
    );
  });
});
