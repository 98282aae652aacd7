import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import {
  accessTokenVerifier,
  issueAccessToken,
  issuerOf,
  type KeyRing,
  openKeyRing,
} from '../../src/issuance/index.ts';
import { signJwt } from '../../src/issuance/jws.ts';
import { openStorage } from '../../src/storage/index.ts';
import { openTestSqlite, type TestDatabase, testSealing } from '../databases.ts';
import { proofChecks } from './proof-checks.ts';
import { applicationToken, graph, later, now, tenantA, userToken } from './sample-tokens.ts';

const publicUrl = new URL('https://hub.example:8443');
const tenantB = '0b3c2f6a-8a51-4c51-9d2e-6b1f5a1c0b02';

let database: TestDatabase;
let keys: KeyRing;
before(async () => {
  database = await openTestSqlite();
  await database.engine.migrate();
  const hub = { kind: 'system', id: null, name: 'hub' } as const;
  keys = openKeyRing(
    openStorage(database.engine, testSealing),
    (tenantId) => ({ tenantId, actor: hub, now, correlationId: '', newId: () => crypto.randomUUID() }),
    () => now,
  );
});
after(async () => {
  await database.engine.close();
  await database.drop();
});

const audiences = new Set([graph, 'https://hub.example:8443/']);
const isHostOf = async (host: string, tenantId: string) => host === 'login.a.example' && tenantId === tenantA;
const verifierAt = (time: () => Date, ring = keys) =>
  accessTokenVerifier(ring, { publicUrl, audiences, isHostOf, proofs: proofChecks(), now: time });
const verifyAt = (token: string, time = now) => verifierAt(() => time)(token);

function parts(token: string): [Record<string, unknown>, Record<string, unknown>, string] {
  const [header = '', claims = '', signature = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return [read(header), read(claims), signature];
}

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token of tenant A with other claims, rightly signed. */
async function signedWith(change: Record<string, unknown>, typ = 'at+jwt'): Promise<string> {
  const [, claims] = parts(await issueAccessToken(keys, publicUrl, userToken));
  return signJwt(await keys.signer(tenantA), typ, { ...claims, ...change });
}

/** A token of tenant A with header and claims as given, rightly signed by its key. */
async function signedText(header: unknown, claims: unknown): Promise<string> {
  const signer = await keys.signer(tenantA);
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${Buffer.from(await signer.sign(Buffer.from(input))).toString('base64url')}`;
}

test('RFC 9068 2.2: a token says of a user what Entra tokens say', async () => {
  const [header, claims] = parts(await issueAccessToken(keys, publicUrl, userToken));
  const { keyId } = await keys.signer(tenantA);
  assert.deepEqual(header, { alg: 'RS256', typ: 'at+jwt', kid: keyId });
  assert.deepEqual(claims, {
    aud: graph,
    iss: `https://hub.example:8443/${tenantA}/v2.0`,
    iat: now.getTime() / 1000,
    nbf: now.getTime() / 1000,
    exp: now.getTime() / 1000 + 3600,
    appid: userToken.clientId,
    azp: userToken.clientId,
    client_id: userToken.clientId,
    idtyp: 'user',
    oid: userToken.subject.id,
    sub: userToken.subject.id,
    tid: tenantA,
    name: 'Marge Simpson',
    preferred_username: 'marge@jogcloud.com',
    scp: 'User.Read Group.Read.All',
    wids: userToken.directoryRoleIds,
    jti: 'jti-1',
    ver: '2.0',
  });
});

test('a token of a user or an application says after verification what it was issued with, with both algorithms', async () => {
  for (const algorithm of ['RS256', 'ES256'] as const) {
    for (const token of [userToken, applicationToken]) {
      assert.deepEqual(await verifyAt(await issueAccessToken(keys, publicUrl, token, algorithm)), token);
    }
  }
});

test('Interop: a token that was asked for at the first version of the endpoints, or below /adfs, is one of ours', async () => {
  for (const iss of [
    `${publicUrl.origin}/${tenantA}/`,
    `${publicUrl.origin}/adfs`,
    `https://login.a.example/${tenantA}/`,
  ]) {
    assert.equal((await verifyAt(await signedWith({ iss }))).tenantId, tenantA, iss);
  }
  for (const iss of [`${publicUrl.origin}/${tenantA}`, `${publicUrl.origin}/other/`, 'https://evil.example/adfs']) {
    await assert.rejects(verifyAt(await signedWith({ iss })), { code: 'issuance.token_issuer' }, iss);
  }
});

