import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { revokePermissionGrant, updateServicePrincipal } from '../../../src/applications/index.ts';
import { updateUser } from '../../../src/directory/index.ts';
import { digestOf } from '../../../src/endpoints/oauth/digest.ts';
import { onEachDatabase } from '../../databases.ts';
import { apiName, pkce, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';
const program = 'http://localhost/callback';

onEachDatabase((database) => {
  async function begin(asked: Record<string, string>, attributes: object = {}) {
    const hub = await new TestHub(database).begin();
    const api = await hub.api();
    const client = await hub.client({ web: { redirectUris: [callback] }, ...attributes });
    const consent = await hub.consent(client, api, 'Accounts.Read Accounts.Write');
    const userId = await hub.staff('marge');
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const newToken = async () => (await hub.tokens(client, callback, name, asked))['refresh_token'];
    const { appId: client_id, secret: client_secret } = client;
    const form = (token: unknown) => ({ grant_type: 'refresh_token', client_id, refresh_token: String(token) });
    /** Answered without the provider. */
    const refresh = (token: unknown, more: Record<string, string> = {}) =>
      hub.fetch(hub.path('token'), { form: { ...form(token), client_secret, ...more } });
    /** A client that proves itself in the header is the provider's. */
    const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`;
    const provided = (token: unknown, more: Record<string, string> = {}) =>
      hub.fetch(hub.path('token'), { form: { ...form(token), ...more }, headers: { authorization } });
    const kept = (kind: 'refreshToken' | 'accessToken', token: unknown) =>
      hub.storage.read.redeemables.find(hub.tenant.id, kind, digestOf(String(token)));
    return { hub, api, client, consent, userId, name, newToken, refresh, provided, kept };
  }

  /** What tokens of the same kind have in common. */
  function lasting(token: unknown) {
    const { jti, iat, exp, nbf, ...claims } = decodeJwt(String(token));
    return { header: decodeProtectedHeader(String(token)), claims, seconds: Number(exp) - Number(iat) };
  }

  const inWords = `${apiName}/Accounts.Read openid profile offline_access`;
  for (const [what, asked, again] of [
    ['for userinfo', { scope: 'openid profile email offline_access', nonce: 'n-1' }, {}],
    ['for a resource', { scope: 'openid profile offline_access Accounts.Read', resource: apiName }, {}],
    [
      'for a resource that is named again',
      { scope: 'offline_access Accounts.Write', resource: apiName },
      { resource: apiName },
    ],
    ["in Microsoft's words", { scope: inWords }, { scope: inWords, client_info: '1' }],
    ["for everything at a resource in Microsoft's words", { scope: inWords }, { scope: `${apiName}/.default` }],
  ] as const) {
    test(`RFC 6749 6: a plain refresh ${what} is answered as the provider answers it`, async () => {
      const { newToken, refresh, provided, kept } = await begin({ ...asked, prompt: 'consent' });
      const before = await refresh(await newToken(), again);
      const theirs = await provided(before.json['refresh_token'], again);
      const ours = await refresh(theirs.json['refresh_token'], again);
      assert.deepEqual([before.status, theirs.status, ours.status], [200, 200, 200], theirs.text + ours.text);
      const { access_token: a, id_token: b, refresh_token: c, ...members } = ours.json;
      const { access_token: d, id_token: e, refresh_token: f, ...theirMembers } = theirs.json;
      assert.deepEqual(members, theirMembers);
      for (const [own, other] of [
        [a, d],
        [b, e],
      ]) {
        assert.equal(own === undefined, other === undefined);
        if (String(own).includes('.')) assert.deepEqual(lasting(own), lasting(other));
      }
      // The provider's ids have another form.
      if (String(a).includes('.')) assert.match(String(decodeJwt(String(a)).jti), /^[0-9a-f-]{36}$/, 'by ourselves');
      const content = async (kind: 'refreshToken' | 'accessToken', token: unknown) => {
        const { iat, exp, ...rest } = (await kept(kind, token))?.content ?? {};
        return { ...rest, seconds: Number(exp) - Number(iat) };
      };
      const { rotations, ...next } = (await content('refreshToken', c)) as Record<string, unknown>;
      const { rotations: theirRotations, ...theirNext } = (await content('refreshToken', f)) as Record<string, unknown>;
      assert.deepEqual(next, theirNext);
      assert.equal(rotations, Number(theirRotations) + 1);
      assert.deepEqual(await content('accessToken', a), await content('accessToken', d));
      for (const name of ['content-type', 'cache-control'])
        assert.equal(ours.headers[name], theirs.headers[name], name);
    });
  }

  test('RFC 6749 10.4: a plain refresh counts what is true in that moment', async () => {
    const { hub, api, client, consent, userId, newToken, refresh } = await begin({
      scope: 'openid offline_access Accounts.Read',
      resource: apiName,
      prompt: 'consent',
    });
    const error = async (more: Record<string, string> = {}, prepare = async () => {}) => {
      const token = await newToken();
      await prepare();
      return (await refresh(token, more)).json['error'];
    };
    const enable = (id: string, accountEnabled: boolean) => async () => {
      await hub.storage.write((stores) => updateServicePrincipal(stores, hub.act(), id, { accountEnabled }));
    };
    const { servicePrincipalId: clientId } = client;
    const { servicePrincipalId: apiId } = api;
    assert.equal(await error(), undefined);
    assert.equal(await error({ client_secret: 'wrong' }), 'invalid_client');
    assert.equal(await error({ resource: 'https://unknown.example' }), 'invalid_target');
    assert.equal(await error({}, enable(clientId, false)), 'invalid_client');
    await enable(clientId, true)();
    assert.equal(await error({}, enable(apiId, false)), 'invalid_target');
    await enable(apiId, true)();
    assert.equal(await error({}, () => hub.disable(userId)), 'invalid_grant');
    await hub.storage.write((stores) => updateUser(stores, hub.act(), userId, { accountEnabled: true }));

    const token = await newToken();
    await hub.storage.write((stores) => revokePermissionGrant(stores, hub.act(), consent.id));
    const { json } = await refresh(token);
    assert.equal(decodeJwt(String(json['access_token']))['scope'], undefined, 'nobody consents any more');
    const later = { ...hub.act(), now: new Date(Date.now() + 5_000) };
    const password = { hash: 'another', mustChange: false };
    await hub.storage.write((stores) => updateUser(stores, later, userId, {}, { password }));
    const { json: refused } = await refresh(json['refresh_token']);
    assert.equal(refused['error'], 'invalid_grant', 'the password is another');
  });

  test('RFC 8707 2.2, RFC 6749 5.2: a refresh that asks for the wrong thing is refused, and its token is good as before', async () => {
    const { hub, api, newToken, refresh, provided, kept } = await begin({
      scope: 'openid offline_access Accounts.Read',
      resource: apiName,
      prompt: 'consent',
    });
    const otherName = 'https://contoso.example/other';
    await hub.api({ displayName: 'Another API', identifierUris: [otherName] });
    const enableApi = (accountEnabled: boolean) =>
      hub.storage.write((stores) =>
        updateServicePrincipal(stores, hub.act(), api.servicePrincipalId, { accountEnabled }),
      );
    const token = await newToken();
    for (const ask of [refresh, provided]) {
      for (const [wrong, error] of [
        [{ resource: 'https://unknown.example' }, 'invalid_target'],
        [{ resource: otherName }, 'invalid_target'],
        [{ resource: 'no address' }, 'invalid_target'],
        [{ scope: 'openid Accounts.Write', resource: apiName }, 'invalid_scope'],
        [{ scope: `${apiName}/Accounts.Admin` }, 'invalid_grant'],
        [{ scope: 'https://unknown.example/.default' }, 'invalid_resource'],
      ] as const) {
        const { status, json, text } = await ask(token, wrong);
        assert.deepEqual([status, json['error']], [400, error], text);
        assert.equal((await kept('refreshToken', token))?.redeemedAt, null, JSON.stringify(wrong));
      }
      await enableApi(false);
      assert.equal((await ask(token)).json['error'], 'invalid_target');
      await enableApi(true);
    }
    const { status, text } = await refresh(token);
    assert.equal(status, 200, text);
  });

  test('RFC 6749 5.2, RFC 9700 4.14.2: a refresh token is of one client, and good for once', async () => {
    const { hub, newToken, refresh } = await begin({ scope: 'openid offline_access' });
    const first = await newToken();
    const other = await hub.client({ web: { redirectUris: [callback] } });
    const foreign = { client_id: other.appId, client_secret: other.secret };
    assert.equal((await refresh(first, foreign)).json['error'], 'invalid_grant');
    const { json } = await refresh(first);
    assert.equal((await refresh(first)).json['error'], 'invalid_grant');
    assert.equal((await refresh(json['refresh_token'])).json['error'], 'invalid_grant', 'the family is revoked');
  });

  test('RFC 6749 2.1: a program without secret refreshes, and nobody else in the name of a client with one', async () => {
    const { hub, client, name, newToken, refresh } = await begin({ scope: 'openid offline_access' });
    const first = await newToken();
    const form = { grant_type: 'refresh_token', client_id: client.appId, refresh_token: String(first) };
    assert.equal((await hub.fetch(hub.path('token'), { form })).json['error'], 'invalid_client');
    assert.equal((await refresh(first)).status, 200);
    const native = await hub.client({ publicClient: { redirectUris: [program] } });
    const { verifier, challenge } = pkce();
    const asked = { scope: 'openid offline_access', code_challenge: challenge, code_challenge_method: 'S256' };
    const code = await hub.code(native, program, name, { ...asked, prompt: 'consent' });
    const ask = (more: Record<string, string>) =>
      hub.fetch(hub.path('token'), { form: { client_id: native.appId, ...more } });
    const redeemed = { grant_type: 'authorization_code', code, redirect_uri: program, code_verifier: verifier };
    const { json } = await ask(redeemed);
    const answer = await ask({ grant_type: 'refresh_token', refresh_token: String(json['refresh_token']) });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(decodeJwt(String(answer.json['id_token']))['aud'], native.appId);
  });
});
