// Signatures that are nearly right, of keys that clients have registered (RFC 7515 5.2, RFC 7518 3).
import assert from 'node:assert/strict';
import { constants, createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { apiName, origin, TestHub } from './test-hub.ts';

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const numberOf = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const bytesOf = (value: bigint, length: number) =>
  Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex').subarray(-length);

/** Order of the group of P-256 (FIPS 186-5, SP 800-186 3.2.1.3). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** What stands before a SHA-256 in the block that RSA signs (RFC 8017 9.2, note 1). */
const digestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex');

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let factor = base, left = exponent; left > 0n; left >>= 1n, factor = (factor * factor) % modulus) {
    if (left & 1n) result = (result * factor) % modulus;
  }
  return result;
}

const elliptic = { dsaEncoding: 'ieee-p1363' } as const;

onEachDatabase((database) => {
  async function keyed(publicKey: KeyObject, alg: string) {
    const hub = await new TestHub(database).begin();
    await hub.api();
    const jwk = { ...(publicKey.export({ format: 'jwk' }) as { kty: string }), kid: 'own', alg, use: 'sig' };
    const client = await hub.client({ oauthClient: { jwks: { keys: [jwk] } } });
    const aud = origin + hub.path('token');
    const input = (header: object = {}) => {
      const exp = Math.floor(Date.now() / 1000) + 300;
      const claims = { iss: client.appId, sub: client.appId, aud, jti: randomUUID(), exp };
      return `${encode({ alg, kid: 'own', ...header })}.${encode(claims)}`;
    };
    const present = async (signed: string, signature: Uint8Array) => {
      const { status } = await hub.fetch(hub.path('token'), {
        form: {
          grant_type: 'client_credentials',
          resource: apiName,
          client_id: client.appId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: `${signed}.${Buffer.from(signature).toString('base64url')}`,
        },
      });
      return status;
    };
    return { input, present };
  }

  test('bad-inputs 14: an ECDSA signature is two numbers of 32 bytes, within their range', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { input, present } = await keyed(publicKey, 'ES256');
    const signed = () => {
      const text = input();
      const signature = sign('sha256', Buffer.from(text), { key: privateKey, ...elliptic });
      return { text, r: signature.subarray(0, 32), s: signature.subarray(32), signature };
    };
    const good = signed();
    assert.equal(await present(good.text, good.signature), 200);
    const zero = Buffer.alloc(32);
    const n = bytesOf(order, 32);
    type Signed = ReturnType<typeof signed>;
    const hostile: Record<string, (given: Signed) => Uint8Array> = {
      nothing: () => Buffer.alloc(0),
      'R and S of zero': () => Buffer.alloc(64),
      'R of zero': ({ s }) => Buffer.concat([zero, s]),
      'S of zero': ({ r }) => Buffer.concat([r, zero]),
      'R and S of the order': () => Buffer.concat([n, n]),
      'R of the order': ({ s }) => Buffer.concat([n, s]),
      'all ones': () => Buffer.alloc(64, 0xff),
      'one and one': () => Buffer.concat([bytesOf(1n, 32), bytesOf(1n, 32)]),
      'S in place of R': ({ r, s }) => Buffer.concat([s, r]),
      'a zero before each': ({ r, s }) => Buffer.concat([Buffer.alloc(1), r, Buffer.alloc(1), s]),
      'a byte too many': ({ signature }) => Buffer.concat([signature, Buffer.alloc(1)]),
      'a byte too few': ({ signature }) => signature.subarray(0, 63),
      'one bit changed': ({ signature }) => signature.map((byte, index) => (index === 40 ? byte ^ 1 : byte)),
      'in DER': ({ text }) => sign('sha256', Buffer.from(text), privateKey),
      'of another digest': ({ text }) => sign('sha384', Buffer.from(text), { key: privateKey, ...elliptic }),
      'of another curve': ({ text }) =>
        sign('sha256', Buffer.from(text), {
          key: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
          ...elliptic,
        }),
      'of a curve that nobody uses here': ({ text }) =>
        sign('sha256', Buffer.from(text), {
          key: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey,
          ...elliptic,
        }),
    };
    for (const [what, change] of Object.entries(hostile)) {
      const given = signed();
      assert.equal(await present(given.text, change(given)), 401, what);
    }
    const other = input({ alg: 'ES384' });
    assert.equal(await present(other, sign('sha384', Buffer.from(other), { key: privateKey, ...elliptic })), 401);
  });

  test('bad-inputs 14: the other S of an ECDSA signature makes no second assertion', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { input, present } = await keyed(publicKey, 'ES256');
    const text = input();
    const signature = sign('sha256', Buffer.from(text), { key: privateKey, ...elliptic });
    const otherS = bytesOf(order - numberOf(signature.subarray(32)), 32);
    assert.equal(await present(text, signature), 200);
    assert.equal(await present(text, Buffer.concat([signature.subarray(0, 32), otherS])), 401);
  });

  test('bad-inputs 14: an RSA signature has the length of the key, its padding and its digest', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { input, present } = await keyed(publicKey, 'RS256');
    const rightly = (text: string) => sign('sha256', Buffer.from(text), privateKey);
    const modulus = numberOf(Buffer.from(String(publicKey.export({ format: 'jwk' }).n), 'base64url'));
    const good = input();
    assert.equal(await present(good, rightly(good)), 200);
    /** An RSA operation without any check, to build what no library signs. */
    const raw = (block: Buffer) => {
      const exponent = numberOf(Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url'));
      return bytesOf(power(numberOf(block), exponent, modulus), 256);
    };
    const block = (text: string, padding: number, after: Buffer) => {
      const digest = createHash('sha256').update(text).digest();
      return Buffer.concat([
        Buffer.from([0, 1]),
        Buffer.alloc(padding, 0xff),
        Buffer.alloc(1),
        digestInfo,
        digest,
        after,
      ]);
    };
    const whole = 256 - 3 - digestInfo.length - 32;
    const built = input();
    assert.equal(await present(built, raw(block(built, whole, Buffer.alloc(0)))), 200, 'the block is built rightly');
    const hostile: Record<string, (text: string) => Uint8Array> = {
      nothing: () => Buffer.alloc(0),
      zero: () => Buffer.alloc(256),
      one: () => bytesOf(1n, 256),
      'the modulus': () => bytesOf(modulus, 256),
      'a zero in front': (text) => Buffer.concat([Buffer.alloc(1), rightly(text)]),
      'a byte too many': (text) => Buffer.concat([rightly(text), Buffer.alloc(1)]),
      'a byte too few': (text) => rightly(text).subarray(0, 255),
      'the modulus added': (text) => bytesOf(numberOf(rightly(text)) + modulus, 257),
      'another digest': (text) => sign('sha512', Buffer.from(text), privateKey),
      'the padding of PS256': (text) =>
        sign('sha256', Buffer.from(text), {
          key: privateKey,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: 32,
        }),
      'text after the digest (Bleichenbacher 2006)': (text) => raw(block(text, 8, Buffer.alloc(whole - 8, 0x41))),
      'another key': (text) =>
        sign('sha256', Buffer.from(text), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    };
    for (const [what, change] of Object.entries(hostile)) {
      const text = input();
      assert.equal(await present(text, change(text)), 401, what);
    }
    const padded = input({ alg: 'PS256' });
    assert.equal(await present(padded, rightly(padded)), 401, 'PS256 with the padding of RS256');
  });

  test('bad-inputs 14: keys that are too weak for their algorithm prove nothing (RFC 7518 3.3)', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const { input, present } = await keyed(publicKey, 'RS256');
    const text = input();
    assert.equal(await present(text, sign('sha256', Buffer.from(text), privateKey)), 401);
  });
});