test('RFC 7519 4.1.4, 4.1.5: a token is valid between its times, give or take a minute', async () => {
  const token = await issueAccessToken(keys, publicUrl, userToken);
  for (const seconds of [-60, 0, 3600, 3659]) await verifyAt(token, later(seconds));
  await assert.rejects(verifyAt(token, later(3660)), { code: 'issuance.token_expired' });
  await assert.rejects(verifyAt(token, later(-61)), { code: 'issuance.token_not_yet_valid' });
  const futureIssue = await signedWith({ iat: later(61).getTime() / 1000 });
  await assert.rejects(verifyAt(futureIssue), { code: 'issuance.token_not_yet_valid' });
});

test('a token that was found valid is refused when it expires and when its key is no longer published', async () => {
  let time = now;
  let isPublished = true;
  const ring: KeyRing = { ...keys, find: async (tenant, id) => (isPublished ? keys.find(tenant, id) : undefined) };
  const verify = verifierAt(() => time, ring);
  const token = await issueAccessToken(keys, publicUrl, userToken);
  assert.deepEqual(await verify(token), userToken);
  assert.deepEqual(await verify(token), userToken);
  isPublished = false;
  await assert.rejects(verify(token), { code: 'issuance.token_key_unknown' });
  isPublished = true;
  time = later(3661);
  await assert.rejects(verify(token), { code: 'issuance.token_expired' });
});

