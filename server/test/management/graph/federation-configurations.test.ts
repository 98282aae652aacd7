import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { addDomain, verifyDomain } from '../../../src/directory/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { applicationCertificate } from '../../endpoints/saml/saml-hub.ts';
import { openGraphApi } from './graph-api.ts';

/** As Microsoft's tools send it. */
const adFs = {
  '@odata.type': '#microsoft.graph.internalDomainFederation',
  displayName: 'Company AD FS',
  issuerUri: 'http://fs.company.example/adfs/services/trust',
  passiveSignInUri: 'https://fs.company.example/adfs/ls/',
  activeSignInUri: 'https://fs.company.example/adfs/services/trust/2005/usernamemixed',
  metadataExchangeUri: 'https://fs.company.example/adfs/services/trust/mex',
  preferredAuthenticationProtocol: 'wsFed',
  signingCertificate: `${applicationCertificate.slice(0, 64)}\n${applicationCertificate.slice(64)}`,
  federatedIdpMfaBehavior: 'acceptIfMfaDoneByFederatedIdp',
};

const partner = {
  displayName: 'Partner',
  issuerUri: 'urn:partner',
  passiveSignInUri: 'https://partner.example/sso',
  preferredAuthenticationProtocol: 'saml',
  signingCertificate: applicationCertificate,
};
const reject = 'rejectMfaByFederatedIdp';
const external = '/directory/federationConfigurations';
const externalKind = `${external}/microsoft.graph.samlOrWsFedExternalDomainFederation`;

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());

  async function open() {
    const { admin, tenantId } = await api.makeTenant();
    const domain = `people-${tenantId.slice(0, 8)}.example`;
    const actor = { kind: 'system', id: null, name: 'test' } as const;
    await storage.write(async (stores) => {
      const act = { tenantId, actor, now: new Date(), correlationId: 'c', newId: () => randomUUID() };
      await addDomain(stores, act, domain);
      await verifyDomain(stores, act, domain, { by: 'operator' });
    });
    const path = `/domains/${domain}/federationConfiguration`;
    const call = (request: string, body?: unknown) => api.call(admin, request, body);
    return { domain, path, call, admin };
  }

  test('a domain is federated, seen at the domain and as identity provider, and takes its people back', async () => {
    const { domain, path, call } = await open();
    assert.deepEqual((await call(`GET ${path}`)).body.value, []);
    const made = await call(`POST ${path}`, adFs);
    assert.equal(made.status, 201, made.body.error?.message);
    const { '@odata.type': _, ...sent } = adFs;
    const { id, '@odata.context': __, ...shown } = made.body;
    const expected = {
      nextSigningCertificate: null,
      isSignedAuthenticationRequestRequired: false,
      promptLoginBehavior: 'disabled',
      signOutUri: null,
    };
    assert.deepEqual(shown, { ...sent, signingCertificate: applicationCertificate, ...expected });
    assert.deepEqual((await call(`GET ${path}`)).body.value, [{ id, ...shown }]);
    assert.equal((await call(`GET ${path}/${id}`)).body.issuerUri, adFs.issuerUri);
    assert.equal((await call(`GET /domains/${domain}`)).body.authenticationType, 'Federated');
    const provider = (await call(`GET /identity/identityProviders/${id}`)).body;
    assert.deepEqual(
      [provider.protocol, provider.federatedDomains, provider.isMultiFactorTrusted, provider.activeSignInAddress],
      ['wsFederation', [domain], true, adFs.activeSignInUri],
    );
    assert.equal((await call(`DELETE ${path}/${id}`)).status, 204);
    assert.equal((await call(`GET /domains/${domain}`)).body.authenticationType, 'Managed');
    assert.equal((await call(`GET /identity/identityProviders/${id}`)).status, 404);
  });

  test('only what is given of a configuration changes, and the next certificate beside the current one', async () => {
    const { path, call } = await open();
    const { id } = (await call(`POST ${path}`, { ...adFs, nextSigningCertificate: applicationCertificate })).body;
    const change = { passiveSignInUri: 'https://fs2.company.example/adfs/ls/', federatedIdpMfaBehavior: reject };
    assert.equal((await call(`PATCH ${path}/${id}`, change)).status, 204);
    assert.equal((await call(`PATCH ${path}/${id}`, { nextSigningCertificate: null })).status, 204);
    const { body } = await call(`GET ${path}/${id}`);
    assert.deepEqual(
      [body.passiveSignInUri, body.federatedIdpMfaBehavior, body.displayName, body.nextSigningCertificate],
      [change.passiveSignInUri, reject, adFs.displayName, null],
    );
    assert.equal(body.signingCertificate, applicationCertificate);
    const other = await call(`PATCH ${path}/${id}`, { preferredAuthenticationProtocol: 'saml' });
    assert.equal(other.status, 400);
  });

  test('how a fresh sign-in is asked for, and where people sign out, are set for either protocol', async () => {
    const { path, call } = await open();
    const { id } = (await call(`POST ${path}`, { ...adFs, promptLoginBehavior: 'nativeSupport' })).body;
    const settings = async () => {
      const { body } = await call(`GET ${path}/${id}`);
      const { wsFederation } = (await call(`GET /identity/identityProviders/${id}`)).body;
      assert.equal(wsFederation.promptLoginBehavior, body.promptLoginBehavior);
      return [body.promptLoginBehavior, body.signOutUri, wsFederation.endsSession];
    };
    assert.deepEqual(await settings(), ['nativeSupport', null, false]);
    const signOutUri = `${adFs.passiveSignInUri}?wa=wsignout1.0`;
    const translate = 'translateToFreshPasswordAuthentication';
    assert.equal((await call(`PATCH ${path}/${id}`, { signOutUri, promptLoginBehavior: translate })).status, 204);
    assert.deepEqual(await settings(), [translate, adFs.passiveSignInUri, true]);
    const elsewhere = await call(`PATCH ${path}/${id}`, { signOutUri: 'https://fs.company.example/out' });
    assert.equal(elsewhere.status, 400);
    assert.equal((await call(`PATCH ${path}/${id}`, { displayName: 'AD FS', signOutUri: null })).status, 204);
    assert.deepEqual(await settings(), [translate, null, false]);

    const saml = await open();
    const idp = { ...partner, signOutUri: 'https://partner.example/slo' };
    const made = (await saml.call(`POST ${saml.path}`, idp)).body;
    assert.deepEqual([made.signOutUri, made.promptLoginBehavior], [idp.signOutUri, 'disabled']);
    const provider = async () => (await saml.call(`GET /identity/identityProviders/${made.id}`)).body;
    const singleLogout = { binding: 'redirect', location: idp.signOutUri, responseLocation: null };
    assert.deepEqual((await provider()).saml.singleLogout, singleLogout);
    assert.equal((await saml.call(`PATCH ${saml.path}/${made.id}`, { signOutUri: null })).status, 204);
    assert.equal((await provider()).saml.singleLogout, null);
  });

  test('what no configuration can be is refused, and nothing is left of it', async () => {
    const { domain, path, call } = await open();
    for (const wrong of [
      { ...adFs, signingCertificate: 'x' },
      { ...adFs, passiveSignInUri: 'http://fs.company.example' },
      { ...adFs, federatedIdpMfaBehavior: 'enforceMfaByFederatedIdp' },
      { ...adFs, preferredAuthenticationProtocol: 'oidc' },
      { displayName: 'Nothing' },
    ]) {
      assert.equal((await call(`POST ${path}`, wrong)).status, 400, JSON.stringify(wrong));
    }
    assert.equal((await call('POST /domains/nowhere.example/federationConfiguration', adFs)).status, 404);
    const initial = (await call('GET /domains')).body.value.find((each: { isInitial: boolean }) => each.isInitial);
    assert.equal((await call(`POST /domains/${initial.id}/federationConfiguration`, adFs)).status, 400);
    assert.deepEqual((await call(`GET ${external}/samlOrWsFedExternalDomainFederation`)).body.value, []);
    await call(`POST ${path}`, adFs);
    const second = await call(`POST ${path}`, { ...adFs, displayName: 'Other', issuerUri: 'urn:other' });
    assert.equal(second.body.error.code, 'Request_BadRequest', JSON.stringify(second.body));
    assert.equal((await call(`GET /domains/${domain}/federationConfiguration`)).body.value.length, 1);
  });

  test('a provider of other domains is trusted, changed and removed under Graph’s addresses', async () => {
    const { call, path } = await open();
    const made = await call(`POST ${externalKind}`, { ...partner, domains: [{ id: 'Partner.example' }] });
    assert.equal(made.status, 201, made.body.error?.message);
    const { id } = made.body;
    await call(`POST ${path}`, adFs);
    assert.deepEqual(
      (await call(`GET ${external}/graph.samlOrWsFedExternalDomainFederation`)).body.value.map(
        (each: { issuerUri: string }) => each.issuerUri,
      ),
      [partner.issuerUri],
      'that of the tenant’s own domain is none of them',
    );
    const domains = `${external}/${id}/microsoft.graph.samlOrWsFedExternalDomainFederation/domains`;
    assert.equal((await call(`POST ${domains}`, { id: 'second.example' })).status, 201);
    assert.equal((await call(`DELETE ${domains}/partner.example`)).status, 204);
    assert.deepEqual((await call(`GET ${domains}`)).body.value, [{ id: 'second.example' }]);
    assert.equal((await call(`DELETE ${domains}/partner.example`)).status, 404);
    assert.equal((await call(`PATCH ${externalKind}/${id}`, { displayName: 'Partner Inc.' })).status, 204);
    const { body } = await call(`GET ${externalKind}/${id}`);
    assert.deepEqual([body.displayName, body.passiveSignInUri], ['Partner Inc.', partner.passiveSignInUri]);
    assert.equal((await call(`DELETE ${external}/${id}`)).status, 204);
    assert.equal((await call(`GET ${externalKind}/${id}`)).status, 404);
  });

  test('whoever may only read identity providers changes no configuration', async () => {
    const { admin, path } = await open();
    const reader = { ...admin, may: ['IdentityProvider.Read.All'] };
    assert.equal((await api.call(reader, `GET ${path}`)).status, 200);
    assert.equal((await api.call(reader, `POST ${path}`, adFs)).status, 403);
    assert.equal((await api.call(reader, `POST ${externalKind}`, partner)).status, 403);
  });
});
