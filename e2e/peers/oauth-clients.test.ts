// openid-client and MSAL for Node, unmodified, against a running hub: only the host name differs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConfidentialClientApplication } from '@azure/msal-node';
import * as client from 'openid-client';
import { type RunningHub, startHub } from './running-hub.ts';
import { walkSignIn } from './walk-sign-in.ts';

const callback = 'https://app.example/callback';
const password = 'correct horse battery staple';

let hub: RunningHub;
let tenantId: string;
let name: string;
let appId: string;
let secret: string;

/** What is read of the management API's answers. */
interface Answered {
  id: string;
  appId: string;
  secretText: string;
  value: { id: string; verifiedDomains: { name: string }[] }[];
}

async function graph(method: string, path: string, body?: object): Promise<Answered> {
  const response = await fetch(`${hub.origin}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return (await response.json()) as Answered;
}

before(async () => {
  hub = await startHub();
  const { value } = await graph('GET', '/organization');
  const [organization] = value;
  assert.ok(organization);
  tenantId = organization.id;
  name = `marge@${organization.verifiedDomains[0]?.name}`;
  await graph('POST', '/users', {
    userPrincipalName: name,
    displayName: 'Marge Simpson',
    mailNickname: 'marge',
    accountEnabled: true,
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
  });
  const application = await graph('POST', '/applications', { displayName: 'Web', web: { redirectUris: [callback] } });
  appId = application.appId;
  await graph('POST', '/servicePrincipals', { appId });
  secret = (await graph('POST', `/applications/${application.id}/addPassword`, { passwordCredential: {} })).secretText;
});
after(() => hub.stop());

const discover = () => client.discovery(new URL(`${hub.origin}/${tenantId}/v2.0`), appId, secret);

async function signIn(
  config: client.Configuration,
): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid profile offline_access',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  });
  const back = await walkSignIn(url, name, password);
  return client.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState, expectedNonce });
}

test('openid-client signs somebody in with a code and PKCE, and reads the userinfo', async () => {
  const config = await discover();
  const tokens = await signIn(config);
  const { sub = '' } = tokens.claims() ?? {};
  const info = await client.fetchUserInfo(config, tokens.access_token, sub);
  assert.equal(info['name'], 'Marge Simpson');
  assert.equal(info['preferred_username'], name);
});

test('openid-client refreshes; a refresh token that is used twice ends its whole family', async () => {
  const config = await discover();
  const { refresh_token: first = '' } = await signIn(config);
  const { refresh_token: second = '' } = await client.refreshTokenGrant(config, first);
  assert.notEqual(second, first);
  await assert.rejects(client.refreshTokenGrant(config, first), { error: 'invalid_grant' });
  await assert.rejects(client.refreshTokenGrant(config, second), { error: 'invalid_grant' });
});

test('openid-client asks about tokens and revokes them', async () => {
  const config = await discover();
  const { refresh_token: token = '' } = await signIn(config);
  assert.equal((await client.tokenIntrospection(config, token)).active, true);
  await client.tokenRevocation(config, token);
  assert.equal((await client.tokenIntrospection(config, token)).active, false);
  assert.equal((await client.tokenIntrospection(config, 'unknown')).active, false);
});

test('MSAL for Node gets a token for Microsoft Graph, which the management API takes', async () => {
  const msal = new ConfidentialClientApplication({
    auth: {
      clientId: appId,
      clientSecret: secret,
      authority: `${hub.origin}/${tenantId}`,
      knownAuthorities: [new URL(hub.origin).host],
    },
  });
  const result = await msal.acquireTokenByClientCredential({ scopes: ['https://graph.microsoft.com/.default'] });
  const authorization = `Bearer ${result?.accessToken}`;
  const { status } = await fetch(`${hub.origin}/v1.0/users`, { headers: { authorization } });
  assert.equal(status, 403, 'the token is good, but nobody gave the application a permission');
});
