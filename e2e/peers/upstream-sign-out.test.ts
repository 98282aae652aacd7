// Two tenants over the wire: people of one sign in at the other by OpenID Connect, and sign out of both.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RunningHub, startHub } from './running-hub.ts';
import { Tenant, until } from './tenant.ts';
import { type Cookies, walk } from './walk-sign-in.ts';

const back = 'https://application.example/back';

let hub: RunningHub;
/** At home at the company, guest of the gateway. */
let person: { name: string; password: string };
let [companyId, gatewayId, clientId] = ['', '', ''];

before(async () => {
  hub = await startHub();
  const [company, gateway] = [await Tenant.make(hub, 'company'), await Tenant.make(hub, 'gateway')];
  const idOf = async (tenant: Tenant) => (await tenant.graph('GET', '/organization')).value[0]?.id ?? '';
  [companyId, gatewayId] = [await idOf(company), await idOf(gateway)];
  const { id: userId, userPrincipalName } = await company.person('Marge');
  person = { name: userPrincipalName, password: 'correct horse battery staple' };
  const passwordProfile = { password: person.password, forceChangePasswordNextSignIn: false };
  await company.graph('PATCH', `/users/${userId}`, { passwordProfile });

  const returnAddress = `${hub.origin}/${gatewayId}/federation/Company`;
  const signOutAddress = `${returnAddress}/logout`;
  const asClient = await company.graph('POST', '/applications', {
    displayName: 'Gateway',
    web: { redirectUris: [returnAddress] },
    oauthClient: { postLogoutRedirectUris: [signOutAddress], backchannelLogoutUri: signOutAddress },
  });
  await company.graph('POST', '/servicePrincipals', { appId: asClient.appId });
  const { secretText } = await company.graph('POST', `/applications/${asClient.id}/addPassword`, {
    passwordCredential: {},
  });
  await gateway.graph('POST', '/identity/identityProviders', {
    id: 'Company',
    displayName: 'Company',
    identityProviderType: 'OpenIDConnect',
    issuer: `${hub.origin}/${companyId}/v2.0`,
    clientId: asClient.appId,
    clientSecret: secretText,
    createsUsers: true,
    oidc: { endsSession: true },
  });
  ({ appId: clientId } = await gateway.graph('POST', '/applications', {
    displayName: 'Application',
    web: { redirectUris: [back] },
  }));
  await gateway.graph('POST', '/servicePrincipals', { appId: clientId });
});
after(() => hub?.stop());

/** A sign-in at the application of the gateway that goes to the company at once. */
async function signIn(cookies: Cookies, more: object = {}): Promise<URLSearchParams> {
  const start = new URL(`${hub.origin}/${gatewayId}/oauth2/v2.0/authorize`);
  const query = { client_id: clientId, response_type: 'code', redirect_uri: back, scope: 'openid', ...more };
  start.search = new URLSearchParams({ ...query, domain_hint: 'Company' }).toString();
  const { url } = await walk(start, person, cookies, ({ origin }) => origin === new URL(back).origin);
  return url.searchParams;
}

const isSignedIn = async (cookies: Cookies) => (await signIn(cookies, { prompt: 'none' })).has('code');
const signOutOf = (tenantId: string, cookies: Cookies) =>
  walk(`${hub.origin}/${tenantId}/oauth2/v2.0/logout`, person, cookies);

const hasSession = (tenantId: string, cookies: Cookies) =>
  [...cookies].some(([name, value]) => name.endsWith(`session-${tenantId}`) && value !== '');

test('RP-Initiated Logout 1.0 2: who signs out of the gateway is signed out at the company, and comes back', async () => {
  const cookies: Cookies = new Map();
  assert.ok((await signIn(cookies)).get('code'));
  assert.equal(await isSignedIn(cookies), true);
  assert.equal(hasSession(companyId, cookies), true);
  const { url, page } = await signOutOf(gatewayId, cookies);
  assert.equal(url.pathname, `/${gatewayId}/federation/Company/logout`);
  assert.match(page?.text ?? '', /You are signed out/);
  assert.doesNotMatch(page?.text ?? '', /<li>Company/, 'the company was told');
  assert.equal(await isSignedIn(cookies), false);
  assert.equal(hasSession(companyId, cookies), false);
});

test('Back-Channel Logout 1.0 2.5: who signs out at the company is signed out of the gateway, without its browser', async () => {
  const cookies: Cookies = new Map();
  assert.ok((await signIn(cookies)).get('code'));
  await signOutOf(companyId, cookies);
  await until('the gateway has heard of it', async () => !(await isSignedIn(cookies)));
});
