// openid-client, unmodified, with the extensions of OAuth 2.0 that it knows.
import assert from 'node:assert/strict';
import { createHmac, type webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { Organization, password } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';
import { walkSignIn, walkToAnswer } from './walk-sign-in.ts';

const callback = 'https://app.example/callback';

let hub: RunningHub;
let organization: Organization;
let tenantId: string;
let name: string;
let keys: webcrypto.CryptoKeyPair;
let jwk: object;

before(async () => {
  hub = await startHub(undefined, { COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS: '127.0.0.0/8,::1' });
  organization = await Organization.of(hub);
  ({ tenantId } = organization);
  name = await organization.person('Marge Simpson');
  keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey);
  jwk = { kty, crv, x, y, kid: 'own', alg: 'ES256', use: 'sig' };
});
after(() => hub.stop());

const discover = (appId: string, authentication: client.ClientAuth | undefined, metadata = {}) =>
  client.discovery(new URL(`${hub.origin}/${tenantId}/v2.0`), appId, metadata, authentication);

const plain = { redirect_uri: callback, scope: 'openid' };

test('openid-client pushes its request and binds its tokens to a key by DPoP', async () => {
  const oauthClient = {
    requirePushedAuthorizationRequests: true,
    dpopBoundAccessTokens: true,
    requireDpopNonces: true,
  };
  const { appId, secret } = await organization.register({ web: { redirectUris: [callback] }, oauthClient });
  const config = await discover(appId, client.ClientSecretBasic(secret));
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const challenge = await client.calculatePKCECodeChallenge(pkceCodeVerifier);
  const parameters = { ...plain, code_challenge: challenge, code_challenge_method: 'S256' };
  const url = await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
  assert.match(url.searchParams.get('request_uri') ?? '', /^urn:/);
  const back = await walkSignIn(url, name, password);
  const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier }, undefined, { DPoP });
  assert.equal(tokens.token_type, 'dpop');
  const { sub = '' } = tokens.claims() ?? {};
  const info = await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
  assert.equal(info.sub, sub);
});

test('openid-client signs its request, proves itself by its key, and gets the answer as a token', async () => {
  const { appId } = await organization.register({
    web: { redirectUris: [callback] },
    oauthClient: { jwks: { keys: [jwk] } },
  });
  const key = { key: keys.privateKey, kid: 'own' };
  const config = await discover(appId, client.PrivateKeyJwt(key));
  client.useJwtResponseMode(config);
  const url = await client.buildAuthorizationUrlWithJAR(config, { ...plain, state: 's' }, key);
  assert.deepEqual([...url.searchParams.keys()].toSorted(), ['client_id', 'request']);
  const back = await walkSignIn(url, name, password);
  const tokens = await client.authorizationCodeGrant(config, back, { expectedState: 's' });
  assert.equal(typeof tokens.claims()?.sub, 'string');
});

test('openid-client registers itself with an initial access token, and uses what it got', async () => {
  const policy = '/policies/clientRegistrationPolicy';
  await organization.graph('PATCH', policy, { mode: 'token' });
  const { secretText } = await organization.graph('POST', `${policy}/initialAccessTokens`, { displayName: 'peer' });
  const metadata = { client_name: 'Registered peer', redirect_uris: [callback], id_token_signed_response_alg: 'ES256' };
  const config = await client.dynamicClientRegistration(
    new URL(`${hub.origin}/${tenantId}/v2.0`),
    metadata,
    undefined,
    { initialAccessToken: secretText },
  );
  const back = await walkSignIn(client.buildAuthorizationUrl(config, plain), name, password);
  const tokens = await client.authorizationCodeGrant(config, back);
  assert.equal(typeof tokens.claims()?.sub, 'string');
  const { registration_client_uri: address, registration_access_token: token } = config.clientMetadata();
  const read = await fetch(String(address), { headers: { authorization: `Bearer ${token}` } });
  assert.equal(((await read.json()) as { client_name: string }).client_name, 'Registered peer');
});

