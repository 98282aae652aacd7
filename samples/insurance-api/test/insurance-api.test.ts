import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { callerIdentifier } from '../src/callers.ts';
import { insuranceApi } from '../src/insurance-api.ts';
import { Policies } from '../src/policies.ts';

const audience = '11111111-2222-3333-4444-555555555555';
const now = new Date('2026-01-02T03:04:05Z');
const { publicKey, privateKey } = await generateKeyPair('RS256');
const stranger = await generateKeyPair('RS256');

/** A hub that publishes its metadata and one key. */
const hub = createServer(async (request, response) => {
  const key = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig' };
  const isMetadata = request.url?.endsWith('/.well-known/openid-configuration');
  if (!isHubUp) response.statusCode = 503;
  response.end(JSON.stringify(isMetadata ? { issuer: origin, jwks_uri: `${origin}/keys` } : { keys: [key] }));
});
let origin: string;
let isHubUp = true;
let api: FastifyInstance;
let policies: Policies;

before(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const address = hub.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
beforeEach(() => {
  isHubUp = true;
  policies = new Policies(':memory:');
  api = insuranceApi(callerIdentifier({ authority: origin, audience }), policies, () => now);
});
after(() => hub.close());

/** A token as the hub signs it, with these claims otherwise. */
function tokenWith(claims: Record<string, unknown> = {}, key = privateKey): Promise<string> {
  const whole = {
    iss: origin,
    aud: audience,
    sub: 'marge',
    emails: ['marge@example.com'],
    scp: 'Accounts.Read Accounts.Write',
    tfp: 'B2C_1_signupsignin1',
    exp: Math.floor(Date.now() / 1000) + 600,
    ...claims,
  };
  return new SignJWT(whole).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
}

async function ask(method: 'GET' | 'PUT', url: string, token?: string, body?: object) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await api.inject({ method, url, headers, ...(body && { payload: body }) });
  return {
    status: answer.statusCode,
    challenge: String(answer.headers['www-authenticate'] ?? ''),
    body: answer.json(),
  };
}

const withSecondFactor = { tfp: 'B2C_1_signupsignin1_mfa' };

test('anybody may read the plans', async () => {
  const { status, body } = await ask('GET', '/plans');
  assert.equal(status, 200);
  assert.equal(body.plans.length, 3);
});

test('a policy is made at the first look, and is the same at the next', async () => {
  const first = await ask('GET', '/policy', await tokenWith());
  assert.deepEqual(first.body, {
    number: 'CL-100001',
    plan: 'Contoso Life Family',
    sum: 250_000,
    holder: 'marge@example.com',
    since: '2026-01-02T03:04:05.000Z',
    beneficiary: null,
    beneficiaryChangedAt: null,
  });
  assert.deepEqual((await ask('GET', '/policy', await tokenWith())).body, first.body);
  assert.equal((await ask('GET', '/policy', await tokenWith({ sub: 'homer' }))).body.number, 'CL-100002');
});

test('the beneficiary is changed by who came through the flow with a second factor, in any case of its name', async () => {
  for (const flow of ['B2C_1_signupsignin1_mfa', 'b2c_1_signupsignin1_mfa']) {
    const { status, body } = await ask('PUT', '/policy/beneficiary', await tokenWith({ tfp: flow }), {
      name: ' Lisa ',
    });
    assert.deepEqual([status, body.beneficiary], [200, 'Lisa']);
  }
  const legacy = await tokenWith({ tfp: undefined, acr: 'b2c_1_signupsignin1_mfa' });
  assert.equal((await ask('PUT', '/policy/beneficiary', legacy, { name: 'Bart' })).status, 200);
});

test('RFC 9470 3: without a second factor the client is told which flow to use', async () => {
  const { status, challenge } = await ask('PUT', '/policy/beneficiary', await tokenWith(), { name: 'Lisa' });
  assert.equal(status, 401);
  assert.match(challenge, /error="insufficient_user_authentication"/);
  assert.match(challenge, /acr_values="B2C_1_signupsignin1_mfa"/);
});

test('RFC 6750 3.1: a token without the scope is refused with the scope that is needed', async () => {
  const { status, challenge } = await ask('GET', '/policy', await tokenWith({ scp: 'Accounts.Write' }));
  assert.equal(status, 403);
  assert.match(challenge, /error="insufficient_scope".*scope="Accounts\.Read"/);
  const reader = await tokenWith({ scp: 'Accounts.Read', ...withSecondFactor });
  assert.equal((await ask('PUT', '/policy/beneficiary', reader, { name: 'Lisa' })).status, 403);
});

test('RFC 6750 3.1: without a token the challenge names no error', async () => {
  const { status, challenge } = await ask('GET', '/policy');
  assert.deepEqual([status, challenge], [401, 'Bearer realm="insurance"']);
});

test('tokens that the hub did not sign for this API are refused', async () => {
  const past = Math.floor(Date.now() / 1000) - 600;
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await tokenWith()).split('.')[1]}.`;
  const tokens = {
    expired: await tokenWith({ exp: past }),
    'of another issuer': await tokenWith({ iss: 'https://other.example' }),
    'for another API': await tokenWith({ aud: 'other' }),
    'with a list of audiences that lacks this one': await tokenWith({ aud: ['other'] }),
    'without an end': await tokenWith({ exp: undefined }),
    'without a subject': await tokenWith({ sub: undefined }),
    'signed by a stranger': await tokenWith({}, stranger.privateKey),
    unsigned,
    garbage: 'garbage',
  };
  for (const [kind, token] of Object.entries(tokens)) {
    const { status, challenge } = await ask('GET', '/policy', token);
    assert.equal(status, 401, kind);
    assert.match(challenge, /error="invalid_token"/, kind);
  }
});

test('a name that is none is refused', async () => {
  const token = await tokenWith(withSecondFactor);
  for (const body of [{}, { name: '' }, { name: ' ' }, { name: 7 }, { name: 'a\nb' }, { name: 'a'.repeat(101) }]) {
    assert.equal((await ask('PUT', '/policy/beneficiary', token, body)).status, 400, JSON.stringify(body));
  }
});

test('while the hub does not answer the client is asked to come again, and then it works', async () => {
  isHubUp = false;
  assert.equal((await ask('GET', '/policy', await tokenWith())).status, 503);
  isHubUp = true;
  assert.equal((await ask('GET', '/policy', await tokenWith())).status, 200);
});

test('addresses that there are not are 404', async () => {
  assert.equal((await ask('GET', '/policies')).status, 404);
});
