import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AlreadyRedeemedError,
  type Redeemable,
  type RedeemableKind,
  removeExpiredRedeemables,
} from '../../issuance/index.ts';
import type { OpenedDatabase } from './database.ts';

const now = new Date('2026-03-01T10:00:00Z');
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

function thing(kind: RedeemableKind, digest: string, more: Partial<Redeemable> = {}): Redeemable {
  return {
    kind,
    digest,
    familyDigest: null,
    aliasDigest: null,
    content: { clientId: 'client' },
    expiresAt: inMinutes(10),
    redeemedAt: null,
    ...more,
  };
}

/** What the stores of redeemable things and of used ids must do. */
export function redeemableConformance({ storage }: OpenedDatabase): void {
  const save = (tenantId: string, ...things: Redeemable[]) =>
    storage.write(async ({ redeemables }) => {
      for (const each of things) await redeemables.save(tenantId, each);
    });
  const redeem = (tenantId: string, kind: RedeemableKind, digest: string) =>
    storage.write(({ redeemables }) => redeemables.redeem(tenantId, kind, digest, now));
  const find = (tenantId: string, kind: RedeemableKind, digest: string) =>
    storage.read.redeemables.find(tenantId, kind, digest);
  const findByAlias = (tenantId: string, kind: RedeemableKind) =>
    storage.read.redeemables.findByAlias(tenantId, kind, 'typed');

  test('what was handed out comes back as it was kept, by tenant, kind and digest', async () => {
    const kept = thing('authorizationCode', 'code', { content: { nested: { list: [1, 'two', null] } } });
    await save('a', kept);
    assert.deepEqual(await find('a', 'authorizationCode', 'code'), kept);
    assert.equal(await find('b', 'authorizationCode', 'code'), undefined, 'of another tenant');
    assert.equal(await find('a', 'refreshToken', 'code'), undefined, 'of another kind');
  });

  for (const kind of ['authorizationCode', 'refreshToken', 'deviceCode', 'pushedRequest'] as const) {
    test(`of 16 parallel redemptions of the same ${kind} exactly one succeeds`, async () => {
      await save('a', thing(kind, 'contested'));
      const results = await Promise.all(Array.from({ length: 16 }, () => redeem('a', kind, 'contested')));
      assert.equal(results.filter(Boolean).length, 1);
      assert.deepEqual((await find('a', kind, 'contested'))?.redeemedAt, now);
      assert.equal(await redeem('a', kind, 'contested'), false, 'and none afterwards');
    });
  }

  test('of 16 parallel exchanges exactly one succeeds, and of the others nothing is kept', async () => {
    const familyDigest = 'exchanging';
    await save('a', thing('grant', familyDigest, { familyDigest, expiresAt: inMinutes(5) }));
    const presented = thing('refreshToken', 'presented', { familyDigest });
    await save('a', presented);
    const next = (turn: number) =>
      ['refreshToken', 'accessToken'].map((kind) => {
        const expiresAt = inMinutes(kind === 'refreshToken' ? 90 : 20);
        return { kind: kind as RedeemableKind, digest: `next-${turn}`, content: { turn }, expiresAt };
      });
    const results = await Promise.allSettled(
      Array.from({ length: 16 }, (_, turn) =>
        storage.write(({ redeemables }) => redeemables.exchange('a', presented, now, next(turn))),
      ),
    );
    const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    assert.equal(refusals.length, 15);
    assert.ok(refusals.every((reason) => reason instanceof AlreadyRedeemedError));
    assert.deepEqual((await find('a', 'refreshToken', 'presented'))?.redeemedAt, now);
    const won = results.findIndex(({ status }) => status === 'fulfilled');
    for (const kind of ['refreshToken', 'accessToken'] as const) {
      const kept = await Promise.all(results.map((_, turn) => find('a', kind, `next-${turn}`)));
      assert.deepEqual(
        kept.flatMap((each, turn) => (each ? [turn] : [])),
        [won],
      );
      assert.deepEqual([kept[won]?.familyDigest, kept[won]?.content], [familyDigest, { turn: won }]);
    }
    assert.deepEqual((await find('a', 'grant', familyDigest))?.expiresAt, inMinutes(90), 'it lives as long');
  });

  test('nobody exchanges what is not there, or what another tenant has', async () => {
    const presented = thing('refreshToken', 'to exchange');
    await save('a', presented);
    const next = [{ kind: 'refreshToken', digest: 'never kept', content: {}, expiresAt: inMinutes(5) }] as const;
    for (const [tenantId, digest] of [
      ['b', 'to exchange'],
      ['a', 'unknown'],
    ] as const) {
      const exchanged = storage.write((stores) =>
        stores.redeemables.exchange(tenantId, { ...presented, digest }, now, next),
      );
      await assert.rejects(exchanged, AlreadyRedeemedError);
      assert.equal(await find(tenantId, 'refreshToken', 'never kept'), undefined);
    }
    assert.equal((await find('a', 'refreshToken', 'to exchange'))?.redeemedAt, null);
  });

  test('what was handed out is found with its grant, as long as that is there', async () => {
    const familyDigest = 'granted';
    const grant = thing('grant', familyDigest, { familyDigest, content: { openid: { scope: 'openid' } } });
    const token = thing('refreshToken', 'of a grant', { familyDigest });
    await save('a', grant, token, thing('refreshToken', 'of none'));
    const findWithGrant = (tenantId: string, digest: string) =>
      storage.read.redeemables.findWithGrant(tenantId, 'refreshToken', digest);
    const { content, expiresAt } = grant;
    assert.deepEqual(await findWithGrant('a', 'of a grant'), { found: token, grant: { content, expiresAt } });
    assert.equal((await findWithGrant('a', 'of none'))?.grant, undefined);
    assert.equal(await findWithGrant('b', 'of a grant'), undefined);
    await storage.write(({ redeemables }) => redeemables.removeFamily('a', familyDigest, 'grant'));
    assert.deepEqual(await findWithGrant('a', 'of a grant'), { found: token, grant: undefined });
  });

  test('nobody redeems what is not there, or what another tenant has', async () => {
    await save('a', thing('refreshToken', 'of a'));
    assert.equal(await redeem('b', 'refreshToken', 'of a'), false);
    assert.equal(await redeem('a', 'refreshToken', 'unknown'), false);
    assert.equal((await find('a', 'refreshToken', 'of a'))?.redeemedAt, null);
  });

  test('saving again changes what is kept, but never makes it redeemable again', async () => {
    await save('a', thing('deviceCode', 'again'));
    await redeem('a', 'deviceCode', 'again');
    await save('a', thing('deviceCode', 'again', { content: { changed: true } }));
    const found = await find('a', 'deviceCode', 'again');
    assert.deepEqual([found?.content, found?.redeemedAt], [{ changed: true }, now]);
  });

  test('a device code is found by what the person types, in its tenant only', async () => {
    await save('a', thing('deviceCode', 'device', { aliasDigest: 'typed' }));
    assert.equal((await findByAlias('a', 'deviceCode'))?.digest, 'device');
    assert.equal(await findByAlias('b', 'deviceCode'), undefined);
    assert.equal(await findByAlias('a', 'refreshToken'), undefined);
    await assert.rejects(save('a', thing('deviceCode', 'other', { aliasDigest: 'typed' })));
  });

  test('a grant lives as long as the longest of what was issued on it', async () => {
    const familyDigest = 'long-lived';
    await save('a', thing('grant', familyDigest, { familyDigest, expiresAt: inMinutes(5) }));
    await save('a', thing('refreshToken', 'first', { familyDigest, expiresAt: inMinutes(90) }));
    await save('a', thing('accessToken', 'second', { familyDigest, expiresAt: inMinutes(30) }));
    assert.deepEqual((await find('a', 'grant', familyDigest))?.expiresAt, inMinutes(90));
  });

  test('a family goes as a whole or by kind, and others stay', async () => {
    const member = (kind: RedeemableKind, digest: string, familyDigest: string) =>
      save('a', thing(kind, digest, { familyDigest }));
    for (const family of ['family-1', 'family-2']) {
      await member('grant', family, family);
      await member('refreshToken', `${family} refresh`, family);
      await member('accessToken', `${family} access`, family);
    }
    const remaining = async () => {
      const all = [['grant', ''] as const, ['refreshToken', ' refresh'] as const, ['accessToken', ' access'] as const];
      const found = await Promise.all(all.map(([kind, end]) => find('a', kind, `family-1${end}`)));
      return found.flatMap((each) => (each ? [each.kind] : []));
    };
    await storage.write((stores) => stores.redeemables.removeFamily('b', 'family-1'));
    assert.deepEqual(await remaining(), ['grant', 'refreshToken', 'accessToken']);
    await storage.write((stores) => stores.redeemables.removeFamily('a', 'family-1', 'accessToken'));
    assert.deepEqual(await remaining(), ['grant', 'refreshToken']);
    await storage.write((stores) => stores.redeemables.removeFamily('a', 'family-1'));
    assert.deepEqual(await remaining(), []);
    assert.ok(await find('a', 'refreshToken', 'family-2 refresh'));
  });

  test('of 16 parallel uses of the same message id exactly one is the first, in each tenant', async () => {
    const use = (tenantId: string) => storage.write(({ usedIds }) => usedIds.use(tenantId, 'jti', inMinutes(5)));
    const results = await Promise.all(Array.from({ length: 16 }, () => use('a')));
    assert.equal(results.filter(Boolean).length, 1);
    assert.equal(await use('b'), true);
  });

  test('what expired more than an hour ago is removed, in batches, and nothing else', async () => {
    const digests = Array.from({ length: 1_050 }, (_, index) => `expired-${index}`);
    await save('c', ...digests.map((digest) => thing('accessToken', digest)), thing('accessToken', 'fresh'));
    await save('c', thing('accessToken', 'fresh', { expiresAt: inMinutes(60) }));
    await storage.write(async ({ usedIds }) => {
      await usedIds.use('c', 'old', inMinutes(10));
      await usedIds.use('c', 'young', inMinutes(60));
    });
    await removeExpiredRedeemables(storage, inMinutes(71), new AbortController().signal);
    assert.equal(await find('c', 'accessToken', 'expired-0'), undefined);
    assert.equal(await find('c', 'accessToken', 'expired-1049'), undefined);
    assert.ok(await find('c', 'accessToken', 'fresh'));
    const use = (id: string) => storage.write(({ usedIds }) => usedIds.use('c', id, inMinutes(60)));
    assert.deepEqual([await use('old'), await use('young')], [true, false]);
  });
}
