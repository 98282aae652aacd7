import assert from 'node:assert/strict';
import { constants, publicEncrypt, verify, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import type { Act } from '../../src/audit/index.ts';
import {
  type KeyRing,
  makeSigningKey,
  openKeyRing,
  replaceSigningKeys,
  rotateDueKeys,
  rotateSigningKey,
} from '../../src/issuance/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';

const day = 86_400_000;
const hub = { kind: 'system', id: null, name: 'hub' } as const;

/** A hub with two processes whose clock the test sets. */
function twoProcesses({ storage }: OpenedDatabase, tenantId: string) {
  const clock = { time: Date.UTC(2026, 0, 1) };
  const now = () => new Date(clock.time);
  const act = (): Act => ({
    tenantId,
    actor: hub,
    now: now(),
    correlationId: 'test',
    newId: () => crypto.randomUUID(),
  });
  const ring = () => openKeyRing(storage, act, now);
  return {
    act,
    clock,
    rings: [ring(), ring()] as [KeyRing, KeyRing],
    wait: (milliseconds: number) => {
      clock.time += milliseconds;
    },
    rotateDue: () => rotateDueKeys(storage, act(), new AbortController().signal),
  };
}

async function published(ring: KeyRing, tenantId: string): Promise<string[]> {
  return (await ring.jwks(tenantId)).keys.map((key) => key.kid);
}

onEachDatabase((database) => {
  const { storage } = database;

  test('the first key of a tenant is made once, however many processes need it at the same time', async () => {
    const tenantId = crypto.randomUUID();
    const { rings } = twoProcesses(database, tenantId);
    const signers = await Promise.all([...rings, ...rings].map((ring) => ring.signer(tenantId)));
    assert.equal(new Set(signers.map((signer) => signer.keyId)).size, 1);
    assert.equal((await storage.read.signingKeys.list(tenantId)).length, 1);
    const events = await storage.read.audit.list(tenantId, { verb: 'signing_key.create' }, 10);
    assert.equal(events.length, 1);
  });

  test('RFC 7517 4: a published key verifies what was signed, with its thumbprints and certificate', async () => {
    const tenantId = crypto.randomUUID();
    const [ring] = twoProcesses(database, tenantId).rings;
    for (const algorithm of ['RS256', 'ES256'] as const) {
      const signer = await ring.signer(tenantId, algorithm);
      const signature = await signer.sign(Buffer.from('data'));
      const jwk = (await ring.jwks(tenantId)).keys.find((key) => key.kid === signer.keyId);
      assert.ok(jwk);
      const key = { key: jwk, format: 'jwk', dsaEncoding: 'ieee-p1363' } as const;
      assert.ok(verify('sha256', Buffer.from('data'), key, signature));
      assert.deepEqual([jwk.use, jwk.alg], ['sig', algorithm]);
      const certificate = new X509Certificate(Buffer.from(jwk.x5c[0], 'base64'));
      assert.ok(certificate.verify(certificate.publicKey));
      assert.ok(
        verify('sha256', Buffer.from('data'), { ...key, key: certificate.publicKey, format: 'der' }, signature),
      );
      const sha1 = Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex');
      assert.equal(jwk.x5t, sha1.toString('base64url'));
      assert.equal(signer.certificate, certificate.toString().trimEnd());
    }
  });

  test('a rotated key is published before it signs, and the one before it until its tokens have expired', async () => {
    const tenantId = crypto.randomUUID();
    const { rings, wait, rotateDue } = twoProcesses(database, tenantId);
    const [ring, other] = rings;
    const first = (await ring.signer(tenantId)).keyId;
    wait(87 * day);
    await rotateDue();
    assert.deepEqual(await published(other, tenantId), [first], 'it is not due yet');

    wait(day);
    await rotateDue();
    await rotateDue();
    const [, second = ''] = await published(other, tenantId);
    assert.deepEqual(await published(ring, tenantId), [first, second]);
    assert.equal((await other.signer(tenantId)).keyId, first);

    wait(2 * day);
    for (const process of rings) assert.equal((await process.signer(tenantId)).keyId, second);
    assert.deepEqual(await published(ring, tenantId), [first, second]);
    assert.ok(await ring.find(tenantId, first));

    wait(day + 3_600_000);
    assert.deepEqual(await published(ring, tenantId), [second]);
    assert.equal(await ring.find(tenantId, first), undefined);
    await rotateDue();
    assert.deepEqual(
      (await storage.read.signingKeys.list(tenantId)).map((key) => key.id),
      [second],
    );
  });

  test('RFC 7517 4.2: a key to which others encrypt is no signing key, and its private part decrypts', async () => {
    const tenantId = crypto.randomUUID();
    const [ring] = twoProcesses(database, tenantId).rings;
    assert.deepEqual(await ring.decrypters(tenantId), [], 'nobody was told of a key');
    const { publicKey: key, keyUsage } = new X509Certificate(await ring.encryptionCertificate(tenantId));
    assert.equal(keyUsage, undefined, 'no extended use');
    const [encrypting] = await storage.read.signingKeys.list(tenantId);
    assert.equal(encrypting?.algorithm, 'RSA-OAEP');
    assert.equal(await ring.find(tenantId, encrypting.id), undefined);
    assert.ok(!(await published(ring, tenantId)).includes(encrypting.id));
    const [decrypter] = await ring.decrypters(tenantId);
    for (const oaepHash of ['sha1', 'sha256'] as const) {
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const encrypted = publicEncrypt({ key, padding, oaepHash }, Buffer.from('content key'));
      assert.equal(String(await decrypter?.decrypt(oaepHash, encrypted)), 'content key');
    }
  });

  test('rotating twice at the same time publishes one next key', async () => {
    const tenantId = crypto.randomUUID();
    const { act, rings, wait } = twoProcesses(database, tenantId);
    await rings[0].signer(tenantId);
    wait(1000);
    const keys = await Promise.all(
      [1, 2].map(async () => {
        const made = await makeSigningKey('RS256', tenantId, act().now);
        return storage.write((stores) => rotateSigningKey(stores, act(), made));
      }),
    );
    assert.equal(keys[0]?.id, keys[1]?.id);
    assert.equal((await storage.read.signingKeys.list(tenantId)).length, 2);
  });

  test('a clock that is set back before the first key was made still finds a key to sign with', async () => {
    const tenantId = crypto.randomUUID();
    const { rings, wait } = twoProcesses(database, tenantId);
    const first = (await rings[0].signer(tenantId)).keyId;
    wait(-3_600_000);
    for (const ring of rings) assert.equal((await ring.signer(tenantId)).keyId, first);
  });

  test('replaced keys sign and verify nothing any more, in other processes as soon as they meet the new key', async () => {
    const tenantId = crypto.randomUUID();
    const { act, rings } = twoProcesses(database, tenantId);
    const [, other] = rings;
    const first = (await other.signer(tenantId)).keyId;
    const made = await makeSigningKey('RS256', tenantId, act().now);
    await storage.write((stores) => replaceSigningKeys(stores, act(), made));
    assert.ok(await other.find(tenantId, made.id), 'a key id that was never seen has the keys read again at once');
    assert.equal(await other.find(tenantId, first), undefined);
    assert.equal((await other.signer(tenantId)).keyId, made.id);
  });

  test('a storm of unknown key ids reads the keys again once in five seconds', async () => {
    const tenantId = crypto.randomUUID();
    const { act, rings, clock } = twoProcesses(database, tenantId);
    await rings[0].signer(tenantId);
    let reads = 0;
    const counted: Parameters<typeof openKeyRing>[0] = {
      read: {
        signingKeys: {
          ...storage.read.signingKeys,
          list: (tenant) => {
            reads++;
            return storage.read.signingKeys.list(tenant);
          },
        },
      },
      write: (work) => storage.write(work),
    };
    const ring = openKeyRing(counted, act, () => new Date(clock.time));
    for (let count = 0; count < 100; count++) assert.equal(await ring.find(tenantId, `unknown-${count}`), undefined);
    assert.equal(reads, 2, 'once to begin with, and once for the first unknown id');
    clock.time += 5_000;
    for (let count = 0; count < 100; count++) assert.equal(await ring.find(tenantId, `unknown-${count}`), undefined);
    assert.equal(reads, 3);
  });
});
