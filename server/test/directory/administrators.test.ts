import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMember,
  assignDirectoryRole,
  type DirectoryObject,
  deleteObject,
  directoryRoles,
  listRolesHeldBy,
  unassignDirectoryRole,
  updateUser,
  userKind,
} from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openTenant, type TestTenant } from './open-tenant.ts';

const { globalAdministrator, userAdministrator } = directoryRoles;

const assign = ({ write }: TestTenant, { id }: DirectoryObject, role = globalAdministrator) =>
  write((stores, act) => assignDirectoryRole(stores, act, role.id, id));
const unassign = ({ write }: TestTenant, { id }: { id: string }) =>
  write((stores, act) => unassignDirectoryRole(stores, act, id));
const disable = ({ write }: TestTenant, { id }: DirectoryObject) =>
  write((stores, act) => updateUser(stores, act, id, { accountEnabled: false }));
const remove = ({ write }: TestTenant, { id }: DirectoryObject) =>
  write((stores, act) => deleteObject(stores, act, userKind, id));

const last = { code: 'directory.last_administrator', status: 409 };

test('no two roles have the same id or name', () => {
  const roles = Object.values(directoryRoles);
  assert.equal(new Set(roles.map(({ id }) => id)).size, roles.length);
  assert.equal(new Set(roles.map(({ displayName }) => displayName)).size, roles.length);
});

onEachDatabase(({ storage }) => {
  test('roles are held directly and through groups that were made for it', async () => {
    const tenant = await openTenant(storage);
    const [marge, homer] = [await tenant.user('marge'), await tenant.user('homer')];
    const admins = await tenant.group('admins', { isAssignableToRole: true });
    const assignment = await assign(tenant, marge);
    assert.deepEqual(await tenant.lastEvent().then(({ name }) => name), 'Global Administrator');
    await assign(tenant, admins, userAdministrator);
    await tenant.write((stores, act) => addMember(stores, act, admins.id, marge.id));
    const held = await listRolesHeldBy(storage.read, tenant.id, marge.id);
    assert.deepEqual(held.sort(), [globalAdministrator.id, userAdministrator.id].sort());
    assert.deepEqual(await listRolesHeldBy(storage.read, tenant.id, homer.id), []);
    await assign(tenant, homer);
    await unassign(tenant, assignment);
    assert.deepEqual(await listRolesHeldBy(storage.read, tenant.id, marge.id), [userAdministrator.id]);
  });

  test('a role that does not exist, or for somebody who cannot hold it, is refused', async () => {
    const [tenant, other] = [await openTenant(storage), await openTenant(storage)];
    const [marge, group, foreign] = [await tenant.user('marge'), await tenant.group('g'), await other.user('moe')];
    const code = (name: string) => ({ code: `directory.${name}` });
    await assert.rejects(assign(tenant, marge, { ...userAdministrator, id: 'x' }), code('role_not_found'));
    await assert.rejects(assign(tenant, group), code('role_not_assignable'));
    await assert.rejects(assign(tenant, foreign), code('object_not_found'));
    const assignment = await assign(tenant, marge, userAdministrator);
    await assert.rejects(assign(tenant, marge, userAdministrator), code('role_already_assigned'));
    await assert.rejects(unassign(other, assignment), code('role_assignment_not_found'));
  });

  test('the last Global Administrator cannot be disabled, deleted or lose the role', async () => {
    const tenant = await openTenant(storage);
    const [marge, homer] = [await tenant.user('marge'), await tenant.user('homer')];
    const assignment = await assign(tenant, marge);
    await assert.rejects(disable(tenant, marge), last);
    await assert.rejects(remove(tenant, marge), last);
    await assert.rejects(unassign(tenant, assignment), last);
    const second = await assign(tenant, homer);
    await disable(tenant, homer);
    await assert.rejects(remove(tenant, marge), last, 'a disabled administrator does not count');
    await unassign(tenant, second);
    await remove(tenant, homer);
  });

  test('two administrators who take each other away at once do not both succeed', async () => {
    for (const way of [disable, remove]) {
      const tenant = await openTenant(storage);
      const [marge, homer] = [await tenant.user('marge'), await tenant.user('homer')];
      await assign(tenant, marge);
      await assign(tenant, homer);
      const outcomes = await Promise.allSettled([way(tenant, marge), way(tenant, homer)]);
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    }
  });
});
