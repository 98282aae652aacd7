import assert from 'node:assert/strict';
import { createHmac, createPublicKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import {
  addPassword,
  changeClientRegistrationPolicy,
  getApplication,
  removePassword,
  updateApplication,
} from '../../../src/applications/index.ts';
import { signJwtBySecret } from '../../../src/issuance/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { apiName, decode, type TestClient, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';
const bySecret = { idTokenSignedResponseAlg: 'HS256', userinfoSignedResponseAlg: 'HS256' };

test('RFC 7518 3.2: a secret that is shorter than the hash does not sign', () => {
  assert.throws(() => signJwtBySecret('x'.repeat(31), undefined, {}), /fewer than 32 bytes/);
  assert.match(signJwtBySecret('x'.repeat(32), undefined, {}), /^[\w-]+\.[\w-]+\.[\w-]{43}$/);
});

onEachDatabase((database) => {
  async function opened(oauthClient: Readonly<Record<string, string>> = bySecret) {
    const hub = new TestHub(database);
    await hub.begin();
    const api = await hub.api();
    const client = await hub.client({ web: { redirectUris: [callback] }, oauthClient });
    await hub.consent(client, api, 'Accounts.Read');
    await hub.staff('marge');
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    return { hub, client, name };
  }

  const newSecret = async ({ hub, client }: { hub: TestHub; client: TestClient }) =>
    hub.storage.write(async (stores) => {
      const application = await getApplication(stores, hub.tenant.id, client.objectId);
      return addPassword(stores, hub.act(), application, {}, randomBytes(32));
    });

  const verified = async (hub: TestHub, token: unknown, { secret, appId }: Pick<TestClient, 'secret' | 'appId'>) => {
    const key = new TextEncoder().encode(secret);
    const { payload, protectedHeader } = await jwtVerify(String(token), key, {
      issuer: hub.issuer,
      audience: appId,
      currentDate: hub.now,
    });
    assert.deepEqual(protectedHeader, { alg: 'HS256' }, 'without kid');
    return payload;
  };

  const keptTexts = async (hub: TestHub, objectId: string) => {
    const rows = database.engine.reader.selectFrom('client_secret').select('sealed_text');
    const found = await rows.where('tenant_id', '=', hub.tenant.id).where('object_id', '=', objectId).execute();
    return found.map(({ sealed_text }) => sealed_text);
  };

  const refresh = (hub: TestHub, { appId, secret }: TestClient, refresh_token: unknown, more = {}) =>
    hub.fetch(hub.path('token'), {
      form: {
        grant_type: 'refresh_token',
        refresh_token: String(refresh_token),
        client_id: appId,
        client_secret: secret,
        ...more,
      },
    });

  test('OIDC Core 10.1: ID tokens are signed by the secret of the client that registered HS256, access tokens never', async () => {
    const { hub, client, name } = await opened();
    const first = await hub.tokens(client, callback, name, { scope: 'openid offline_access', nonce: 'n' });
    const claims = await verified(hub, first['id_token'], client);
    assert.equal(claims['nonce'], 'n');
    const headers = { authorization: `Bearer ${first['access_token']}` };
    const info = await hub.fetch(`/${hub.tenant.id}/openid/v2.0/userinfo`, { headers });
    assert.equal((await verified(hub, info.text, client)).sub, claims.sub);
    const second = await refresh(hub, client, first['refresh_token']);
    assert.equal((await verified(hub, second.json['id_token'], client)).sub, claims.sub);

    const forApi = await hub.tokens(client, callback, name, { scope: 'openid Accounts.Read', resource: apiName });
    assert.equal(decode(forApi['access_token']).header['alg'], 'RS256');
    await verified(hub, forApi['id_token'], client);
  });

  test('only secrets by which something is signed are kept, and they are sealed', async () => {
    const { hub, client, name } = await opened();
    const [sealed] = await keptTexts(hub, client.objectId);
    assert.match(String(sealed), /^1\./);
    assert.ok(!String(sealed).includes(client.secret));
    const other = await opened({ idTokenSignedResponseAlg: 'ES256' });
    assert.deepEqual(await keptTexts(other.hub, other.client.objectId), [null]);

    const change = (idTokenSignedResponseAlg: string) =>
      hub.storage.write((stores) =>
        updateApplication(stores, hub.act(), client.objectId, {
          oauthClient: { idTokenSignedResponseAlg, userinfoSignedResponseAlg: null },
        }),
      );
    await change('RS256');
    assert.deepEqual(await keptTexts(hub, client.objectId), [null], 'forgotten with the last use');
    await change('HS256');
    const query = { client_id: client.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
    const refused = await hub.fetch(`${hub.path('authorize')}?${new URLSearchParams(query)}`);
    assert.deepEqual([refused.status, refused.headers['location']], [400, undefined]);
    assert.match(refused.text, /unauthorized_client[\s\S]*give it a new one/);
    const { secretText } = await newSecret({ hub, client });
    const signer = { ...client, secret: secretText };
    await verified(hub, (await hub.tokens(signer, callback, name, { scope: 'openid' }))['id_token'], signer);
  });

  test('the newest valid secret signs, and when none is left the client is told so', async () => {
    const { hub, client, name } = await opened();
    hub.pass(1);
    const added = await newSecret({ hub, client });
    const second = { ...client, secret: added.secretText };
    // Either secret proves the client; the newer one signs.
    const tokens = await hub.tokens(client, callback, name, { scope: 'openid offline_access' });
    await verified(hub, tokens['id_token'], second);
    const remove = (keyId: string) =>
      hub.storage.write(async (stores) =>
        removePassword(stores, hub.act(), await getApplication(stores, hub.tenant.id, client.objectId), keyId),
      );
    await remove(added.secret.id);
    const again = await refresh(hub, client, tokens['refresh_token']);
    await verified(hub, again.json['id_token'], client);
    const [last] = await hub.storage.read.clientSecrets.list(hub.tenant.id, [client.objectId]);
    await remove(last?.id ?? '');
    const { status, json } = await refresh(hub, client, again.json['refresh_token']);
    assert.deepEqual([status, json['error']], [400, 'unauthorized_client']);
    assert.match(String(json['error_description']), /no valid secret/);
  });

  test('OIDC Core 10.1: clients that keep no secret get nothing that is signed by one', async () => {
    const { hub } = await opened();
    const web = { redirectUris: [callback] };
    for (const attributes of [
      { web, oauthClient: { ...bySecret, tokenEndpointAuthMethod: 'none' } },
      { web, oauthClient: { ...bySecret, tokenEndpointAuthMethod: 'private_key_jwt' } },
      { spa: web, oauthClient: bySecret },
      { publicClient: { redirectUris: ['http://localhost'] }, oauthClient: bySecret },
      { web, isFallbackPublicClient: true, oauthClient: bySecret },
      { web, oauthClient: { authorizationSignedResponseAlg: 'HS256' } },
      { web, oauthClient: { requestObjectSigningAlg: 'HS256' } },
    ]) {
      await assert.rejects(hub.client(attributes), { name: 'Refusal' }, JSON.stringify(attributes));
    }
  });

  test('OpenID Connect Registration 2: a client registers HS256, and keeps it over changes of its registration', async () => {
    const { hub, name } = await opened();
    await hub.storage.write((stores) => changeClientRegistrationPolicy(stores, hub.act(), { mode: 'open' }));
    const metadata = { redirect_uris: [callback], id_token_signed_response_alg: 'HS256' };
    const register = (json: object) => hub.fetch(hub.path('register'), { method: 'POST', json });
    const refused = await register({ ...metadata, token_endpoint_auth_method: 'none' });
    assert.deepEqual([refused.status, refused.json['error']], [400, 'invalid_client_metadata']);

    const { json } = await register(metadata);
    assert.equal(json['id_token_signed_response_alg'], 'HS256');
    const client = { appId: String(json['client_id']), secret: String(json['client_secret']) };
    const asClient = { ...client, objectId: '', servicePrincipalId: '' };
    const manage = (method: string, body?: object) =>
      hub.fetch(new URL(String(json['registration_client_uri'])).pathname, {
        method,
        headers: { authorization: `Bearer ${json['registration_access_token']}` },
        json: body,
      });
    const read = await manage('GET');
    assert.equal(read.json['id_token_signed_response_alg'], 'HS256');
    assert.ok(!read.text.includes(client.secret));
    const changed = await manage('PUT', { client_id: client.appId, ...metadata, client_name: 'Renamed' });
    assert.equal(changed.status, 200, changed.text);
    assert.ok(!changed.text.includes(client.secret));
    await verified(hub, (await hub.tokens(asClient, callback, name, { scope: 'openid' }))['id_token'], client);

    const { id_token_signed_response_alg: _, ...plain } = { ...metadata, client_id: client.appId };
    assert.equal((await manage('PUT', plain)).status, 200);
    const tokens = await hub.tokens(asClient, callback, name, { scope: 'openid' });
    assert.equal(decode(tokens['id_token']).header['alg'], 'RS256');
    const back = await manage('PUT', { ...plain, ...metadata });
    assert.deepEqual([back.status, back.json['error']], [400, 'invalid_client_metadata']);
    assert.equal((await manage('DELETE')).status, 204);
  });

  test('OpenID Connect Discovery 3: HS256 is named where standards are spoken, and not by Microsoft’s authorities', async () => {
    const hub = await new TestHub(database).begin({ name: 'B2C_1_in', type: 'signUpOrSignIn' });
    const { id } = hub.tenant;
    const named = async (path: string) => {
      const { json } = await hub.fetch(`${path}/.well-known/openid-configuration`);
      const lists = ['id_token_signing_alg_values_supported', 'userinfo_signing_alg_values_supported'];
      return lists.map((list) => [json[list]].flat().toSorted());
    };
    const own = ['ES256', 'RS256'];
    const signed = ['ES256', 'HS256', 'RS256'];
    assert.deepEqual(await named(`/${id}/v2.0`), [signed, signed]);
    for (const path of [`/${id}`, `/${id}/B2C_1_in/v2.0`, `/tfp/${id}/B2C_1_in/v2.0`]) {
      assert.deepEqual(await named(path), [own, own], path);
    }
  });

  test('bad-inputs 14: a hint is believed only if it is signed as the client has registered', async () => {
    for (const oauthClient of [bySecret, {}]) {
      const { hub, client, name } = await opened(oauthClient);
      const query = { client_id: client.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
      const browser = hub.browser();
      await browser.open(`${hub.path('authorize')}?${new URLSearchParams(query)}`);
      const code = (await hub.signIn(browser, name)).searchParams.get('code') ?? '';
      const { json } = await hub.fetch(hub.path('token'), {
        form: {
          grant_type: 'authorization_code',
          code,
          redirect_uri: callback,
          client_id: client.appId,
          client_secret: client.secret,
        },
      });
      const idToken = String(json['id_token']);
      const silently = async (id_token_hint: string) => {
        await browser.open(
          `${hub.path('authorize')}?${new URLSearchParams({ ...query, prompt: 'none', id_token_hint })}`,
        );
        return new URL(String(browser.page.headers['location'])).searchParams;
      };
      assert.ok((await silently(idToken)).has('code'));

      const [, payload] = idToken.split('.');
      const { keys } = await hub.keys.jwks(hub.tenant.id);
      const [rsa] = keys.filter(({ alg }) => alg === 'RS256');
      const publicKey = createPublicKey({ key: { ...rsa }, format: 'jwk' });
      const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
      const forged = (secret: string | Buffer, header: object = { alg: 'HS256' }) => {
        const input = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}`;
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      };
      for (const hint of [
        forged(pem),
        forged(pem.trim()),
        forged(publicKey.export({ type: 'spki', format: 'der' })),
        forged(pem, { alg: 'HS256', kid: rsa?.kid }),
        forged(''),
        forged(client.secret, { alg: 'none' }),
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
        ...(oauthClient === bySecret ? [forged(client.appId)] : [forged(client.secret)]),
      ]) {
        assert.equal((await silently(hint)).get('error'), 'invalid_request', hint);
      }
      // At the end of the session a hint only says whose addresses count.
      const end = { id_token_hint: idToken, post_logout_redirect_uri: callback };
      await browser.open(`${hub.path('logout')}?${new URLSearchParams(end)}`);
      assert.ok(`${browser.page.headers['location']}${browser.page.text}`.includes(callback));
      assert.equal((await silently(idToken)).get('error'), 'login_required');
    }
  });
});
