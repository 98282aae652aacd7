import assert from 'node:assert/strict';
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { createFederatedCredential, getApplication } from '../../../src/applications/index.ts';
import { makeCertificate } from '../../applications/certificate.ts';
import { onEachDatabase } from '../../databases.ts';
import { apiName, decode, origin, type TestClient, TestHub } from './test-hub.ts';

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);
const now = () => Math.floor(Date.now() / 1000);
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const thumbprint = (hash: string, der: Buffer) => createHash(hash).update(der).digest('base64url');

onEachDatabase((database) => {
  async function certified(wanted: Parameters<typeof makeCertificate>[0] = {}) {
    const hub = new TestHub(database);
    await hub.begin();
    await hub.api();
    const { der, pem } = await makeCertificate({ notBefore: inDays(-2), notAfter: inDays(300), ...wanted });
    const client = await hub.client({ keyCredentials: [{ key: der.toString('base64') }] as never });
    const assert = { iss: client.appId, sub: client.appId, aud: origin + hub.path('token') };
    const claims = (changed: JWTPayload = {}) => ({ ...assert, jti: randomUUID(), exp: now() + 300, ...changed });
    return { hub, client, der, pem, claims };
  }

  const ask = (hub: TestHub, { appId }: TestClient, assertion: string) =>
    hub.fetch(hub.path('token'), {
      form: {
        grant_type: 'client_credentials',
        resource: apiName,
        client_id: appId,
        client_assertion_type: assertionType,
        client_assertion: assertion,
      },
    });

  const sign = async (pem: string, header: { alg: string; [name: string]: unknown }, claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader(header).sign(createPrivateKey(pem));

  test('RFC 7523 3: clients sign with the key of a registered certificate, named in any of the usual ways', async () => {
    const { hub, client, der, pem, claims } = await certified();
    const sha1 = thumbprint('sha1', der);
    const hex = new X509Certificate(der).fingerprint.replaceAll(':', '');
    for (const header of [
      { alg: 'RS256', x5t: sha1 },
      { alg: 'RS256', kid: sha1 },
      { alg: 'RS256', kid: hex, x5t: sha1 },
      { alg: 'RS256', x5t: `${sha1}=` },
      { alg: 'PS256', 'x5t#S256': thumbprint('sha256', der), x5c: [der.toString('base64')] },
    ]) {
      const { status, text } = await ask(hub, client, await sign(pem, header, claims()));
      assert.equal(status, 200, `${JSON.stringify(header)}: ${text}`);
    }
    const elliptic = await certified({ curve: 'P-256' });
    const signed = await sign(elliptic.pem, { alg: 'ES256' }, elliptic.claims({ aud: elliptic.hub.issuer }));
    assert.equal((await ask(elliptic.hub, elliptic.client, signed)).status, 200);
  });

  test('Interop: MSAL for Python writes times with fractions', async () => {
    const { hub, client, pem, claims } = await certified();
    const times = { exp: now() + 300.5, iat: now() - 0.25, nbf: now() - 10.125 };
    assert.equal((await ask(hub, client, await sign(pem, { alg: 'RS256' }, claims(times)))).status, 200);
  });

  test('RFC 7523 3: an assertion that is not quite right proves nothing', async () => {
    const { hub, client, der, pem, claims } = await certified();
    const alien = await makeCertificate({ notBefore: inDays(-2), notAfter: inDays(300) });
    const other = await hub.client({});
    const good = { alg: 'RS256', x5t: thumbprint('sha1', der) };
    const { jti: _, ...withoutId } = claims();
    for (const [what, assertion] of [
      ['signed with another key', await sign(alien.pem, good, claims())],
      [
        'naming a certificate that is not registered',
        await sign(pem, { alg: 'RS256', x5t: thumbprint('sha1', alien.der) }, claims()),
      ],
      [
        'with the key in its own header',
        await sign(
          alien.pem,
          { alg: 'RS256', jwk: await exportJWK(new X509Certificate(alien.der).publicKey) },
          claims(),
        ),
      ],
      ['for somebody else', await sign(pem, good, claims({ aud: 'https://elsewhere.example/token' }))],
      ['for several', await sign(pem, good, claims({ aud: [hub.issuer, 'https://elsewhere.example/token'] }))],
      ['expired', await sign(pem, good, claims({ exp: now() - 60 }))],
      ['good for ten years', await sign(pem, good, claims({ exp: now() + 315_360_000 }))],
      ['without id', await sign(pem, good, withoutId)],
      ['of the future', await sign(pem, good, claims({ iat: now() + 3600, exp: now() + 7200 }))],
      ['not yet valid', await sign(pem, good, claims({ nbf: now() + 600 }))],
      ['about another client', await sign(pem, good, claims({ sub: other.appId }))],
      ['by another client', await sign(pem, good, claims({ iss: other.appId }))],
      ['with a foreign algorithm', await sign(pem, { ...good, alg: 'RS512' }, claims())],
      [
        'with an unknown extension',
        await new SignJWT(claims())
          .setProtectedHeader({ ...good, crit: ['exp'], exp: 1 } as never)
          .sign(createPrivateKey(pem), { crit: { exp: true } })
          .catch(() => 'x.y.z'),
      ],
      [
        'unsigned',
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.`,
      ],
      [
        'HS256 with the certificate as the secret',
        await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(der),
      ],
    ] as const) {
      const { status, json } = await ask(hub, client, assertion);
      assert.ok(status === 401 || status === 400, `${what}: ${status}`);
      assert.ok(['invalid_client', 'invalid_request'].includes(String(json['error'])), `${what}: ${json['error']}`);
    }
  });

  test('RFC 7523 3: an assertion counts once, however many send it at the same time', async () => {
    const { hub, client, pem, claims } = await certified();
    const assertion = await sign(pem, { alg: 'RS256' }, claims());
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(hub, client, assertion)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  });

  test('RFC 7523 3: a certificate counts until it expires', async () => {
    const { hub, client, pem, claims } = await certified({ notAfter: inDays(1) });
    assert.equal((await ask(hub, client, await sign(pem, { alg: 'RS256' }, claims()))).status, 200);
    hub.pass(2 * 86_400);
    assert.equal((await ask(hub, client, await sign(pem, { alg: 'RS256' }, claims()))).status, 401);
  });

  test('RFC 7521 4.2: a token that a trusted issuer made out to the client stands in for its secret', async () => {
    const { hub, client, issuer, subject, audience, token, calls } = await federated();
    for (let round = 0; round < 3; round++) {
      const { status, json, text } = await ask(hub, client, await token());
      assert.equal(status, 200, text);
      assert.equal(decode(json['access_token']).claims['sub'], client.appId);
    }
    assert.deepEqual(calls, [`${issuer}/.well-known/openid-configuration`, `${issuer}/keys`], 'keys are kept');
    for (const [what, claims] of [
      ['another subject', { sub: 'system:serviceaccount:other' }],
      ['another audience', { aud: 'api://other' }],
      ['several audiences', { aud: [audience, 'api://other'] }],
      ['the audience in other letters', { aud: audience.toUpperCase() }],
      ['an issuer with a slash', { iss: `${issuer}/` }],
      ['an unknown issuer', { iss: 'https://169.254.169.254' }],
      ['expired', { exp: now() - 600 }],
      ['of the future', { iat: now() + 3600, exp: now() + 7200 }],
      ['no end', { exp: undefined }],
    ] as const) {
      const { status, json } = await ask(hub, client, await token(claims));
      assert.deepEqual([status, json['error']], [401, 'invalid_client'], what);
    }
    const stranger = await federated();
    assert.equal((await ask(hub, client, await stranger.token({ sub: subject }))).status, 401, 'another key');
    assert.equal(calls.length, 2, 'nobody else is called, and the keys are not fetched for every unknown key');
  });

  test('RFC 7517 5: new keys of a foreign issuer are found, though not more often than every half minute', async () => {
    const { hub, client, rotate, token, calls } = await federated();
    assert.equal((await ask(hub, client, await token())).status, 200);
    await rotate();
    assert.equal((await ask(hub, client, await token())).status, 401);
    hub.pass(31);
    assert.equal((await ask(hub, client, await token())).status, 200);
    assert.equal(calls.length, 4);
  });

  test('bad-inputs 18: a clock that jumps an hour refuses tokens of a foreign issuer, and takes them when it is right again', async () => {
    const { hub, client, token } = await federated();
    const statuses: number[] = [];
    for (const seconds of [0, 3600, -3600, -3600, 3600]) {
      hub.pass(seconds);
      statuses.push((await ask(hub, client, await token())).status);
    }
    assert.deepEqual(statuses, [200, 401, 200, 401, 200]);
  });

  test('bad-inputs 18: a key set of a foreign issuer that is none, or does not say which key, proves nothing', async () => {
    for (const [what, change] of [
      ['two keys of one id', ({ keys: [key] }) => ({ keys: [key, { ...key, n: `${key?.n?.slice(0, -2)}AQ` }] })],
      ['no list', () => ({ keys: null })],
      ['a list of something else', () => ({ keys: ['key'] })],
      [
        'a key of another kind under its id',
        ({ keys: [key] }) => ({ keys: [{ kty: 'oct', k: 'AQAB', kid: key?.kid }] }),
      ],
      ['a key for encryption', ({ keys: [key] }) => ({ keys: [{ ...key, use: 'enc' }] })],
      ['a list without its members', () => []],
    ] satisfies [string, (keySet: { keys: JWK[] }) => unknown][]) {
      const { hub, client, issuer, token } = await federated();
      const { outbound } = hub;
      assert.equal((await ask(hub, client, await token())).status, 200);
      hub.pass(601);
      hub.outbound = async (url) => {
        const answer = await outbound(url);
        return String(url) === `${issuer}/keys` ? Response.json(change((await answer.json()) as never)) : answer;
      };
      const { status, json } = await ask(hub, client, await token());
      assert.deepEqual([status, json['error']], [401, 'invalid_client'], what);
      hub.outbound = outbound;
    }
  });

  async function federated() {
    const hub = new TestHub(database);
    await hub.begin();
    await hub.api();
    const client = await hub.client({});
    const issuer = 'https://cluster.example';
    const subject = 'system:serviceaccount:billing:worker';
    const audience = 'api://AzureADTokenExchange';
    await hub.storage.write(async (stores) => {
      const application = await getApplication(stores, hub.tenant.id, client.objectId);
      const input = { name: 'cluster', issuer, subject, audiences: [audience] };
      await createFederatedCredential(stores, hub.act(), application, input);
    });
    let key = await newKey();
    const calls: string[] = [];
    hub.outbound = async (url) => {
      calls.push(String(url));
      const answers: Record<string, object> = {
        [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/keys` },
        [`${issuer}/keys`]: { keys: [key.jwk] },
      };
      return Response.json(answers[String(url)]);
    };
    const token = (changed: JWTPayload | Record<string, unknown> = {}) =>
      new SignJWT({ iss: issuer, sub: subject, aud: audience, iat: now(), exp: now() + 1800, ...changed })
        .setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid })
        .sign(key.privateKey);
    const rotate = async () => {
      key = await newKey();
    };
    return { hub, client, issuer, subject, audience, token, calls, rotate };
  }
});

async function newKey() {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: randomUUID() } };
}
