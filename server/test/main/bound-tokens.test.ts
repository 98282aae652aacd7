import assert from 'node:assert/strict';
import { hash, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { seedFirstPartyApplications } from '../../src/applications/index.ts';
import { openManagement, openResourceManager } from '../../src/main/open-management.ts';
import { onEachDatabase, testSealing } from '../databases.ts';
import { origin, TestHub } from '../endpoints/oauth/test-hub.ts';
import { hasher } from '../sign-in/journey.ts';

/** The APIs of the hub, and what each answers to a client that it knows: it has no role for reading users. */
const apis = {
  graph: { scope: 'https://graph.microsoft.com/.default', path: '/v1.0/users', query: '?$top=1', known: 403 },
  resourceManager: {
    scope: 'https://management.azure.com/.default',
    path: '/subscriptions',
    query: '?api-version=2022-12-01',
    known: 200,
  },
} as const;

interface Sent {
  scheme?: string;
  header?: Partial<JWTHeaderParameters>;
  claims?: JWTPayload;
}

/** A key of a client, which makes proofs with it. */
async function newKey() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const prove = (htm: string, htu: string, claims: JWTPayload = {}, header: Partial<JWTHeaderParameters> = {}) =>
    new SignJWT({ htm, htu, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
      .sign(privateKey);
  return { jwk, privateKey, prove };
}

onEachDatabase((database) => {
  /** A program with a token for an API that is bound to its key. */
  async function program(oauthClient: Record<string, boolean> = {}, api: keyof typeof apis = 'graph') {
    const { scope, path, query } = apis[api];
    const address = origin + path;
    const hub = await new TestHub(database).begin();
    await hub.storage.write((stores) => seedFirstPartyApplications(stores, hub.act()));
    const client = await hub.client({ oauthClient });
    const key = await newKey();
    const form = {
      grant_type: 'client_credentials',
      client_id: client.appId,
      client_secret: client.secret,
      scope,
    };
    const askToken = async (claims: JWTPayload = {}) =>
      hub.fetch(hub.path('token'), {
        form,
        headers: { dpop: await key.prove('POST', origin + hub.path('token'), claims) },
      });
    const first = await askToken();
    const { json, text } =
      first.status === 200 ? first : await askToken({ nonce: String(first.headers['dpop-nonce']) });
    assert.equal(json['token_type'], 'DPoP', text);
    const token = String(json['access_token']);
    const parts = {
      storage: hub.storage,
      sealing: testSealing,
      passwords: hasher,
      hubTenantId: hub.tenant.id,
      targetAccess: { allowedPrivateNetworks: [], authorities: [], now: () => new Date() },
      now: () => new Date(),
      reportBug: (error: unknown) => assert.fail(String(error)),
    };
    const open = api === 'graph' ? openManagement : openResourceManager;
    const { routes } = open(parts, hub.keys, new URL(origin));
    const get = routes.find((route) => route.method === 'GET' && [path, '/v1.0/*'].includes(route.path));
    const send = async (headers: Record<string, string>) => {
      const url = new URL(address + query);
      const answer = await get?.handle({
        method: 'GET',
        url,
        headers,
        body: undefined,
        requestId: randomUUID(),
        admitTenant() {},
      });
      return { status: answer?.status, headers: answer?.headers ?? {} };
    };
    const ath = hash('sha256', token, 'base64url');
    const call = async ({ scheme = 'DPoP', claims = {}, header = {} }: Sent = {}) =>
      send({
        authorization: `${scheme} ${token}`,
        dpop: await key.prove('GET', address, { ath, ...claims }, header),
      });
    return { hub, key, token, ath, send, call };
  }

  const { known } = apis.graph;
  const wordOf = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
    /^(\w+) .*error="(\w+)"/.exec(headers['www-authenticate'] ?? '')?.slice(1);

  test('RFC 9449 7.1: the management API takes a token that is bound to a key with a proof, and not without', async () => {
    const { token, call, send } = await program({ dpopBoundAccessTokens: true });
    assert.equal((await call()).status, known);
    assert.equal((await call({ scheme: 'dpop' })).status, known);
    const bearer = await send({ authorization: `Bearer ${token}` });
    assert.deepEqual([bearer.status, wordOf(bearer)], [401, ['DPoP', 'invalid_token']]);
    assert.match(String(bearer.headers['www-authenticate']), /algs="[^"]*ES256[^"]*"/);
    assert.equal((await call({ scheme: 'Bearer' })).status, 401);
    assert.equal((await send({ authorization: `DPoP ${token}` })).status, 401, 'without proof');
  });

  test('RFC 9449 4.3: a proof is for one method, address, token and key, of now, and for once', async () => {
    const { key, token, ath, call, send } = await program();
    const other = await newKey();
    const now = Math.floor(Date.now() / 1000);
    const wrong: Record<string, Sent> = {
      'another method': { claims: { htm: 'POST' } },
      'another address': { claims: { htu: `${origin}/v1.0/groups` } },
      'another host': { claims: { htu: 'https://other.example/v1.0/users' } },
      'no address': { claims: { htu: 'users' } },
      'another token': { claims: { ath: hash('sha256', 'another', 'base64url') } },
      'of an hour ago': { claims: { iat: now - 3600 } },
      'of the future': { claims: { iat: now + 3600 } },
      'no number': { claims: { iat: String(now) as never } },
      'an empty id': { claims: { jti: '' } },
      'another type': { header: { typ: 'JWT' } },
      'another key in the header': { header: { jwk: other.jwk } },
      'the private key in the header': { header: { jwk: await exportJWK(key.privateKey) } },
    };
    for (const [what, sent] of Object.entries(wrong)) {
      const answer = await call(sent);
      assert.deepEqual([answer.status, wordOf(answer)], [401, ['DPoP', 'invalid_dpop_proof']], what);
    }
    const stolen = await other.prove('GET', `${origin}/v1.0/users`, { ath });
    assert.equal((await send({ authorization: `DPoP ${token}`, dpop: stolen })).status, 401, 'of another key');
    const claims = { jti: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 4 }, () => call({ claims })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [401, 401, 401, known]);
  });

  test('RFC 9449 7.1, 4.3, 9: the Resource Manager API takes bound tokens as the management API does', async () => {
    const { known } = apis.resourceManager;
    const { token, ath, call, send } = await program({ dpopBoundAccessTokens: true }, 'resourceManager');
    assert.equal((await call()).status, known);
    const bearer = await send({ authorization: `Bearer ${token}` });
    assert.deepEqual([bearer.status, wordOf(bearer)], [401, ['DPoP', 'invalid_token']]);
    const elsewhere = await call({ claims: { htu: `${origin}/tenants` } });
    assert.deepEqual([elsewhere.status, wordOf(elsewhere)], [401, ['DPoP', 'invalid_dpop_proof']]);
    const stolen = await (await newKey()).prove('GET', `${origin}/subscriptions`, { ath });
    assert.equal((await send({ authorization: `DPoP ${token}`, dpop: stolen })).status, 401, 'of another key');
    const claims = { jti: randomUUID() };
    const answers = await Promise.all(Array.from({ length: 4 }, () => call({ claims })));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [known, 401, 401, 401]);

    const demanding = await program({ dpopBoundAccessTokens: true, requireDpopNonces: true }, 'resourceManager');
    const asked = await demanding.call();
    assert.deepEqual([asked.status, wordOf(asked)], [401, ['DPoP', 'use_dpop_nonce']]);
    const nonce = String(asked.headers['dpop-nonce']);
    assert.equal((await demanding.call({ claims: { nonce } })).status, known);
  });

  test('RFC 9449 9: a client whose proofs must have a nonce is told it, and no other nonce counts', async () => {
    const { call } = await program({ dpopBoundAccessTokens: true, requireDpopNonces: true });
    const asked = await call();
    assert.deepEqual([asked.status, wordOf(asked)], [401, ['DPoP', 'use_dpop_nonce']]);
    const nonce = String(asked.headers['dpop-nonce']);
    assert.equal((await call({ claims: { nonce: `${nonce}x` } })).status, 401);
    assert.equal((await call({ claims: { nonce } })).status, known);
  });

  test('RFC 9449 7.1: a token that is bound to no key is none with the scheme DPoP', async () => {
    const { hub, key, send } = await program();
    const client = await hub.client({});
    const { json } = await hub.fetch(hub.path('token'), {
      form: {
        grant_type: 'client_credentials',
        client_id: client.appId,
        client_secret: client.secret,
        scope: 'https://graph.microsoft.com/.default',
      },
    });
    const token = String(json['access_token']);
    assert.equal((await send({ authorization: `Bearer ${token}` })).status, known);
    const dpop = await key.prove('GET', `${origin}/v1.0/users`, { ath: hash('sha256', token, 'base64url') });
    assert.equal((await send({ authorization: `DPoP ${token}`, dpop })).status, 401);
  });
});
