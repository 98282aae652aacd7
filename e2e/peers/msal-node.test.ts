// MSAL for Node, unmodified, against a running hub: only the host name differs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  ConfidentialClientApplication,
  CryptoProvider,
  InteractionRequiredAuthError,
  PublicClientApplication,
} from '@azure/msal-node';
import { makeCertificate } from './certificate.ts';
import { Organization, password, type Registered } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';
import { walkSignIn } from './walk-sign-in.ts';

const callback = 'https://app.example/callback';
const apiName = 'https://insurance.example/api';
const scopes = [`${apiName}/Accounts.Read`];

let hub: RunningHub;
let organization: Organization;
let name: string;
let web: Registered;
let program: Registered;
let api: Registered;

before(async () => {
  hub = await startHub();
  organization = await Organization.of(hub);
  name = await organization.person('Marge Simpson');
  web = await organization.register({ web: { redirectUris: [callback] } });
  program = await organization.register({
    isFallbackPublicClient: true,
    publicClient: { redirectUris: ['http://localhost'] },
    oauthClient: { allowPasswordGrant: true },
  });
  api = await organization.registerApi(apiName, ['Accounts.Read', 'Accounts.Write'], [web, program]);
});
after(() => hub.stop());

const authOf = ({ appId }: Registered, tenant = organization.tenantId) => ({
  clientId: appId,
  authority: `${hub.origin}/${tenant}`,
  knownAuthorities: [new URL(hub.origin).host],
});
const confidential = (tenant?: string) =>
  new ConfidentialClientApplication({ auth: { ...authOf(web, tenant), clientSecret: web.secret } });
const publicClient = (tenant?: string) => new PublicClientApplication({ auth: authOf(program, tenant) });

function claimsOf(token: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString());
}

/** Signs somebody in with a code and PKCE, at the authority of the client. */
async function signIn(msal: ConfidentialClientApplication) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const url = await msal.getAuthCodeUrl({
    scopes,
    redirectUri: callback,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    state: 'kept',
    nonce: 'once',
    responseMode: 'query',
  });
  const back = await walkSignIn(new URL(url), name, password);
  assert.equal(back.searchParams.get('state'), 'kept');
  const code = back.searchParams.get('code') ?? '';
  return msal.acquireTokenByCode({ code, scopes, redirectUri: callback, codeVerifier: verifier, nonce: 'once' });
}

test('MSAL for Node signs somebody in with a code and PKCE, finds the token in its cache and renews it', async () => {
  const msal = confidential();
  const result = await signIn(msal);
  const { account } = result;
  assert.ok(account);
  assert.equal(account.tenantId, organization.tenantId);
  assert.equal(account.username, name);
  assert.match(account.homeAccountId, new RegExp(`^[0-9a-f-]{36}\\.${organization.tenantId}$`));
  assert.equal(claimsOf(result.accessToken)['scp'], 'Accounts.Read');
  const cached = await msal.acquireTokenSilent({ account, scopes });
  assert.deepEqual([cached.fromCache, cached.accessToken], [true, result.accessToken]);
  const renewed = await msal.acquireTokenSilent({ account, scopes, forceRefresh: true });
  assert.equal(renewed.fromCache, false);
  const other = await msal.acquireTokenSilent({ account, scopes: [`${apiName}/Accounts.Write`] });
  assert.equal(claimsOf(other.accessToken)['scp'], 'Accounts.Write');
});

test('MSAL for Node lets people sign in again where nobody has consented', async () => {
  const msal = confidential();
  const { account } = await signIn(msal);
  assert.ok(account);
  await organization.registerApi('https://other.example/api', ['Read'], []);
  await assert.rejects(
    msal.acquireTokenSilent({ account, scopes: ['https://other.example/api/Read'] }),
    InteractionRequiredAuthError,
  );
});

