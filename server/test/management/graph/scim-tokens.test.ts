import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);

  test('a SCIM token is made, shown without its secret, changed, rotated and revoked', async () => {
    const { admin } = await api.makeTenant();
    const made = await api.call(admin, 'POST /scim/tokens', { displayName: 'Okta', contact: 'it@example.com' });
    assert.equal(made.status, 201);
    assert.equal(made.headers['cache-control'], 'no-store');
    const { id, secretText, hint } = made.body;
    assert.ok(secretText.startsWith(hint));
    const { value } = (await api.call(admin, 'GET /scim/tokens')).body;
    assert.deepEqual(value[0].scopes, ['users.read', 'users.write', 'groups.read', 'groups.write']);
    assert.equal(value[0].dialect, 'tolerant');
    assert.equal(value[0].secretText, null);
    const change = { displayName: 'Okta users', scopes: ['users.write'], dialect: 'standard' };
    assert.equal((await api.call(admin, `PATCH /scim/tokens/${id}`, change)).status, 204);
    const shown = (await api.call(admin, `GET /scim/tokens/${id}`)).body;
    assert.deepEqual([shown.displayName, shown.scopes, shown.dialect], ['Okta users', ['users.write'], 'standard']);
    const rotated = (await api.call(admin, `POST /scim/tokens/${id}/rotate`, { overlapDays: 1 })).body;
    assert.notEqual(rotated.secretText, secretText);
    assert.ok(rotated.previousExpirationDateTime);
    assert.equal((await api.call(admin, `DELETE /scim/tokens/${id}`)).status, 204);
    assert.equal((await api.call(admin, `GET /scim/tokens/${id}`)).status, 404);
  });

  test('unknown scopes, dialects and properties of a SCIM token are refused', async () => {
    const { admin } = await api.makeTenant();
    for (const more of [
      { scopes: ['everything'] },
      { scopes: [] },
      { dialect: 'okta' },
      { contact: 'nobody' },
      { x: 1 },
    ]) {
      assert.equal((await api.call(admin, 'POST /scim/tokens', { displayName: 'x', ...more })).status, 400);
    }
  });

  test('an administrator of one tenant sees no token of another', async () => {
    const [one, other] = [await api.makeTenant(), await api.makeTenant()];
    const { body } = await api.call(one.admin, 'POST /scim/tokens', { displayName: 'mine' });
    assert.equal((await api.call(other.admin, `GET /scim/tokens/${body.id}`)).status, 404);
    assert.equal((await api.call(other.admin, `POST /scim/tokens/${body.id}/rotate`, {})).status, 404);
  });

  test('the tenant chooses what a deletion by a SCIM client means', async () => {
    const { admin } = await api.makeTenant();
    assert.equal((await api.call(admin, 'GET /scim/settings')).body.userDeletion, 'delete');
    assert.equal((await api.call(admin, 'PATCH /scim/settings', { userDeletion: 'deactivate' })).status, 204);
    assert.equal((await api.call(admin, 'GET /scim/settings')).body.userDeletion, 'deactivate');
  });
});
