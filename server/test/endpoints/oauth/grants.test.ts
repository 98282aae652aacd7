import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { updateServicePrincipal } from '../../../src/applications/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { password } from '../../sign-in/journey.ts';
import { apiName, decode, pkce, type TestClient, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';
const otherName = 'https://contoso.example/ledger';
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';

onEachDatabase((database) => {
  /** Marge uses the web application, which calls the insurance API, which calls the ledger. */
  async function chain() {
    const hub = new TestHub(database);
    await hub.begin();
    const api = await hub.api();
    const ledger = await hub.api({ displayName: 'Ledger', identifierUris: [otherName] });
    const web = await hub.client({ web: { redirectUris: [callback] } });
    await hub.consent(web, api, 'Accounts.Read');
    await hub.consent(api, ledger, 'Accounts.Write');
    const userId = await hub.staff('marge');
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const { access_token: token } = await hub.tokens(web, callback, name, {
      scope: 'openid Accounts.Read',
      resource: apiName,
    });
    return { hub, api, ledger, web, userId, name, token: String(token) };
  }

  const ask = (hub: TestHub, client: TestClient, form: Record<string, string>) =>
    hub.fetch(hub.path('token'), { form: { client_id: client.appId, client_secret: client.secret, ...form } });
  const onBehalf = { grant_type: jwtBearer, requested_token_use: 'on_behalf_of', resource: otherName };
  const exchanging = { grant_type: exchange, subject_token_type: accessTokenType, resource: otherName };

  test('RFC 7523 2.1: an API gets a token for another API on behalf of the user who called it', async () => {
    const { hub, api, userId, token } = await chain();
    const scope = 'openid offline_access Accounts.Write';
    const { status, json, text } = await ask(hub, api, { ...onBehalf, assertion: token, scope });
    assert.equal(status, 200, text);
    const { claims } = decode(json['access_token']);
    const { aud, sub, client_id, scope: granted, act } = claims;
    assert.deepEqual([aud, sub, client_id, granted, act], [otherName, userId, api.appId, 'Accounts.Write', undefined]);
    assert.equal(claims['auth_time'], decode(token).claims['auth_time']);
    assert.equal(decode(json['id_token']).claims['sub'], userId);
    const refreshed = await ask(hub, api, {
      grant_type: 'refresh_token',
      refresh_token: String(json['refresh_token']),
    });
    assert.equal(decode(refreshed.json['access_token']).claims['scope'], 'Accounts.Write', refreshed.text);
  });

  test('RFC 8693 4.1: an exchanged token says who acts for the user, also behind one who acted before', async () => {
    const { hub, api, ledger, userId, token } = await chain();
    const first = await ask(hub, api, { ...exchanging, subject_token: token, scope: 'Accounts.Write' });
    assert.equal(first.status, 200, first.text);
    assert.equal(first.json['issued_token_type'], accessTokenType);
    const { claims } = decode(first.json['access_token']);
    assert.deepEqual([claims['sub'], claims['act']], [userId, { sub: api.appId }]);
    await hub.consent(ledger, api, 'Accounts.Read');
    const subject_token = String(first.json['access_token']);
    const { resource: _, ...unnamed } = exchanging;
    const form = { ...unnamed, audience: api.appId, subject_token, scope: 'Accounts.Read' };
    const second = await ask(hub, ledger, form);
    assert.equal(second.status, 200, second.text);
    assert.deepEqual(decode(second.json['access_token']).claims['act'], { sub: ledger.appId, act: { sub: api.appId } });
  });

  test('RFC 8693 5: a token is exchanged only by the client for whom it was made, and as an access token', async () => {
    const { hub, api, web, ledger, token, name } = await chain();
    await hub.consent(web, ledger, 'Accounts.Write');
    const scope = 'Accounts.Write';
    const { id_token: idToken } = await hub.tokens(web, callback, name, { scope: 'openid' });
    const { access_token: ofApp } = (await ask(hub, web, { grant_type: 'client_credentials', resource: apiName })).json;
    const other = await new TestHub(database).begin();
    const signer = await other.keys.signer(other.tenant.id);
    const { claims } = decode(token);
    const forged = `${Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: signer.keyId })).toString('base64url')}.${token.split('.')[1]}`;
    const signature = Buffer.from(await signer.sign(Buffer.from(forged))).toString('base64url');
    const byKey = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(Buffer.from(JSON.stringify(await hub.keys.jwks(hub.tenant.id))));
    for (const [what, client, presented] of [
      ['for another client', web, token],
      ['an ID token', web, String(idToken)],
      ['an ID token at an API', api, String(idToken)],
      ['of an application without user', api, String(ofApp)],
      ['signed by another tenant', api, `${forged}.${signature}`],
      ['HS256 with a public key', api, byKey],
      ['unsigned', api, `${token.split('.').slice(0, 2).join('.')}.`],
      ['nonsense', api, 'nonsense'],
    ] as const) {
      for (const form of [
        { ...onBehalf, assertion: presented, scope },
        { ...exchanging, subject_token: presented, scope },
      ]) {
        const { status, json } = await ask(hub, client, form);
        assert.deepEqual([status, json['error']], [400, 'invalid_grant'], what);
      }
    }
  });

  test('RFC 7523 2.1: nobody acts for a user without consent, or after the account was disabled', async () => {
    const { hub, api, userId, token } = await chain();
    const refused = await ask(hub, api, { ...onBehalf, assertion: token, scope: 'Accounts.Read' });
    assert.deepEqual([refused.status, refused.json['error']], [400, 'consent_required']);
    await hub.disable(userId);
    const gone = await ask(hub, api, { ...onBehalf, assertion: token, scope: 'Accounts.Write' });
    assert.deepEqual([gone.status, gone.json['error']], [400, 'invalid_grant']);
  });

  test('nobody acts for people who may not come to the application that acts, or to the one that is asked', async () => {
    const { hub, api, ledger, token } = await chain();
    const scope = 'Accounts.Write';
    const send = (grant: 'onBehalf' | 'exchange') =>
      grant === 'onBehalf'
        ? ask(hub, api, { ...onBehalf, assertion: token, scope })
        : ask(hub, api, { ...exchanging, subject_token: token, scope });
    for (const restricted of [api, ledger]) {
      for (const [identityProviders, error] of [
        [['Company', 'local'], undefined],
        [['Company'], 'interaction_required'],
        [[], undefined],
      ] as const) {
        const restriction = { identityProviders: [...identityProviders] };
        await hub.storage.write((stores) =>
          updateServicePrincipal(stores, hub.act(), restricted.servicePrincipalId, restriction),
        );
        for (const grant of ['onBehalf', 'exchange'] as const) {
          const { json, text } = await send(grant);
          assert.equal(json['error'], error, `${grant} ${identityProviders.join()} ${text}`);
        }
      }
    }
  });

  test('RFC 6749 4.3: a password is taken from applications for which that was switched on, and from no other', async () => {
    const hub = new TestHub(database);
    await hub.begin();
    const api = await hub.api();
    const tool = await hub.client({ isFallbackPublicClient: true, oauthClient: { allowPasswordGrant: true } });
    const web = await hub.client({ web: { redirectUris: [callback] } });
    await hub.consent(tool, api, 'Accounts.Read');
    const userId = await hub.staff('marge');
    const username = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const form = { grant_type: 'password', username, password, scope: 'openid Accounts.Read', resource: apiName };
    const { status, json, text } = await hub.fetch(hub.path('token'), { form: { ...form, client_id: tool.appId } });
    assert.equal(status, 200, text);
    const { claims } = decode(json['access_token']);
    assert.deepEqual([claims['sub'], claims['scope'], claims['amr']], [userId, 'Accounts.Read', ['pwd']]);
    assert.equal(decode(json['id_token']).claims['sub'], userId);
    assert.ok((await ask(hub, web, form)).json['access_token'] === undefined);
    const [event] = await hub.storage.read.signInEvents.list(hub.tenant.id, { userId }, 10);
    assert.deepEqual([event?.outcome, event?.isInteractive], ['success', false]);
  });

  test('RFC 6749 4.3.2: wrong passwords are counted, and nobody learns which names there are', async () => {
    const hub = new TestHub(database);
    await hub.begin();
    const tool = await hub.client({ isFallbackPublicClient: true, oauthClient: { allowPasswordGrant: true } });
    const userId = await hub.staff('marge');
    const username = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const send = (form: Record<string, string>) =>
      hub.fetch(hub.path('token'), {
        form: { grant_type: 'password', client_id: tool.appId, scope: 'openid', ...form },
      });
    const wrong = await send({ username, password: 'wrong' });
    const unknown = await send({ username: 'nobody@example.com', password: 'wrong' });
    assert.deepEqual([wrong.status, wrong.json['error']], [400, 'invalid_grant']);
    assert.equal(unknown.text, wrong.text);
    for (let guess = 0; guess < 10; guess++) await send({ username, password: 'wrong' });
    assert.equal((await send({ username, password })).text, wrong.text, 'locked for now');
    hub.pass(3600);
    assert.equal((await send({ username, password })).status, 200);
    await hub.disable(userId);
    assert.equal((await send({ username, password })).text, wrong.text);
  });

  test('RFC 6749 4.3: where the flow wants a second factor a password alone gets nothing', async () => {
    const hub = new TestHub(database);
    const secondFactor = { when: 'always', methods: ['totp'], holdsSeconds: null } as const;
    await hub.begin({ name: 'B2C_1_mfa', type: 'signIn', secondFactor });
    const tool = await hub.client({ isFallbackPublicClient: true, oauthClient: { allowPasswordGrant: true } });
    await hub.customer('marge@example.com');
    const path = `/${hub.tenant.id}/B2C_1_mfa/oauth2/v2.0/token`;
    const form = {
      grant_type: 'password',
      client_id: tool.appId,
      username: 'marge@example.com',
      password,
      scope: 'openid',
    };
    const { status, json } = await hub.fetch(path, { form });
    assert.deepEqual([status, json['error']], [400, 'interaction_required']);
  });

  test('RFC 9700 4.14.2: a refresh token that is used again in parallel ends its family', async () => {
    const { hub, web, name } = await chain();
    const { refresh_token: token } = await hub.tokens(web, callback, name, {
      scope: 'openid offline_access Accounts.Read',
      resource: apiName,
    });
    const form = { grant_type: 'refresh_token', refresh_token: String(token) };
    const answers = await Promise.all(Array.from({ length: 16 }, () => ask(hub, web, form)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    const next = { grant_type: 'refresh_token', refresh_token: String(won[0]?.json['refresh_token']) };
    assert.equal((await ask(hub, web, next)).json['error'], 'invalid_grant');
  });

  test('RFC 7636 4.6: a code is redeemed with its verifier, by its client, at its address, and not without', async () => {
    const { hub, web, name } = await chain();
    const { verifier, challenge } = pkce();
    const other = await hub.client({ web: { redirectUris: [callback] } });
    const parameters = { scope: 'openid', code_challenge: challenge, code_challenge_method: 'S256' };
    for (const [client, form] of [
      [web, {}],
      [web, { code_verifier: 'too-short' }],
      [web, { code_verifier: pkce().verifier }],
      [other, { code_verifier: verifier }],
      [web, { code_verifier: verifier, redirect_uri: `${callback}/other` }],
    ] as const) {
      const code = await hub.code(web, callback, name, parameters);
      const redeemed = await ask(hub, client, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: callback,
        ...form,
      });
      assert.equal(redeemed.status, 400, redeemed.text);
      assert.match(String(redeemed.json['error']), /^invalid_(grant|request)$/);
    }
    // The downgrade: a verifier for a code that was asked for without challenge.
    const code = await hub.code(web, callback, name, { scope: 'openid' });
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier };
    assert.equal((await ask(hub, web, form)).json['error'], 'invalid_grant');
  });
});
