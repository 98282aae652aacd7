import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { applicationCertificate } from '../../endpoints/saml/saml-hub.ts';
import { openGraphApi } from './graph-api.ts';

const samlMetadata = `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="urn:partner">
  <md:Extensions/>
  <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:Extensions><mdui:UIInfo xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui"><mdui:DisplayName xml:lang="en">Partner Inc.</mdui:DisplayName></mdui:UIInfo></md:Extensions>
    <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${applicationCertificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://partner.example/post"/>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://partner.example/sso"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>`;

const providers = '/identity/identityProviders';
const company = {
  id: 'MyCompany',
  displayName: 'My Company',
  issuer: 'https://idp.mycompany.example',
  clientId: 'hub',
  clientSecret: 'a secret',
  domains: ['MyCompany.example'],
};

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage, randomUUID());

  test('Graph’s social provider needs no more than type, client id and secret', async () => {
    const { admin } = await api.makeTenant();
    const google = {
      '@odata.type': 'microsoft.graph.socialIdentityProvider',
      identityProviderType: 'Google',
      displayName: 'Sign in with Google',
      clientId: 'client.apps.googleusercontent.com',
      clientSecret: 'secret',
    };
    const { status, body } = await api.call(admin, `POST ${providers}`, google);
    assert.equal(status, 201, body.error?.message);
    assert.deepEqual(
      [body.id, body.identityProviderType, body.clientId, body.issuer, body.hasClientSecret, body.clientSecret],
      ['SigninwithGoogle-OIDC', 'Google', google.clientId, 'https://accounts.google.com', true, undefined],
    );
    assert.match(body.returnAddress, /\/federation\/SigninwithGoogle-OIDC$/);
  });

  test('a provider is made, changed in parts, listed and removed, and the audit log says so', async () => {
    const { admin } = await api.makeTenant();
    const made = await api.call(admin, `POST ${providers}`, company);
    assert.equal(made.status, 201, made.body.error?.message);
    assert.deepEqual([made.body.domains, made.body.createsUsers], [['mycompany.example'], false]);
    const changed = await api.call(admin, `PATCH ${providers}/mycompany`, {
      createsUsers: true,
      oidc: { scopes: ['openid'] },
    });
    assert.equal(changed.status, 204, changed.body?.error?.message);
    const { body } = await api.call(admin, `GET ${providers}/MyCompany`);
    assert.deepEqual([body.createsUsers, body.oidc.scopes, body.clientId], [true, ['openid'], 'hub']);
    const listed = await api.call(admin, `GET ${providers}?$select=displayName`);
    const { id, displayName, issuer } = listed.body.value.at(-1);
    assert.deepEqual([id, displayName, issuer], ['MyCompany', 'My Company', undefined]);
    assert.equal((await api.call(admin, `DELETE ${providers}/MyCompany`)).status, 204);
    assert.equal((await api.call(admin, `GET ${providers}/MyCompany`)).status, 404);
    const audits = await api.call(admin, 'GET /auditLogs/directoryAudits');
    const text = JSON.stringify(audits.body.value);
    for (const verb of ['create', 'update', 'delete']) assert.match(text, new RegExp(`identityProvider\\.${verb}`));
    assert.doesNotMatch(text, /a secret/);
  });

  test('that sign-outs go to a provider is set, and refused where nobody could be signed out', async () => {
    const { admin } = await api.makeTenant();
    const made = await api.call(admin, `POST ${providers}`, company);
    assert.equal(made.body.oidc.endsSession, false);
    assert.match(made.body.signOutAddress, /\/federation\/MyCompany\/logout$/);
    const change = (oidc: object) => api.call(admin, `PATCH ${providers}/MyCompany`, { oidc });
    assert.equal((await change({ endsSession: true })).status, 204);
    const at = (name: string) => `https://idp.mycompany.example/${name}`;
    const endpoints = { authorization: at('a'), token: at('t'), userInfo: at('u'), jwks: at('k') };
    for (const wrong of [
      { endpoints },
      { endpoints: { ...endpoints, endSession: null } },
      { endpoints: { ...endpoints, endSession: 'http://idp.mycompany.example/logout' } },
      { identifiedBy: 'userInfo' },
    ]) {
      assert.equal((await change(wrong)).status, 400, JSON.stringify(wrong));
    }
    assert.equal((await change({ endpoints: { ...endpoints, endSession: at('logout') } })).status, 204);
    const { body } = await api.call(admin, `GET ${providers}/MyCompany`);
    assert.deepEqual([body.oidc.endsSession, body.oidc.endpoints.endSession], [true, at('logout')]);
  });

  test('people are known by issuer and subject: a second provider with an issuer is refused, and told what to change', async () => {
    const { admin } = await api.makeTenant();
    await api.call(admin, `POST ${providers}`, company);
    const twin = { ...company, id: 'Twin', clientId: 'another', domains: [] };
    const refused = await api.call(admin, `POST ${providers}`, twin);
    assert.equal(refused.status, 409);
    assert.match(JSON.stringify(refused.body.error), /MyCompany/);
  });

  test('a SAML provider is trusted by its metadata, and follows a change of it', async () => {
    const { admin } = await api.makeTenant();
    const made = await api.call(admin, `POST ${providers}`, {
      id: 'Partner',
      identityProviderType: 'SAML',
      metadata: samlMetadata,
      isListed: false,
    });
    assert.equal(made.status, 201, made.body.error?.message);
    assert.deepEqual(
      [made.body.protocol, made.body.issuer, made.body.displayName, made.body.saml.singleSignOn, made.body.isListed],
      ['saml', 'urn:partner', 'Partner Inc.', { binding: 'redirect', location: 'https://partner.example/sso' }, false],
    );
    assert.match(made.body.metadataAddress, /\/federation\/Partner\/metadata$/);
    const metadata = samlMetadata.replace('/sso', '/sso2');
    assert.equal((await api.call(admin, `PATCH ${providers}/Partner`, { metadata })).status, 204);
    const { body } = await api.call(admin, `GET ${providers}/Partner`);
    assert.deepEqual([body.saml.singleSignOn.location, body.isListed], ['https://partner.example/sso2', false]);
    for (const wrong of ['<a/>', 'text', samlMetadata.replaceAll('IDPSSO', 'SPSSO')]) {
      const refused = await api.call(admin, `PATCH ${providers}/Partner`, { metadata: wrong });
      assert.equal(refused.status, 400, JSON.stringify(refused.body));
    }
    assert.equal(
      (await api.call(admin, `PATCH ${providers}/Partner`, { saml: { signingCertificates: [] } })).status,
      400,
    );
  });

  test('SAML Metadata 2.4.1: where artifacts are resolved is taken from metadata, or set by hand', async () => {
    const { admin } = await api.makeTenant();
    const service = (binding: string, index: number) =>
      `<md:ArtifactResolutionService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="https://partner.example/ars${index}" index="${index}"/>`;
    const metadata = samlMetadata.replace(
      '<md:SingleSignOn',
      `${service('SOAP', 1)}${service('SOAP', 2)}${service('HTTP-POST', 3)}<md:SingleSignOn`,
    );
    const made = await api.call(admin, `POST ${providers}`, { id: 'Partner', identityProviderType: 'SAML', metadata });
    assert.equal(made.status, 201, made.body.error?.message);
    const address = (index: number) => ({ index, location: `https://partner.example/ars${index}` });
    assert.deepEqual(
      [made.body.saml.artifactResolution, made.body.saml.responseBinding],
      [[address(1), address(2)], 'post'],
    );
    const change = (saml: object) => api.call(admin, `PATCH ${providers}/Partner`, { saml });
    for (const wrong of [
      { artifactResolution: [], responseBinding: 'artifact' },
      { artifactResolution: [address(1), { ...address(2), index: 1 }] },
      { artifactResolution: [{ index: 65_536, location: 'https://partner.example/ars' }] },
      { artifactResolution: [{ index: 0, location: 'http://partner.example/ars' }] },
      { artifactResolution: Array.from({ length: 21 }, (_, index) => address(index)) },
      { responseBinding: 'soap' },
    ]) {
      assert.equal((await change(wrong)).status, 400, JSON.stringify(wrong));
    }
    assert.equal((await change({ artifactResolution: [address(7)], responseBinding: 'artifact' })).status, 204);
    const { body } = await api.call(admin, `GET ${providers}/Partner`);
    assert.deepEqual([body.saml.artifactResolution, body.saml.responseBinding], [[address(7)], 'artifact']);
  });

  test('a WS-Federation provider is trusted by its address and certificate', async () => {
    const { admin } = await api.makeTenant();
    const made = await api.call(admin, `POST ${providers}`, {
      id: 'Partner',
      displayName: 'Partner',
      identityProviderType: 'WSFederation',
      issuer: 'http://adfs.partner.example/adfs/services/trust',
      wsFederation: {
        passiveEndpoint: 'https://adfs.partner.example/adfs/ls/',
        signingCertificates: [applicationCertificate],
      },
    });
    assert.equal(made.status, 201, made.body.error?.message);
    assert.deepEqual([made.body.protocol, made.body.clientId, made.body.oidc], ['wsFederation', null, null]);
  });

  for (const [what, wrong] of [
    ['an issuer without TLS', { issuer: 'http://idp.example' }],
    ['an id with a slash', { id: 'a/b' }],
    ['the id of local accounts', { id: 'local' }],
    ['a domain that is none', { domains: ['not a domain'] }],
    ['rules that cannot run', { acceptanceRules: 'issue everything' }],
    ['an algorithm that is none', { oidc: { algorithms: ['none'] } }],
    ['an algorithm with a shared secret', { oidc: { algorithms: ['HS256'] } }],
    ['ID tokens without the scope openid', { oidc: { scopes: ['profile'] } }],
    ['no client id', { clientId: '' }],
    ['a logo from elsewhere', { logo: 'https://tracker.example/logo.png' }],
    ['an unknown type', { identityProviderType: 'Nobody' }],
  ] as const) {
    test(`a provider with ${what} is refused`, async () => {
      const { admin } = await api.makeTenant();
      const { status, body } = await api.call(admin, `POST ${providers}`, { ...company, ...wrong });
      assert.equal(status, 400, JSON.stringify(body));
    });
  }

  test('an issuer and a domain belong to one provider, and the tenant’s own domains to none', async () => {
    const { admin, domain } = await api.makeTenant();
    await api.call(admin, `POST ${providers}`, company);
    const statusOf = async (change: object) =>
      (await api.call(admin, `POST ${providers}`, { ...company, id: 'Other', ...change })).status;
    assert.equal(await statusOf({ id: 'MYCOMPANY' }), 409);
    assert.equal(await statusOf({ issuer: 'https://IDP.mycompany.example', domains: [] }), 409);
    assert.equal(await statusOf({ issuer: 'https://other.example' }), 409);
    assert.equal(await statusOf({ issuer: 'https://other.example', domains: [domain] }), 400);
    assert.equal(await statusOf({ issuer: 'https://other.example', domains: ['other.example'] }), 201);
  });

  test('a user flow names the providers from which people may come', async () => {
    const { admin } = await api.makeTenant();
    await api.call(admin, `POST ${providers}`, company);
    const made = await api.call(admin, 'POST /identity/userFlows', { id: 'B2C_1_in', userFlowType: 'signIn' });
    assert.deepEqual(made.body.identityProviders, ['EmailPassword-OAUTH']);
    const path = '/identity/userFlows/B2C_1_in';
    const set = (identityProviders: string[]) => api.call(admin, `PATCH ${path}`, { identityProviders });
    assert.equal((await set(['Nobody'])).status, 400);
    assert.equal((await set([])).status, 400);
    for (const wanted of [['EmailPassword-OAUTH', 'MyCompany'], ['MyCompany'], ['*']]) {
      assert.equal((await set(wanted)).status, 204);
      assert.deepEqual((await api.call(admin, `GET ${path}`)).body.identityProviders, wanted);
    }
  });

  test('a tenant sees its own providers only', async () => {
    const [one, other] = [await api.makeTenant(), await api.makeTenant()];
    await api.call(one.admin, `POST ${providers}`, company);
    assert.equal((await api.call(other.admin, `GET ${providers}/MyCompany`)).status, 404);
    assert.equal((await api.call(other.admin, `POST ${providers}`, company)).status, 201);
  });
});