test('MSAL for Node signs somebody in at an authority that names no tenant', async () => {
  for (const tenant of ['common', 'organizations']) {
    const { account, accessToken } = await signIn(confidential(tenant));
    assert.equal(account?.tenantId, organization.tenantId);
    assert.equal(claimsOf(accessToken)['iss'], `${hub.origin}/${organization.tenantId}/v2.0`);
  }
});

test('MSAL for Node gets a token for itself with a secret, and with a certificate', async () => {
  const graph = ['https://graph.microsoft.com/.default'];
  const bySecret = await confidential().acquireTokenByClientCredential({ scopes: graph });
  assert.equal(claimsOf(bySecret?.accessToken)['azp'], web.appId);

  const { registered, privateKeyPem, certificatePem, sha256 } = await makeCertificate();
  const credential = { type: 'AsymmetricX509Cert', usage: 'Verify', key: registered };
  await organization.graph('PATCH', `/applications/${web.objectId}`, { keyCredentials: [credential] });
  const clientCertificate = { thumbprintSha256: sha256, privateKey: privateKeyPem };
  for (const certificate of [clientCertificate, { ...clientCertificate, x5c: certificatePem }]) {
    const auth = { ...authOf(web), clientCertificate: certificate };
    const result = await new ConfidentialClientApplication({ auth }).acquireTokenByClientCredential({ scopes: graph });
    assert.equal(claimsOf(result?.accessToken)['azp'], web.appId);
  }
  const other = await makeCertificate();
  const stranger = { thumbprintSha256: other.sha256, privateKey: other.privateKeyPem };
  const auth = { ...authOf(web), clientCertificate: stranger };
  await assert.rejects(new ConfidentialClientApplication({ auth }).acquireTokenByClientCredential({ scopes: graph }), {
    errorCode: 'invalid_client',
    errorMessage: /AADSTS7000215/,
  });
});

test('MSAL for Node lets an API act for its caller at another API', async () => {
  const { accessToken } = await signIn(confidential());
  const downstream = 'https://downstream.example/api';
  await organization.registerApi(downstream, ['Read'], [api]);
  const msal = new ConfidentialClientApplication({ auth: { ...authOf(api), clientSecret: api.secret } });
  for (const scope of ['Read', '.default']) {
    const scopes = [`${downstream}/${scope}`];
    const result = await msal.acquireTokenOnBehalfOf({ oboAssertion: accessToken, scopes });
    const { aud, azp, scp, preferred_username: caller } = claimsOf(result?.accessToken);
    assert.deepEqual([aud, azp, scp, caller], [downstream, api.appId, 'Read', name]);
  }
  const stranger = confidential();
  const scopes = [`${downstream}/Read`];
  await assert.rejects(stranger.acquireTokenOnBehalfOf({ oboAssertion: accessToken, scopes }), /AADSTS50013/);
});

test('MSAL for Node signs somebody in with name and password where that is switched on', async () => {
  for (const tenant of [organization.tenantId, 'organizations']) {
    const result = await publicClient(tenant).acquireTokenByUsernamePassword({ scopes, username: name, password });
    assert.equal(result?.account?.username, name);
    assert.equal(claimsOf(result?.accessToken)['scp'], 'Accounts.Read');
  }
  const wrong = publicClient().acquireTokenByUsernamePassword({ scopes, username: name, password: 'wrong' });
  await assert.rejects(wrong, /AADSTS50126/);
});

test('MSAL for Node signs somebody in on another device, and prints the message as it is', async () => {
  const msal = publicClient('organizations');
  const result = await msal.acquireTokenByDeviceCode({
    scopes,
    deviceCodeCallback: async ({ message, verificationUri, userCode }) => {
      assert.ok(message.includes(verificationUri) && message.includes(userCode), message);
      const page = new URL(verificationUri);
      page.searchParams.set('user_code', userCode);
      await walkSignIn(page, name, password);
    },
  });
  assert.equal(result?.account?.username, name);
  assert.equal(claimsOf(result?.accessToken)['scp'], 'Accounts.Read');
});
