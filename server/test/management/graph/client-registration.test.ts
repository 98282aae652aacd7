import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const policy = '/policies/clientRegistrationPolicy';
  const tokens = `${policy}/initialAccessTokens`;

  test('a tenant lets nobody register clients until it says otherwise', async () => {
    const { admin } = await api.makeTenant();
    const { mode, mostClients } = (await api.call(admin, `GET ${policy}`)).body;
    assert.deepEqual([mode, mostClients], ['off', 100]);
    assert.equal((await api.call(admin, `PATCH ${policy}`, { mode: 'token' })).status, 204);
    assert.equal((await api.call(admin, `PATCH ${policy}`, { mostClients: 5 })).status, 204);
    const changed = (await api.call(admin, `GET ${policy}`)).body;
    assert.deepEqual([changed.mode, changed.mostClients], ['token', 5]);
    for (const wrong of [{ mode: 'always' }, { mostClients: -1 }, { x: 1 }]) {
      assert.equal((await api.call(admin, `PATCH ${policy}`, wrong)).status, 400);
    }
  });

  test('an initial access token is shown once, listed without its secret, and revoked', async () => {
    const { admin } = await api.makeTenant();
    const made = await api.call(admin, `POST ${tokens}`, { displayName: 'Build server', uses: 3, days: 7 });
    assert.deepEqual([made.status, made.headers['cache-control']], [201, 'no-store']);
    const { id, secretText, hint } = made.body;
    assert.ok(secretText.startsWith(hint));
    const { value } = (await api.call(admin, `GET ${tokens}`)).body;
    assert.deepEqual([value[0].displayName, value[0].usesLeft, value[0].secretText], ['Build server', 3, null]);
    for (const wrong of [{ uses: 0 }, { days: 400 }, { displayName: '' }]) {
      assert.equal((await api.call(admin, `POST ${tokens}`, { displayName: 'x', ...wrong })).status, 400);
    }
    const other = await api.makeTenant();
    assert.equal((await api.call(other.admin, `DELETE ${tokens}/${id}`)).status, 404);
    assert.equal((await api.call(admin, `DELETE ${tokens}/${id}`)).status, 204);
    assert.deepEqual((await api.call(admin, `GET ${tokens}`)).body.value, []);
  });
});
