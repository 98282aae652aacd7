import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { onEachDatabase } from '../../databases.ts';
import { decode, origin, type TestClient, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';

onEachDatabase((database) => {
  /** A client with settings of its own, a key of its own, and somebody who can sign in. */
  async function registered(oauthClient = {}, web = {}) {
    const hub = new TestHub(database);
    await hub.begin();
    await hub.api();
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...((await exportJWK(publicKey)) as { kty: string }), kid: 'own', alg: 'ES256', use: 'sig' };
    const client = await hub.client({
      web: { redirectUris: [callback], ...web },
      oauthClient: { jwks: { keys: [jwk] }, ...oauthClient },
    });
    const userId = await hub.staff('marge');
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const plain = { client_id: client.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
    const open = async (parameters: Record<string, string>) => {
      const browser = hub.browser();
      await browser.open(`${hub.path('authorize')}?${new URLSearchParams(parameters)}`);
      return browser;
    };
    /** Signs in, and gives the page or the redirect with which the hub answers. */
    const answer = async (parameters: Record<string, string>) => {
      const browser = await open(parameters);
      if (browser.page.status === 200) await hub.signInAtPage(browser, name);
      return browser.page;
    };
    const keySet = async () =>
      createLocalJWKSet((await hub.keys.jwks(hub.tenant.id)) as Parameters<typeof createLocalJWKSet>[0]);
    const requestObject = (claims: JWTPayload, key = privateKey) =>
      new SignJWT({ iss: client.appId, aud: hub.issuer, exp: Math.floor(Date.now() / 1000) + 60, ...plain, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'own', typ: 'oauth-authz-req+jwt' })
        .sign(key);
    return { hub, client, userId, name, plain, open, answer, keySet, requestObject };
  }

  const ask = (hub: TestHub, client: TestClient, form: Record<string, string>, headers = {}) =>
    hub.fetch(hub.path('token'), {
      form: { client_id: client.appId, client_secret: client.secret, ...form },
      headers,
    });

  const fragmentOf = (location: unknown) => new URLSearchParams(new URL(String(location)).hash.slice(1));

  test('OAuth 2.0 Form Post Response Mode 2: the answer is a form, with a button and without inline script', async () => {
    const { hub, plain, answer } = await registered();
    const { text, headers } = await answer({ ...plain, response_mode: 'form_post', state: '"><script>' });
    assert.match(text, /<form method="post" action="https:\/\/app\.example\/callback"/);
    assert.match(text, /<button type="submit"/);
    assert.match(text, /name="code"/);
    assert.match(text, new RegExp(`name="iss" value="${hub.issuer}"`));
    assert.doesNotMatch(text, /<script>|<script [^>]*>[^<]/);
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
  });

  test('OIDC Core 3.3.2.5: a hybrid answer has a code and an ID token with its hash, and needs a nonce', async () => {
    const { plain, answer } = await registered();
    const hybrid = { ...plain, response_type: 'code id_token', nonce: 'n' };
    const { headers } = await answer(hybrid);
    const back = fragmentOf(headers['location']);
    const { claims } = decode(back.get('id_token'));
    const half = createHash('sha256')
      .update(back.get('code') ?? '')
      .digest()
      .subarray(0, 16)
      .toString('base64url');
    assert.deepEqual([claims['c_hash'], claims['nonce']], [half, 'n']);
    const { nonce: _, ...without } = hybrid;
    const refused = await answer(without);
    assert.equal(fragmentOf(refused.headers['location']).get('error'), 'invalid_request');
    // OAuth 2.0 Multiple Response Types 5: never in a query, which servers write down.
    const swapped = await answer({ ...hybrid, response_mode: 'query' });
    assert.match(String(swapped.headers['location']), /error=(invalid_request|unsupported_response_mode)/);
  });

  test('OIDC Core 3.2: an ID token alone is for applications that have switched it on', async () => {
    const parameters = { response_type: 'id_token', nonce: 'n' };
    const off = await registered();
    const refused = await off.answer({ ...off.plain, ...parameters });
    const back = fragmentOf(refused.headers['location']);
    assert.deepEqual([back.get('error'), back.has('id_token')], ['invalid_request', false]);
    const on = await registered({}, { implicitGrantSettings: { enableIdTokenIssuance: true } });
    const { headers } = await on.answer({ ...on.plain, ...parameters });
    assert.equal(decode(fragmentOf(headers['location']).get('id_token')).claims['sub'], on.userId);
  });

  test('RFC 9101 6: a signed request counts as it was signed, and one that somebody else signed does not', async () => {
    const { hub, client, answer, plain, requestObject } = await registered();
    const minimal = { client_id: client.appId };
    const { headers } = await answer({
      ...minimal,
      request: await requestObject({ state: 'signed' }),
      state: 'outside',
    });
    const back = new URL(String(headers['location']));
    assert.deepEqual([back.searchParams.get('state'), back.searchParams.has('code')], ['signed', true]);
    const other = (await generateKeyPair('ES256')).privateKey;
    for (const request of [
      await requestObject({}, other),
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(plain)).toString('base64url')}.`,
      await requestObject({ aud: 'https://elsewhere.example' }),
      await requestObject({ exp: 1 }),
      'nonsense',
    ]) {
      const { status, headers: answered } = await hub.fetch(
        `${hub.path('authorize')}?${new URLSearchParams({ ...plain, request })}`,
      );
      assert.ok(status === 400 || /error=/.test(String(answered['location'])), `${status}`);
    }
  });

  test('RFC 9101 10.5: an application that signs its requests gets no unsigned ones', async () => {
    const { answer, plain } = await registered({ requireSignedRequestObject: true });
    assert.match(String((await answer(plain)).headers['location']), /error=invalid_request/);
  });

  test('JARM 2.3: an answer as a token is signed for the application, in every mode', async () => {
    const { hub, client, answer, plain, keySet } = await registered({ authorizationSignedResponseAlg: 'ES256' });
    for (const mode of ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']) {
      const { headers, text } = await answer({ ...plain, response_mode: mode, state: 's' });
      const location = String(headers['location'] ?? '');
      const response = /[?#&]response=([^&]*)/.exec(location)?.[1] ?? /name="response" value="([^"]*)"/.exec(text)?.[1];
      const { payload, protectedHeader } = await jwtVerify(response ?? '', await keySet(), {
        issuer: hub.issuer,
        audience: client.appId,
      });
      assert.deepEqual([typeof payload['code'], payload['state'], protectedHeader.alg], ['string', 's', 'ES256'], mode);
    }
  });

  test('RFC 9126 5: an application that pushes its requests is refused without, and each request counts once', async () => {
    const { hub, client, answer, plain } = await registered({ requirePushedAuthorizationRequests: true });
    assert.match(String((await answer(plain)).headers['location']), /error=invalid_request/);
    const push = () =>
      hub.fetch(hub.path('par'), { form: { ...plain, client_secret: client.secret, state: 'pushed' } });
    const { status, json } = await push();
    assert.equal(status, 201);
    assert.match(String(json['request_uri']), /^urn:/);
    const pushed = { client_id: client.appId, request_uri: String(json['request_uri']) };
    const first = await answer(pushed);
    assert.match(String(first.headers['location']), /code=.*state=pushed/);
    const second = await answer(pushed);
    assert.doesNotMatch(String(second.headers['location']), /code=/);
    const wrong = await hub.fetch(hub.path('par'), { form: { ...plain, client_secret: 'wrong' } });
    assert.deepEqual([wrong.status, wrong.json['error']], [401, 'invalid_client']);
  });

  async function prover() {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    return (htm: string, path: string, claims: JWTPayload = {}) =>
      new SignJWT({ htm, htu: origin + path, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey);
  }

  test('RFC 9449 8, 9: a client that must use nonces is given one, at the token endpoint and with its tokens', async () => {
    const { hub, client, name } = await registered({ dpopBoundAccessTokens: true, requireDpopNonces: true });
    const proof = await prover();
    const path = hub.path('token');
    const form = {
      grant_type: 'authorization_code',
      redirect_uri: callback,
      code: await hub.code(client, callback, name, { scope: 'openid' }),
    };
    const first = await ask(hub, client, form, { dpop: await proof('POST', path) });
    assert.deepEqual([first.status, first.json['error']], [400, 'use_dpop_nonce']);
    const nonce = String(first.headers['dpop-nonce']);
    const { json, text } = await ask(hub, client, form, { dpop: await proof('POST', path, { nonce }) });
    assert.equal(json['token_type'], 'DPoP', text);

    const token = String(json['access_token']);
    const ath = createHash('sha256').update(token).digest('base64url');
    const userinfo = `/${hub.tenant.id}/openid/v2.0/userinfo`;
    const look = async (claims: JWTPayload) =>
      hub.fetch(userinfo, {
        headers: { authorization: `DPoP ${token}`, dpop: await proof('GET', userinfo, { ath, ...claims }) },
      });
    const refused = await look({});
    assert.equal(refused.status, 401);
    assert.match(String(refused.headers['www-authenticate']), /^DPoP .*error="use_dpop_nonce"/);
    assert.equal((await look({ nonce: `${nonce}x` })).status, 401, 'a nonce of somebody else');
    assert.equal((await look({ nonce: String(refused.headers['dpop-nonce']) })).status, 200);
  });

  test('RFC 9449 4: a token that is bound to a key is none without its proof', async () => {
    const { hub, client, name } = await registered({ dpopBoundAccessTokens: true });
    const proof = await prover();
    const code = () => hub.code(client, callback, name, { scope: 'openid' });
    const form = { grant_type: 'authorization_code', redirect_uri: callback };
    const without = await ask(hub, client, { ...form, code: await code() });
    assert.equal(without.status, 400);
    const elsewhere = { dpop: await proof('POST', '/elsewhere') };
    assert.equal(
      (await ask(hub, client, { ...form, code: await code() }, elsewhere)).json['error'],
      'invalid_dpop_proof',
    );
    const dpop = await proof('POST', hub.path('token'));
    const { json, text } = await ask(hub, client, { ...form, code: await code() }, { dpop });
    assert.equal(json['token_type'], 'DPoP', text);
    const replayed = await ask(hub, client, { ...form, code: await code() }, { dpop });
    assert.equal(replayed.status, 400, 'a proof counts once');
    const token = String(json['access_token']);
    const userinfo = `/${hub.tenant.id}/openid/v2.0/userinfo`;
    const bearer = await hub.fetch(userinfo, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(bearer.status, 401);
    const ath = createHash('sha256').update(token).digest('base64url');
    const headers = { authorization: `DPoP ${token}`, dpop: await proof('GET', userinfo, { ath }) };
    assert.equal((await hub.fetch(userinfo, { headers })).status, 200);
    const stale = { dpop: await proof('POST', hub.path('token'), { nonce: 'made up' }) };
    const asked = await ask(hub, client, { ...form, code: await code() }, stale);
    assert.deepEqual([asked.json['error'], typeof asked.headers['dpop-nonce']], ['use_dpop_nonce', 'string']);
  });

  test('OIDC Core 5.5: claims that are asked for one by one come in the ID token and the userinfo', async () => {
    const { hub, client, name } = await registered();
    const claims = JSON.stringify({
      id_token: { name: null, auth_time: { essential: true } },
      userinfo: { name: null },
    });
    const tokens = await hub.tokens(client, callback, name, { scope: 'openid', claims });
    const id = decode(tokens['id_token']).claims;
    assert.deepEqual([id['name'], typeof id['auth_time']], ['marge', 'number']);
    const headers = { authorization: `Bearer ${tokens['access_token']}` };
    const { json } = await hub.fetch(`/${hub.tenant.id}/openid/v2.0/userinfo`, { headers });
    assert.equal(json['name'], 'marge');
  });

  test('OIDC Core 8.1: subjects of one sector are equal, others cannot be compared, and tenants differ', async () => {
    const { hub, client, userId, name } = await registered({ subjectType: 'pairwise' });
    const sameHost = await hub.client({
      web: { redirectUris: [`${callback}/2`] },
      oauthClient: { subjectType: 'pairwise' },
    });
    const elsewhere = await hub.client({
      web: { redirectUris: ['https://other.example/'] },
      oauthClient: { subjectType: 'pairwise' },
    });
    const sub = async (one: TestClient, address: string) =>
      decode((await hub.tokens(one, address, name, { scope: 'openid' }))['id_token']).claims['sub'];
    const [first, second, third] = [
      await sub(client, callback),
      await sub(sameHost, `${callback}/2`),
      await sub(elsewhere, 'https://other.example/'),
    ];
    assert.equal(first, second);
    assert.equal(new Set([first, third, userId]).size, 3);
  });

  test('OIDC Core 5.3.2: userinfo is signed for applications that want it so', async () => {
    const { hub, client, name, userId, keySet } = await registered({ userinfoSignedResponseAlg: 'ES256' });
    const tokens = await hub.tokens(client, callback, name, { scope: 'openid' });
    const headers = { authorization: `Bearer ${tokens['access_token']}` };
    for (const method of ['GET', 'POST']) {
      const { text } = await hub.fetch(`/${hub.tenant.id}/openid/v2.0/userinfo`, { method, headers });
      const { payload } = await jwtVerify(text, await keySet(), { issuer: hub.issuer, audience: client.appId });
      assert.equal(payload.sub, userId);
    }
  });

  test('RFC 7517 5: keys of an application are fetched where it publishes them, and new ones are found', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const parts = await registered({ jwks: null, jwksUri: 'https://app.example/keys' });
    const fetched: string[] = [];
    parts.hub.outbound = async (url) => {
      fetched.push(String(url));
      return Response.json({ keys: [{ ...(await exportJWK(publicKey)), kid: 'own' }] });
    };
    const request = await parts.requestObject({}, privateKey);
    const { headers } = await parts.answer({ client_id: parts.client.appId, request });
    assert.match(String(headers['location']), /code=/);
    assert.deepEqual([...new Set(fetched)], ['https://app.example/keys']);
  });
});
