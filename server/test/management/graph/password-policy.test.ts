import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

const path = '/policies/passwordPolicy';

onEachDatabase(({ storage }) => {
  const { call, makeTenant } = openGraphApi(storage);

  test('the password policy is changed setting by setting, audited, and taken back', async () => {
    const { admin, tenantId } = await makeTenant();
    const usual = (await call(admin, `GET ${path}`)).body;
    assert.deepEqual([usual.minimumLength, usual.lockoutThreshold, usual.bannedWords], [8, 10, []]);
    assert.equal((await call(admin, `PATCH ${path}`, { minimumLength: 14 })).status, 204);
    assert.equal((await call(admin, `PATCH ${path}`, { bannedWords: ['Contoso'] })).status, 204);
    const { body } = await call(admin, `GET ${path}`);
    assert.deepEqual([body.minimumLength, body.bannedWords], [14, ['Contoso']]);
    const [event] = await storage.read.audit.list(tenantId, { verb: 'tenant.update' }, 1);
    assert.equal(event?.changes[0]?.property, 'settings');
    assert.equal((await call(admin, `DELETE ${path}`)).status, 204);
    assert.deepEqual((await call(admin, `GET ${path}`)).body, usual);
  });

  test('what cannot be is refused, and nobody else changes it', async () => {
    const { admin } = await makeTenant();
    for (const body of [
      { minimumLength: 7 },
      { minimumLength: 257 },
      { lockoutThreshold: 0 },
      { lockoutDurationInSeconds: 18_001 },
      { bannedWords: ['ab'] },
      { bannedWords: Array.from({ length: 1001 }, (_, word) => `word ${word}`) },
      { unknown: 1 },
    ]) {
      assert.equal((await call(admin, `PATCH ${path}`, body)).status, 400, JSON.stringify(body).slice(0, 50));
    }
    const reader = { ...admin, may: ['Policy.Read.All'] };
    assert.equal((await call(reader, `GET ${path}`)).status, 200);
    assert.equal((await call(reader, `PATCH ${path}`, { minimumLength: 9 })).status, 403);
  });

  test('every way to set a password follows it', async () => {
    const { admin, domain } = await makeTenant();
    await call(admin, `PATCH ${path}`, { minimumLength: 30 });
    const user = (password: string) => ({
      userPrincipalName: `${randomUUID()}@${domain}`,
      displayName: 'Marge',
      accountEnabled: true,
      passwordProfile: { password },
    });
    assert.equal((await call(admin, 'POST /users', user('correct horse battery staple'))).status, 400);
    const made = await call(admin, 'POST /users', user('correct horse battery staple, and more'));
    assert.equal(made.status, 201);
    const change = { passwordProfile: { password: 'correct horse battery staple' } };
    assert.equal((await call(admin, `PATCH /users/${made.body.id}`, change)).status, 400);
    const methods = `/users/${made.body.id}/authentication`;
    const [{ id }] = (await call(admin, `GET ${methods}/passwordMethods`)).body.value;
    const reset = await call(admin, `POST ${methods}/methods/${id}/resetPassword`, {});
    assert.ok(reset.body.newPassword.length >= 30);
  });
});