describe('a token is refused', () => {
  /** What is wrong with the token, the refusal, and the token. */
  const refused: [string, string, () => string | Promise<string>][] = [
    ['that is empty', 'malformed', () => ''],
    ['of five parts (a JWE)', 'malformed', () => 'a.b.c.d.e'],
    ['without a signature part', 'malformed', async () => (await signedWith({})).replace(/[^.]+$/, '')],
    ['in JSON serialization', 'malformed', () => '{"payload":"e30","signatures":[]}'],
    ['that is longer than 16 KB', 'malformed', () => signedWith({ name: 'x'.repeat(20_000) })],
    ['with padding', 'malformed', async () => `${await signedWith({})}==`],
    ['that is not base64url', 'malformed', async () => (await signedWith({})).replace(/^./, '!')],
    ['whose claims are no object', 'malformed', async () => signedText((await headerOf()) as object, ['a'])],
    ['whose claims are no JSON', 'malformed', async () => signedText(await headerOf(), '{"aud":')],
    [
      'RFC 7515 4: that names a header parameter twice',
      'malformed',
      async () => signedText(JSON.stringify(await headerOf()).replace('{', '{"alg":"none",'), '{}'),
    ],
    [
      'RFC 7519 4: that names a claim twice',
      'malformed',
      async () => signedText(await headerOf(), JSON.stringify(await claimsOf()).replace('{', `{"tid":"${tenantB}",`)),
    ],
    ['whose exp is text', 'malformed', () => signedWith({ exp: '9999999999' })],
    ['whose exp is enormous', 'malformed', async () => signedText(await headerOf(), await claimText('exp', '1e308'))],
    ['whose exp is no whole number', 'malformed', () => signedWith({ exp: 4102444800.5 })],
    ['whose exp is infinite', 'malformed', async () => signedText(await headerOf(), await claimText('exp', '1e999'))],
    ['without exp', 'malformed', () => signedWith({ exp: undefined })],
    ['without nbf', 'malformed', () => signedWith({ nbf: undefined })],
    ['whose aud is a list', 'malformed', () => signedWith({ aud: [graph] })],
    ['whose roles are text', 'malformed', () => signedWith({ roles: 'User.Read.All' })],
    ['RFC 9449 7.1: that is bound to a key', 'bound', () => signedWith({ cnf: { jkt: 'A'.repeat(43) } })],
    ['whose tid is missing', 'malformed', () => signedWith({ tid: undefined })],

    ...['none', 'None', 'nOnE'].map((alg): [string, string, () => Promise<string>] => [
      `RFC 8725 3.1: with alg ${alg} and no signature`,
      'malformed',
      async () => `${encode({ ...(await headerOf()), alg })}.${encode(await claimsOf())}.`,
    ]),
    [
      'RFC 8725 3.1: with alg none and a signature',
      'signature',
      async () => signedText({ ...(await headerOf()), alg: 'none' }, await claimsOf()),
    ],
    ...['', '\n'].map((end): [string, string, () => Promise<string>] => [
      `RFC 8725 2.1: signed by HS256 with the public key as the secret${end && ' and a newline'}`,
      'signature',
      async () => {
        const input = `${encode({ ...(await headerOf()), alg: 'HS256' })}.${encode(await claimsOf())}`;
        const found = await keys.find(tenantA, String((await headerOf())['kid']));
        const secret = String(found?.publicKey.export({ format: 'pem', type: 'spki' })).trimEnd() + end;
        return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
      },
    ]),
    [
      'RFC 8725 3.1: whose alg is not that of its key',
      'signature',
      async () => signedText({ ...(await headerOf()), alg: 'ES256' }, await claimsOf()),
    ],
    ['whose signature is of other claims', 'signature', () => tampered({ oid: 'someone-else' })],
    [
      'by ES256 with R and S of zero',
      'signature',
      async () => {
        const [header, claims] = parts(await issueAccessToken(keys, publicUrl, userToken, 'ES256'));
        return `${encode(header)}.${encode(claims)}.${Buffer.alloc(64).toString('base64url')}`;
      },
    ],
    [
      'by ES256 whose signature is DER',
      'signature',
      async () => {
        const token = await issueAccessToken(keys, publicUrl, userToken, 'ES256');
        return token.replace(/[^.]+$/, Buffer.from('300602010102010100', 'hex').toString('base64url'));
      },
    ],

    ...[
      { jwk: foreign().jwk },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/certificate' },
      { x5c: ['MII'] },
      { crit: ['exp'], exp: 1 },
      { b64: false, crit: ['b64'] },
      { zip: 'DEF' },
      { cty: 'JWT' },
    ].map((more): [string, string, () => Promise<string>] => [
      `RFC 8725 3.10: with ${Object.keys(more).join(' and ')} in its header`,
      'type',
      async () => signedText({ ...(await headerOf()), ...more }, await claimsOf()),
    ]),
    ...['JWT', 'jwt', 'AT+JWT', 'logout+jwt', 'id_token', '', undefined, 1].map(
      (typ): [string, string, () => Promise<string>] => [
        `RFC 9068 4: whose typ is ${typ}`,
        'type',
        async () => signedText({ ...(await headerOf()), typ }, await claimsOf()),
      ],
    ),
    ['of an unknown idtyp', 'type', () => signedWith({ idtyp: 'device' })],

    ...[
      '../../../../etc/passwd',
      "' or 1=1 --",
      'x'.repeat(10_000),
      '\u{1f511}',
      'A'.repeat(43),
      '',
      null,
      ['a'],
      undefined,
    ].map((kid): [string, string, () => Promise<string>] => [
      `whose kid is ${String(kid).slice(0, 30)}`,
      'key_unknown',
      async () => signedText({ ...(await headerOf()), kid }, await claimsOf()),
    ]),
    ['whose tid is no GUID', 'key_unknown', () => signedWith({ tid: 'contoso' })],
    ['whose tid is a GUID in capitals', 'key_unknown', () => signedWith({ tid: tenantA.toUpperCase() })],
    ['of a tenant that does not exist', 'key_unknown', () => signedWith({ tid: crypto.randomUUID() })],
    [
      'signed by a foreign key under a kid of its own',
      'key_unknown',
      async () => {
        const { privateKey } = foreign();
        const input = `${encode({ ...(await headerOf()), kid: 'B'.repeat(43) })}.${encode(await claimsOf())}`;
        return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
      },
    ],
    [
      'signed by a foreign key under our kid',
      'signature',
      async () => {
        const input = `${encode(await headerOf())}.${encode(await claimsOf())}`;
        return `${input}.${sign('sha256', Buffer.from(input), foreign().privateKey).toString('base64url')}`;
      },
    ],

    [
      'of tenant A that names tenant B, which has keys',
      'key_unknown',
      async () => {
        await keys.signer(tenantB);
        return signedWith({ tid: tenantB, iss: issuerOf(publicUrl, tenantB) });
      },
    ],
    ['whose issuer is of tenant B', 'issuer', () => signedWith({ iss: issuerOf(publicUrl, tenantB) })],
    ['whose issuer is the template', 'issuer', () => signedWith({ iss: issuerOf(publicUrl, '{tenantid}') })],
    ['whose issuer is common', 'issuer', () => signedWith({ iss: issuerOf(publicUrl, 'common') })],
    ['whose issuer ends in a slash', 'issuer', () => signedWith({ iss: `${issuerOf(publicUrl, tenantA)}/` })],
    [
      'whose issuer is another host',
      'issuer',
      () => signedWith({ iss: issuerOf(new URL('https://hub.example'), tenantA) }),
    ],
    [
      'whose issuer is at the host of tenant A without its path',
      'issuer',
      () => signedWith({ iss: 'https://login.a.example/' }),
    ],
    [
      'of tenant B at the host of tenant A',
      'issuer',
      async () => {
        const b = await keys.signer(tenantB);
        const claims = {
          ...(await claimsOf()),
          tid: tenantB,
          iss: issuerOf(new URL('https://login.a.example'), tenantB),
        };
        return signJwt(b, 'at+jwt', claims);
      },
    ],
    ['without an issuer', 'issuer', () => signedWith({ iss: undefined })],
    ['for another audience', 'audience', () => signedWith({ aud: 'https://management.azure.com/' })],
    ['for the client itself (an ID token)', 'audience', () => signedWith({ aud: userToken.clientId })],
    ['whose audience lacks the slash', 'audience', () => signedWith({ aud: 'https://hub.example:8443' })],
  ];
  test('at a host of the tenant its tokens are issued as well', async () => {
    const iss = issuerOf(new URL('https://login.a.example'), tenantA);
    assert.equal((await verifyAt(await signedWith({ iss }))).tenantId, tenantA);
  });
  for (const [what, code, make] of refused) {
    test(what, async () => {
      await assert.rejects(verifyAt(await make()), { code: `issuance.token_${code}`, status: 401 });
    });
  }

  test('when it is a token inside a token', async () => {
    const inner = await signedWith({});
    await assert.rejects(verifyAt(await signedText({ ...(await headerOf()), cty: 'JWT' }, inner)), {
      code: 'issuance.token_malformed',
    });
  });

  test('whatever it is, by a refusal and nothing else', async () => {
    const token = await signedWith({});
    const damaged = fc.tuple(fc.nat(token.length - 1), fc.string({ unit: 'binary', maxLength: 3 }));
    await fc.assert(
      fc.asyncProperty(damaged, async ([at, text]) => {
        const other = token.slice(0, at) + text + token.slice(at + 1);
        if (other !== token) await assert.rejects(verifyAt(other), { name: 'Refusal', status: 401 });
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), (text) => assert.rejects(verifyAt(text), { name: 'Refusal' })),
    );
  });
});

