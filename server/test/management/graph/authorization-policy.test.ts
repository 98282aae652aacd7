import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const path = '/policies/authorizationPolicy';
  const legacy = 'ManagePermissionGrantsForSelf.microsoft-user-default-legacy';

  test('Microsoft Graph: the authorization policy says what users may do, and changes by its members', async () => {
    const { admin } = await api.makeTenant();
    const permissions = async () => (await api.call(admin, `GET ${path}`)).body.defaultUserRolePermissions;
    assert.deepEqual(await permissions(), { permissionGrantPoliciesAssigned: [legacy], allowedToCreateApps: false });
    const change = (defaultUserRolePermissions: object) =>
      api.call(admin, `PATCH ${path}`, { defaultUserRolePermissions });
    assert.equal((await change({ permissionGrantPoliciesAssigned: [] })).status, 204);
    assert.equal((await change({ allowedToCreateApps: true })).status, 204);
    assert.deepEqual(await permissions(), { permissionGrantPoliciesAssigned: [], allowedToCreateApps: true });
    assert.equal((await change({ permissionGrantPoliciesAssigned: ['everything'] })).status, 400);
    assert.equal((await change({ allowedToDoMore: true })).status, 400);
  });
});
