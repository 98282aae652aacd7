import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  changeClientRegistrationPolicy,
  createInitialAccessToken,
  deleteApplication,
  findClient,
} from '../../../src/applications/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { origin, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';

onEachDatabase((database) => {
  async function opened(mode: 'off' | 'token' | 'open', mostClients = 10) {
    const hub = new TestHub(database);
    await hub.begin();
    await hub.storage.write((stores) => changeClientRegistrationPolicy(stores, hub.act(), { mode, mostClients }));
    const send = (method: string, path: string, body?: unknown, token?: string) =>
      hub.fetch(path, {
        method,
        ...(body !== undefined && { json: body }),
        ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      });
    const register = (body: unknown, token?: string) => send('POST', hub.path('register'), body, token);
    const initialToken = async (uses = 1) => {
      const wanted = { displayName: 'for a test', uses };
      const made = await hub.storage.write((stores) =>
        createInitialAccessToken(stores, hub.act(), wanted, randomBytes(32)),
      );
      return made.text;
    };
    return { hub, send, register, initialToken };
  }

  test('RFC 7591 3: a client registers itself, gets a secret, and signs people in', async () => {
    const { hub, register } = await opened('open');
    const { status, json, headers } = await register({
      client_name: 'Own client',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'client_secret_basic',
      unknown_member: { is: 'ignored' },
    });
    assert.equal(status, 201, JSON.stringify(json));
    assert.equal(headers['cache-control'], 'no-store');
    assert.ok(Number(json['client_secret_expires_at']) > Number(json['client_id_issued_at']));
    assert.equal('unknown_member' in json, false);
    const client = {
      appId: String(json['client_id']),
      secret: String(json['client_secret']),
      objectId: '',
      servicePrincipalId: '',
    };
    await hub.staff('marge');
    const code = await hub.code(client, callback, `marge@${hub.tenant.name}.onmicrosoft.com`, { scope: 'openid' });
    const authorization = `Basic ${Buffer.from(`${client.appId}:${client.secret}`).toString('base64')}`;
    const form = { grant_type: 'authorization_code', code, redirect_uri: callback };
    const redeemed = await hub.fetch(hub.path('token'), { form, headers: { authorization } });
    assert.equal(redeemed.status, 200, redeemed.text);
  });

  test('RFC 7592 2: a client reads, changes and deletes its registration with its token, and with no other', async () => {
    const { hub, send, register } = await opened('open');
    const { json } = await register({
      client_name: 'Before',
      redirect_uris: [callback],
      tos_uri: 'https://app.example/tos',
      initiate_login_uri: 'https://app.example/login',
    });
    const token = String(json['registration_access_token']);
    const path = String(json['registration_client_uri']).replace(origin, '');
    const read = await send('GET', path, undefined, token);
    assert.deepEqual([read.json['client_name'], read.json['client_secret']], ['Before', undefined]);
    assert.equal(read.json['initiate_login_uri'], 'https://app.example/login');

    const { registration_access_token: _, registration_client_uri: __, ...rest } = read.json;
    const forbidden = await send('PUT', path, rest, token);
    assert.equal(forbidden.json['error'], 'invalid_request', 'client_id_issued_at is none of the client’s');
    const body = { client_id: json['client_id'], client_name: 'After', redirect_uris: [`${callback}/2`], tos_uri: '' };
    const changed = await send('PUT', path, body, token);
    assert.equal(changed.status, 200, changed.text);
    assert.deepEqual(changed.json['redirect_uris'], [`${callback}/2`]);
    for (const name of ['tos_uri', 'initiate_login_uri']) assert.equal(name in changed.json, false, name);
    const other = await register({ redirect_uris: [callback] });
    const foreign = String(other.json['registration_access_token']);
    for (const wrong of [foreign, `${token}x`, undefined]) {
      const refused = await send('GET', path, undefined, wrong);
      assert.deepEqual([refused.status, refused.json['error']], [401, 'invalid_token']);
      assert.match(String(refused.headers['www-authenticate']), /^Bearer/);
    }
    assert.equal((await send('PUT', path, { ...body, client_id: other.json['client_id'] }, token)).status, 400);

    assert.equal((await send('DELETE', path, undefined, token)).status, 204);
    assert.equal((await send('GET', path, undefined, token)).status, 401);
    assert.equal(await findClient(hub.storage.read, hub.tenant.id, String(json['client_id'])), undefined);
  });

  test('a tenant that says nothing lets no client register, and does not say where', async () => {
    const { hub, register } = await opened('off');
    assert.equal((await register({ redirect_uris: [callback] })).status, 403);
    const metadata = `/${hub.tenant.id}/v2.0/.well-known/openid-configuration`;
    assert.equal('registration_endpoint' in (await hub.fetch(metadata)).json, false);
    await hub.storage.write((stores) => changeClientRegistrationPolicy(stores, hub.act(), { mode: 'open' }));
    assert.equal((await hub.fetch(metadata)).json['registration_endpoint'], origin + hub.path('register'));
  });

  test('RFC 7591 3: an initial access token is good for as many clients as it was made for, also at once', async () => {
    const { hub, register, initialToken } = await opened('token');
    const body = { redirect_uris: [callback] };
    assert.equal((await register(body)).status, 401);
    assert.equal((await register(body, 'creg_unknown')).status, 401);
    const token = await initialToken(2);
    const answers = await Promise.all([1, 2, 3, 4].map(() => register(body, token)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 401, 401]);
    const late = await initialToken();
    hub.now = new Date(hub.now.getTime() + 31 * 86_400_000);
    assert.equal((await register(body, late)).status, 401);
  });

  test('a tenant has no more clients that registered themselves than it wants', async () => {
    const { hub, register } = await opened('open', 2);
    const body = { redirect_uris: [callback] };
    const [first] = [await register(body), await register(body)];
    assert.equal((await register(body)).status, 403);
    const client = await findClient(hub.storage.read, hub.tenant.id, String(first?.json['client_id']));
    await hub.storage.write((stores) => deleteApplication(stores, hub.act(), client?.application?.id ?? ''));
    assert.equal((await register(body)).status, 201);
  });

  test('RFC 7591 3.2.2: metadata that cannot be are refused with their code, and make nothing', async () => {
    const { register } = await opened('open');
    const refused = async (body: unknown, code: string) => {
      const { status, json } = await register(body);
      assert.deepEqual([status, json['error']], [400, code], JSON.stringify(body));
    };
    const good = { redirect_uris: [callback] };
    for (const address of [
      'http://app.example/',
      'https://app.example/#x',
      'https://*.example/',
      'javascript:alert(1)',
      'https://app.example/a/../b',
      'https://user@app.example/',
    ]) {
      await refused({ redirect_uris: [address] }, 'invalid_redirect_uri');
    }
    await refused({}, 'invalid_redirect_uri');
    await refused([], 'invalid_client_metadata');
    await refused({ ...good, token_endpoint_auth_method: 'tls_client_auth' }, 'invalid_client_metadata');
    await refused({ ...good, token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata');
    await refused({ ...good, grant_types: ['password'] }, 'invalid_client_metadata');
    await refused({ ...good, response_types: ['token'] }, 'invalid_client_metadata');
    await refused({ ...good, id_token_signed_response_alg: 'none' }, 'invalid_client_metadata');
    await refused({ ...good, jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }, 'invalid_client_metadata');
    await refused({ ...good, logo_uri: 'x'.repeat(300) }, 'invalid_client_metadata');
    await refused({ ...good, client_name: 'x'.repeat(70_000) }, 'invalid_client_metadata');
  });

  test('OIDC Registration 5: the sector’s document must list the reply addresses', async () => {
    const { hub, register } = await opened('open');
    const body = {
      redirect_uris: [callback],
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://sector.example/',
    };
    hub.outbound = async () => Response.json([callback]);
    assert.equal((await register(body)).status, 201);
    hub.outbound = async () => Response.json(['https://other.example/']);
    assert.equal((await register(body)).json['error'], 'invalid_client_metadata');
    hub.outbound = async () => Promise.reject(new Error('away'));
    assert.equal((await register(body)).json['error'], 'invalid_client_metadata');
  });

  test('RFC 9101 5.2: a signed request comes by reference from a registered address, and is fetched once', async () => {
    const { hub, register } = await opened('open');
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'own', alg: 'ES256', use: 'sig' };
    const address = 'https://app.example/request';
    const { json } = await register({
      redirect_uris: [callback],
      request_uris: [address],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [jwk, { kty: 'RSA', use: 'enc', n: 'AQAB', e: 'AQAB' }] },
    });
    assert.deepEqual(json['jwks'], { keys: [jwk] });
    const clientId = String(json['client_id']);
    const claims = {
      client_id: clientId,
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid',
      state: 'signed',
    };
    const object = await new SignJWT({ ...claims, iss: clientId, aud: hub.issuer })
      .setProtectedHeader({ alg: 'ES256', kid: 'own', typ: 'oauth-authz-req+jwt' })
      .setExpirationTime('1m')
      .sign(privateKey);
    let calls = 0;
    hub.outbound = async (url) => {
      calls++;
      assert.equal(String(url), address);
      return new Response(object);
    };
    const ask = async (request_uri: string, more = {}) => {
      const plain = { client_id: clientId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
      const query = { ...plain, request_uri, ...more };
      return hub.fetch(`${hub.path('authorize')}?${new URLSearchParams(query)}`);
    };
    const errorOf = ({ headers }: Awaited<ReturnType<typeof ask>>) =>
      new URL(String(headers['location'])).searchParams.get('error');
    const first = await ask(address, { prompt: 'none' });
    assert.equal(first.status, 303, first.text);
    // What stands beside the object does not count: nobody has signed it.
    assert.match(String(first.headers['location']), /\/sign-in\//);
    await ask(address);
    assert.equal(calls, 1);

    hub.outbound = async (url) => assert.fail(`${url} is called`);
    for (const other of [
      'https://169.254.169.254/latest',
      `${address}/2`,
      'http://app.example/request',
      'file:///etc/passwd',
    ]) {
      assert.equal(errorOf(await ask(other)), 'invalid_request_uri');
    }
    assert.equal(errorOf(await ask(address, { request: object })), 'invalid_request_uri');
    for (const answer of [
      () => new Response('no object'),
      () => new Response('a.'.repeat(40_000)),
      () => new Response(object, { status: 302 }),
    ]) {
      hub.outbound = async () => answer();
      assert.equal(errorOf(await ask(`${address}#${crypto.randomUUID()}`)), 'invalid_request_uri');
    }
  });
});