test('a user has no app-only permissions by scope, and an application none by delegation', async () => {
  const user = await verifyAt(await signedWith({ idtyp: 'user', scp: '' }));
  assert.deepEqual(user.scopes, []);
  const application = await verifyAt(await signedWith({ idtyp: 'app', scp: 'User.ReadWrite.All' }));
  assert.deepEqual([application.subject.kind, application.scopes], ['application', []]);
});

async function headerOf(): Promise<Record<string, unknown>> {
  return parts(await issueAccessToken(keys, publicUrl, userToken))[0];
}

async function claimsOf(): Promise<Record<string, unknown>> {
  return parts(await issueAccessToken(keys, publicUrl, userToken))[1];
}

/** The claims as text, one of them in a spelling of its own. */
async function claimText(name: string, value: string): Promise<string> {
  return JSON.stringify({ ...(await claimsOf()), [name]: 0 }).replace(`"${name}":0`, `"${name}":${value}`);
}

async function tampered(change: Record<string, unknown>): Promise<string> {
  const [header, claims, signature] = parts(await issueAccessToken(keys, publicUrl, userToken));
  return `${encode(header)}.${encode({ ...claims, ...change })}.${signature}`;
}

function foreign() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, jwk: createPublicKey(privateKey).export({ format: 'jwk' }) };
}
