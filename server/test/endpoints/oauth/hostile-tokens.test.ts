import assert from 'node:assert/strict';
import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { onEachDatabase } from '../../databases.ts';
import { apiName, origin, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';
const encode = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

onEachDatabase((database) => {
  /** A client that proves itself by a key, and a way to present an assertion. */
  async function keyed() {
    const hub = await new TestHub(database).begin();
    await hub.api();
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...((await exportJWK(publicKey)) as { kty: string }), kid: 'own', alg: 'RS256', use: 'sig' };
    const client = await hub.client({ oauthClient: { jwks: { keys: [jwk] } } });
    const plain = { iss: client.appId, sub: client.appId, aud: origin + hub.path('token') };
    const claims = () => ({ ...plain, jti: randomUUID(), exp: Math.floor(Date.now() / 1000) + 300 });
    const signed = (header: object = {}, changed: JWTPayload = {}) =>
      new SignJWT({ ...claims(), ...changed })
        .setProtectedHeader({ alg: 'RS256', kid: 'own', ...header })
        .sign(privateKey);
    const present = (client_assertion: string) =>
      hub.fetch(hub.path('token'), {
        form: {
          grant_type: 'client_credentials',
          resource: apiName,
          client_id: client.appId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion,
        },
      });
    return { hub, jwk, publicKey, claims, signed, present };
  }

  async function signedIn(name: string) {
    const hub = await new TestHub(database).begin();
    const api = await hub.api();
    const client = await hub.client({ web: { redirectUris: [callback] } });
    await hub.consent(client, api, 'Accounts.Read');
    await hub.staff(name);
    const user = `${name}@${hub.tenant.name}.onmicrosoft.com`;
    const tokens = await hub.tokens(client, callback, user, { scope: 'openid offline_access' });
    const forApi = await hub.tokens(client, callback, user, { scope: 'Accounts.Read', resource: apiName });
    return { hub, api, client, tokens, forApi };
  }

  test('bad-inputs 14: nothing but the registered key proves who a client is, whatever the header says', async () => {
    const { publicKey, jwk, claims, signed, present } = await keyed();
    assert.equal((await present(await signed())).status, 200);
    const own = await generateKeyPair('RS256', { extractable: true });
    const foreign = (header: object) =>
      new SignJWT(claims()).setProtectedHeader({ alg: 'RS256', kid: 'own', ...header }).sign(own.privateKey);
    const ownJwk = await exportJWK(own.publicKey);
    const pem = await exportSPKI(publicKey);
    const hmac = (key: string) => {
      const text = `${encode({ alg: 'HS256', kid: 'own' })}.${encode(claims())}`;
      return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
    };
    const good = await signed();
    const [header = '', payload = '', signature = ''] = good.split('.');
    const hostile: Record<string, string> = {
      ...Object.fromEntries(
        ['none', 'None', 'nOnE', ''].map((alg) => [`alg ${alg}`, `${encode({ alg })}.${encode(claims())}.`]),
      ),
      'the public key as a secret': hmac(pem),
      'the public key as a secret, without its last line': hmac(pem.trim()),
      'the public key as a secret, in DER': hmac(
        createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('latin1'),
      ),
      'a key in the header': await foreign({ jwk: ownJwk }),
      'an address of keys': await foreign({ jku: 'https://evil.example/keys' }),
      'an address of certificates': await foreign({ x5u: 'https://evil.example/certificates' }),
      'a path as key id': await foreign({ kid: '../../../../dev/null' }),
      'a query as key id': await foreign({ kid: "own' or '1'='1" }),
      'a key id of 10,000 characters': await foreign({ kid: 'x'.repeat(10_000) }),
      'a key id of other letters': await foreign({ kid: 'own\u0000\u202e' }),
      'an unknown extension that must be known': `${encode({ alg: 'RS256', kid: 'own', crit: ['evil'], evil: 1 })}.${payload}.${signature}`,
      'a payload that is not encoded': `${encode({ alg: 'RS256', kid: 'own', b64: false, crit: ['b64'] })}.${payload}.${signature}`,
      'another serialization': JSON.stringify({ payload, protected: header, signature }),
      'an encrypted token': [
        encode({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', zip: 'DEF', p2c: 2 ** 31, p2s: 'AA' }),
        'AA',
        'AA',
        'AA',
        'AA',
      ].join('.'),
      'a token inside a token': `${encode({ alg: 'RS256', kid: 'own', cty: 'JWT' })}.${encode(good)}.${signature}`,
      'changed claims': `${header}.${encode(claims())}.${signature}`,
      'no signature': `${header}.${payload}.`,
      'an empty text': '..',
    };
    for (const [what, assertion] of Object.entries(hostile)) {
      const { status, json } = await present(assertion);
      assert.ok(status === 400 || status === 401, `${what}: ${status}`);
      assert.equal(json['access_token'], undefined, what);
    }
    assert.equal(jwk.kid, 'own');
  });

  test('bad-inputs 14: times of an assertion are numbers, near and not over', async () => {
    const { signed, present } = await keyed();
    const now = Math.floor(Date.now() / 1000);
    for (const changed of [
      { exp: String(now + 300) },
      { exp: 1e308 },
      { exp: now - 600 },
      { exp: now + 10 * 365 * 86_400 },
      { nbf: now + 3600 },
      { iat: now + 3600 },
      { aud: [] },
      { jti: undefined },
    ]) {
      const { status } = await present(await signed({}, changed as never));
      assert.ok(status === 400 || status === 401, JSON.stringify(changed));
    }
  });

  test('bad-inputs 15: a token of one kind is none of another', async () => {
    const { hub, api, client, tokens, forApi } = await signedIn('marge');
    const userinfo = (token: unknown) =>
      hub.fetch(`/${hub.tenant.id}/openid/v2.0/userinfo`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal((await userinfo(tokens['access_token'])).status, 200);
    for (const kind of ['id_token', 'refresh_token'] as const) {
      assert.equal((await userinfo(tokens[kind])).status, 401, kind);
    }
    assert.equal((await userinfo(forApi['access_token'])).status, 401, 'it is for another resource');
    const onBehalf = (assertion: unknown) =>
      hub.fetch(hub.path('token'), {
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          requested_token_use: 'on_behalf_of',
          client_id: api.appId,
          client_secret: api.secret,
          scope: 'openid',
          assertion: String(assertion),
        },
      });
    assert.equal((await onBehalf(forApi['access_token'])).status, 200);
    for (const kind of ['id_token', 'access_token', 'refresh_token'] as const) {
      assert.equal((await onBehalf(tokens[kind])).json['error'], 'invalid_grant', kind);
    }
    const swapped = await hub.fetch(hub.path('token'), {
      form: {
        grant_type: 'authorization_code',
        code: String(tokens['refresh_token']),
        redirect_uri: callback,
        client_id: client.appId,
        client_secret: client.secret,
      },
    });
    assert.equal(swapped.json['error'], 'invalid_grant');
  });

  test('bad-inputs 16: what one tenant has issued is nothing in another, nor with the other’s id written into it', async () => {
    const [one, other] = [await signedIn('homer'), await signedIn('lisa')];
    const { hub } = one;
    const [header = '', payload = '', signature = ''] = String(other.forApi['access_token']).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const rewritten = JSON.stringify(claims).replaceAll(other.hub.tenant.id, hub.tenant.id);
    const onBehalf = (assertion: string) =>
      hub.fetch(hub.path('token'), {
        form: {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          requested_token_use: 'on_behalf_of',
          client_id: one.api.appId,
          client_secret: one.api.secret,
          scope: 'openid',
          assertion,
        },
      });
    for (const token of [String(other.forApi['access_token']), `${header}.${encode(rewritten)}.${signature}`]) {
      assert.equal((await onBehalf(token)).json['error'], 'invalid_grant');
    }
    const userinfo = await hub.fetch(`/${hub.tenant.id}/openid/v2.0/userinfo`, {
      headers: { authorization: `Bearer ${other.tokens['access_token']}` },
    });
    assert.equal(userinfo.status, 401);
    const { appId: client_id, secret: client_secret } = one.client;
    const refresh = { grant_type: 'refresh_token', refresh_token: String(other.tokens['refresh_token']) };
    const refreshed = await hub.fetch(hub.path('token'), { form: { ...refresh, client_id, client_secret } });
    assert.equal(refreshed.json['error'], 'invalid_grant');
    const asked = { client_id, client_secret, token: String(other.tokens['access_token']) };
    assert.deepEqual((await hub.fetch(hub.path('introspect'), { form: asked })).json, { active: false });
  });

  test('bad-inputs 21: a bomb in the parameter claims is refused as what it is', async () => {
    const { hub, client } = await signedIn('bart');
    const query = {
      client_id: client.appId,
      response_type: 'code',
      redirect_uri: callback,
      scope: 'openid',
      prompt: 'none',
    };
    for (const claims of [
      `${'{"id_token":'.repeat(5000)}1${'}'.repeat(5000)}`,
      '{"id_token":{"acr":{"values":"no list"}}}',
      '{"id_token":[]}',
      '[]',
      'null',
      '{"__proto__":{"id_token":{}}}',
    ]) {
      const { status, headers } = await hub.fetch(
        `${hub.path('authorize')}?${new URLSearchParams({ ...query, claims })}`,
      );
      assert.equal(status, 303, claims.slice(0, 40));
      const error = new URL(String(headers['location'])).searchParams.get('error');
      assert.ok(error === 'invalid_request' || error === 'login_required', `${claims.slice(0, 40)}: ${error}`);
    }
  });
});
