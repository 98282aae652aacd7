// Clients whose keys are at an address of theirs, and keys there that are not what they should be.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { onEachDatabase } from '../../databases.ts';
import { apiName, origin, TestHub } from './test-hub.ts';

const jwksUri = 'https://client.example/keys';

async function newKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

onEachDatabase((database) => {
  /** A client, and the key set at its address, which the test changes. */
  async function hosted() {
    const hub = await new TestHub(database).begin();
    await hub.api();
    const key = await newKey('own');
    const client = await hub.client({ oauthClient: { jwksUri } });
    const served: { keySet: unknown; asked: number } = { keySet: { keys: [key.jwk] }, asked: 0 };
    hub.outbound = async (url) => {
      assert.equal(String(url), jwksUri);
      served.asked++;
      return Response.json(served.keySet);
    };
    const present = async (header: object = {}, by = key, changed: JWTPayload = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const plain = { iss: client.appId, sub: client.appId, aud: origin + hub.path('token'), jti: randomUUID() };
      const client_assertion = await new SignJWT({ ...plain, exp: now + 300, ...changed })
        .setProtectedHeader({ alg: 'RS256', kid: 'own', ...header })
        .sign(by.privateKey);
      return hub.fetch(hub.path('token'), {
        form: {
          grant_type: 'client_credentials',
          resource: apiName,
          client_id: client.appId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion,
        },
      });
    };
    return { hub, key, served, present };
  }

  test('bad-inputs 18: a key set at the address of a client that is none, or has other keys, proves nothing', async () => {
    for (const [what, change] of [
      ['no list', () => ({ keys: null })],
      ['a list of something else', () => ({ keys: ['key'] })],
      ['a key of another kind under its id', ({ kid }) => ({ keys: [{ kty: 'oct', k: 'AQAB', kid }] })],
      ['a key for encryption', (key) => ({ keys: [{ ...key, use: 'enc' }] })],
      ['another key under its id', (key) => ({ keys: [{ ...key, n: `${key.n?.slice(0, -2)}AQ` }] })],
      ['a list without its members', () => []],
    ] satisfies [string, (key: JWK) => unknown][]) {
      const { key, served, present } = await hosted();
      served.keySet = change(key.jwk);
      const { status, json } = await present();
      assert.ok(status === 400 || status === 401, `${what}: ${status}`);
      assert.match(String(json['error']), /^invalid_client/, what);
    }
  });

  test('bad-inputs 18: of two keys with one id at the address of a client each is its own, and no other is', async () => {
    const { key, served, present } = await hosted();
    const [second, stranger] = [await newKey('own'), await newKey('own')];
    served.keySet = { keys: [key.jwk, second.jwk] };
    assert.equal((await present()).status, 200);
    assert.equal((await present({}, second)).status, 200);
    assert.equal((await present({}, stranger)).status, 401);
  });

  test('bad-inputs 18: a storm of unknown key ids has the keys of a client fetched once a minute', async () => {
    const { served, present } = await hosted();
    const begun = Date.now();
    for (let index = 0; index < 12; index++) assert.equal((await present({ kid: `unknown-${index}` })).status, 401);
    await Promise.all(Array.from({ length: 12 }, (_, index) => present({ kid: `other-${index}` })));
    const minutes = Math.ceil((Date.now() - begun) / 60_000);
    assert.ok(served.asked <= minutes + 1, `${served.asked} times`);
  });
});