test('openid-client gets ID tokens that its secret signs, where it has registered HS256', async () => {
  const oauthClient = { idTokenSignedResponseAlg: 'HS256' };
  const { appId, secret } = await organization.register({ web: { redirectUris: [callback] }, oauthClient });
  const metadata = { id_token_signed_response_alg: 'HS256', client_secret: secret };
  const config = await discover(appId, client.ClientSecretPost(secret), metadata);
  assert.ok(config.serverMetadata().id_token_signing_alg_values_supported?.includes('HS256'));
  const scope = 'openid offline_access';
  const url = client.buildAuthorizationUrl(config, { ...plain, scope, nonce: 'n', prompt: 'consent' });
  const tokens = await client.authorizationCodeGrant(config, await walkSignIn(url, name, password), {
    expectedNonce: 'n',
    idTokenExpected: true,
  });
  const [header, payload, signature] = tokens.id_token?.split('.') ?? [];
  assert.equal(createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url'), signature);
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
  assert.equal(refreshed.claims()?.sub, tokens.claims()?.sub);
});

test('openid-client begins a sign-in that somebody wants who is at the hub', async () => {
  let config: client.Configuration | undefined;
  const application = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    assert.ok(config);
    // OIDC Core 4: the application has one issuer, which must be the one that is named.
    assert.equal(searchParams.get('iss'), config.serverMetadata().issuer);
    const parameters = { ...plain, login_hint: searchParams.get('login_hint') ?? '', prompt: 'none', state: 's' };
    response.writeHead(303, { location: client.buildAuthorizationUrl(config, parameters).href }).end();
  });
  application.listen(0, '127.0.0.1');
  await once(application, 'listening');
  try {
    const initiateLoginUri = `http://127.0.0.1:${(application.address() as AddressInfo).port}/login`;
    const web = { redirectUris: [callback] };
    const { appId, secret, servicePrincipalId } = await organization.register({
      web,
      oauthClient: { initiateLoginUri },
    });
    config = await discover(appId, client.ClientSecretPost(secret));
    const cookies = new Map<string, string>();
    await walkSignIn(client.buildAuthorizationUrl(config, plain), name, password, cookies);
    const start = new URL(`${hub.origin}/${tenantId}/oauth2/v2.0/start/${servicePrincipalId}`);
    const led = await walkSignIn(start, name, password, cookies);
    assert.equal(led.searchParams.get('login_hint'), name);
    const asked = await fetch(led, { redirect: 'manual' });
    const back = await walkSignIn(new URL(asked.headers.get('location') ?? ''), name, password, cookies);
    const tokens = await client.authorizationCodeGrant(config, back, { expectedState: 's' });
    assert.equal(typeof tokens.claims()?.sub, 'string');
  } finally {
    application.close();
  }
});

test('openid-client takes an answer that the browser posts', async () => {
  const { appId, secret } = await organization.register({ web: { redirectUris: [callback] } });
  const config = await discover(appId, client.ClientSecretBasic(secret));
  const url = client.buildAuthorizationUrl(config, { ...plain, response_mode: 'form_post', state: 's', nonce: 'n' });
  const answer = await walkToAnswer(url, name, password);
  assert.equal(answer.url.href, callback);
  const posted = new Request(answer.url, { method: 'POST', body: answer.form ?? '' });
  const tokens = await client.authorizationCodeGrant(config, posted, { expectedState: 's', expectedNonce: 'n' });
  assert.equal(typeof tokens.claims()?.sub, 'string');
});

test('openid-client lets a device in', async () => {
  const { appId } = await organization.register({ isFallbackPublicClient: true });
  const config = await discover(appId, client.None());
  const waiting = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
  const [tokens] = await Promise.all([
    client.pollDeviceAuthorizationGrant(config, waiting),
    walkSignIn(new URL(waiting.verification_uri_complete ?? ''), name, password),
  ]);
  assert.equal(typeof tokens.claims()?.sub, 'string');
});

test('openid-client signs out, and the application is told of the end of the session', async () => {
  const listener = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      response.end();
      listener.emit('told', new URLSearchParams(body).get('logout_token'));
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  try {
    const backchannelLogoutUri = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
    const web = { redirectUris: [callback] };
    const { appId, secret } = await organization.register({ web, oauthClient: { backchannelLogoutUri } });
    const config = await discover(appId, client.ClientSecretPost(secret));
    const cookies = new Map<string, string>();
    const url = client.buildAuthorizationUrl(config, plain);
    const back = await walkSignIn(url, name, password, cookies);
    const tokens = await client.authorizationCodeGrant(config, back);
    const told = once(listener, 'told');
    const parameters = { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: callback, state: 's' };
    const end = await walkSignIn(client.buildEndSessionUrl(config, parameters), name, password, cookies);
    assert.equal(end.href, `${callback}?state=s`);
    const [token] = await told;
    const [header, claims] = String(token)
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    assert.deepEqual([header.typ, claims.iss, claims.aud], ['logout+jwt', config.serverMetadata().issuer, appId]);
    assert.deepEqual([claims.sid, claims.sub], [tokens.claims()?.['sid'], tokens.claims()?.sub]);
  } finally {
    listener.close();
  }
});
