import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthenticationMethod } from '../../user-flows/index.ts';
import type { OpenedDatabase } from './database.ts';

const now = new Date('2026-03-01T10:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

/** What the stores of authentication methods and recovery codes must do. */
export function authenticationMethodConformance({ engine, storage }: OpenedDatabase): void {
  test('what a user has registered comes back, with its secret sealed and only when asked for', async () => {
    const totp: AuthenticationMethod = {
      kind: 'totp',
      id: 'totp-1',
      displayName: 'App',
      createdAt: now,
      lastUsedAt: null,
      counter: 5,
    };
    const phone: AuthenticationMethod = {
      ...totp,
      kind: 'phone',
      id: 'phone-1',
      number: '+4930123456',
      createdAt: later(1),
      counter: 0,
    };
    await storage.write(async ({ authenticationMethods }) => {
      await authenticationMethods.insert('methods', 'user', totp, 'the seed');
      await authenticationMethods.insert('methods', 'user', phone);
    });
    const { authenticationMethods } = storage.read;
    assert.deepEqual(await authenticationMethods.list('methods', 'user'), [totp, phone]);
    assert.deepEqual(await authenticationMethods.list('others', 'user'), []);
    assert.equal(await authenticationMethods.findSecret('methods', 'user', 'totp-1'), 'the seed');
    assert.equal(await authenticationMethods.findSecret('methods', 'another', 'totp-1'), undefined);
    const rows = await engine.reader.selectFrom('authentication_method').selectAll().execute();
    assert.ok(!JSON.stringify(rows).includes('the seed'));
  });

  test('RFC 6238 5.2: of 8 uses of one counter at once exactly one counts', async () => {
    const advance = (counter: number) =>
      storage.write((stores) => stores.authenticationMethods.advance('methods', 'user', 'totp-1', counter, later(9)));
    const uses = await Promise.all(Array.from({ length: 8 }, () => advance(6)));
    assert.equal(uses.filter(Boolean).length, 1);
    assert.equal(await advance(5), false);
    const [method] = await storage.read.authenticationMethods.list('methods', 'user');
    assert.deepEqual([method?.counter, method?.lastUsedAt], [6, later(9)]);
    const remove = (tenantId: string) =>
      storage.write((stores) => stores.authenticationMethods.remove(tenantId, 'user', 'totp-1'));
    assert.deepEqual([await remove('others'), await remove('methods'), await remove('methods')], [false, true, false]);
  });

  test('bad-inputs 25: a passkey belongs to one user of one tenant', async () => {
    const passkey = (id: string): AuthenticationMethod => ({
      kind: 'passkey',
      id,
      displayName: 'Phone',
      credentialId: 'credential',
      publicKey: 'key',
      transports: ['internal'],
      isBackedUp: true,
      rpId: 'hub.example',
      createdAt: now,
      lastUsedAt: null,
      counter: 0,
    });
    const insert = (tenantId: string, userId: string, id: string) =>
      storage.write((stores) => stores.authenticationMethods.insert(tenantId, userId, passkey(id)));
    await insert('keys-1', 'marge', 'a');
    await assert.rejects(insert('keys-1', 'homer', 'b'), { code: 'user-flows.passkey_taken' });
    await insert('keys-2', 'homer', 'b');
    const { authenticationMethods } = storage.read;
    assert.deepEqual(await authenticationMethods.findPasskey('keys-1', 'credential'), {
      userId: 'marge',
      method: passkey('a'),
    });
    assert.equal(await authenticationMethods.findPasskey('keys-3', 'credential'), undefined);
    await storage.write((stores) => stores.authenticationMethods.touch('keys-1', 'marge', 'a', later(3)));
    assert.deepEqual((await authenticationMethods.list('keys-1', 'marge'))[0]?.lastUsedAt, later(3));
  });

  test('bad-inputs 24: of 8 who use a recovery code at once exactly one can', async () => {
    const keep = (digests: string[]) =>
      storage.write(({ recoveryCodes }) => recoveryCodes.replace('codes', 'user', digests));
    const take = (digest: string, userId = 'user') =>
      storage.write(({ recoveryCodes }) => recoveryCodes.take('codes', userId, digest));
    await keep(['a', 'b', 'c']);
    assert.equal(await take('a', 'another'), false);
    const taken = await Promise.all(Array.from({ length: 8 }, () => take('a')));
    assert.equal(taken.filter(Boolean).length, 1);
    assert.equal(await storage.read.recoveryCodes.count('codes', 'user'), 2);
    await keep(['d']);
    assert.deepEqual([await take('b'), await take('d')], [false, true]);
  });
}
