// adal-node, unmodified, at a tenant one of whose domains is federated: it sends the password to the other hub by WS-Trust,
// and brings the assertion that it gets there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import adal, { type TokenResponse } from 'adal-node';
import { Organization, password, type Registered } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';

const domain = 'company.example';
const name = `marge@${domain}`;
/** Whom ADAL asks assertions for, whatever the realm's answer says. */
const audience = 'urn:federation:MicrosoftOnline';
const upn = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn';

let here: RunningHub;
let company: RunningHub;
let organization: Organization;
let tool: Registered;

before(async () => {
  [here, company] = [await startHub(), await startHub()];
  organization = await Organization.of(here);
  const atHome = await Organization.of(company);
  for (const { graph, tenantId } of [bound(organization), bound(atHome)]) {
    await graph('POST', `/tenants/${tenantId}/domains`, { domain });
  }
  await atHome.person('Marge Simpson', { userPrincipalName: name });
  const { servicePrincipalId } = await atHome.register({ displayName: 'Organization' });
  await atHome.graph('PUT', `/servicePrincipals/${servicePrincipalId}/relyingParty`, {
    protocol: 'wsFederation',
    identifier: audience,
    replyAddresses: [{ binding: 'post', location: `${here.origin}/`, index: 0 }],
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    isPasswordRequestAllowed: true,
    issuanceRules: `c:[Type == "${upn}"] => issue(claim = c);`,
  });
  await federate(atHome);
  tool = await organization.register({ isFallbackPublicClient: true, oauthClient: { allowSamlBearerGrant: true } });
  await organization.registerApi('api://reports', ['Reports.Read'], [tool]);
});
after(async () => {
  await here?.stop();
  await company?.stop();
});

function bound(of: Organization) {
  return { tenantId: of.tenantId, graph: of.graph.bind(of) };
}

/** Trusts the other hub by what its metadata says. */
async function federate({ tenantId }: Organization): Promise<void> {
  const base = `${company.origin}/${tenantId}`;
  const metadata = await (await fetch(`${base}/federationmetadata/2007-06/federationmetadata.xml`)).text();
  const [, signingCertificate] = /X509Certificate[^>]*>([^<]+)</.exec(metadata) ?? [];
  const { id } = await organization.graph('POST', `/domains/${domain}/federationConfiguration`, {
    displayName: 'Company',
    issuerUri: `${base}/`,
    passiveSignInUri: `${base}/wsfed`,
    metadataExchangeUri: `${base}/services/trust/mex`,
    preferredAuthenticationProtocol: 'wsFed',
    signingCertificate,
  });
  const change = { createsUsers: true, wsFederation: { realm: audience } };
  await organization.graph('PATCH', `/identity/identityProviders/${id}`, change);
}

function ask(sent: string): Promise<TokenResponse> {
  const cache = new adal.MemoryCache();
  const authority = new adal.AuthenticationContext(`${here.origin}/${organization.tenantId}`, false, cache);
  return new Promise((resolve, reject) =>
    authority.acquireTokenWithUsernamePassword('api://reports', name, sent, tool.appId, (error, response) =>
      error ? reject(error) : resolve(response as TokenResponse),
    ),
  );
}

test('Interop: adal-node brings a password to the hub of its domain, and the assertion from there here', async () => {
  const claimsOf = ({ accessToken }: TokenResponse) =>
    JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString());
  const first = claimsOf(await ask(password));
  assert.deepEqual([first.upn, first.scp, first.amr], [name, 'Reports.Read', ['fed']]);
  assert.equal(claimsOf(await ask(password)).oid, first.oid, 'the second time it is the same user');
});

test('Interop: what the other hub refuses, adal-node tells, and nothing comes here', async () => {
  await assert.rejects(ask('wrong'), /FailedAuthentication/);
});
