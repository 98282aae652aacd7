// openid-client and MSAL for Node, unmodified, against a running hub: only the host name differs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ConfidentialClientApplication } from '@azure/msal-node';
import * as client from 'openid-client';
import { Organization, password } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';
import { walkSignIn } from './walk-sign-in.ts';

const callback = 'https://app.example/callback';

let hub: RunningHub;
let tenantId: string;
let name: string;
let appId: string;
let secret: string;

before(async () => {
  hub = await startHub();
  const organization = await Organization.of(hub);
  ({ tenantId } = organization);
  name = await organization.person('Marge Simpson');
  ({ appId, secret } = await organization.register({ displayName: 'Web', web: { redirectUris: [callback] } }));
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
