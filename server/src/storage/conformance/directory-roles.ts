import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DirectoryObject, DirectoryRoleAssignment } from '../../directory/index.ts';
import type { OpenedDatabase } from './database.ts';
import { readChanges } from './read-changes.ts';

function assignment(id: string, principalId: string, roleId: string): DirectoryRoleAssignment {
  return { id, principalId, principalKind: 'user', roleId, createdAt: new Date(1000) };
}

/** What any store of role assignments must do. */
export function directoryRoleConformance({ storage }: OpenedDatabase): void {
  const add = (tenantId: string, wanted: DirectoryRoleAssignment) =>
    storage.write(({ directoryRoles }) => directoryRoles.add(tenantId, wanted));

  test('role assignments are listed by id, principal and role, in their tenant only', async () => {
    const first = assignment('id-1', 'marge', 'role-1');
    const second = assignment('id-2', 'homer', 'role-1');
    const third = assignment('id-3', 'homer', 'role-2');
    for (const wanted of [third, first, second]) await add('tenant-1', wanted);
    const { directoryRoles } = storage.read;
    assert.deepEqual(await directoryRoles.list('tenant-1'), [first, second, third]);
    assert.deepEqual(await directoryRoles.list('tenant-1', { id: 'id-2' }), [second]);
    assert.deepEqual(await directoryRoles.list('tenant-1', { roleId: 'role-1' }), [first, second]);
    assert.deepEqual(await directoryRoles.list('tenant-1', { principalIds: ['homer', 'nobody'] }), [second, third]);
    assert.deepEqual(await directoryRoles.list('tenant-1', { principalIds: [] }), []);
    assert.deepEqual(await directoryRoles.list('tenant-2'), []);
  });

  test('the assignments of a principal come with those of all groups, in their tenant only', async () => {
    const own = assignment('id-1', 'marge', 'role-1');
    const ofGroup: DirectoryRoleAssignment = { ...assignment('id-2', 'operators', 'role-2'), principalKind: 'group' };
    for (const wanted of [ofGroup, own, assignment('id-3', 'homer', 'role-1')]) await add('tenant-5', wanted);
    const { directoryRoles } = storage.read;
    assert.deepEqual(await directoryRoles.listHeldByOrGroups('tenant-5', 'marge'), [own, ofGroup]);
    assert.deepEqual(await directoryRoles.listHeldByOrGroups('tenant-6', 'marge'), []);
  });

  test('a living object is found with its assignments and those of all groups', async () => {
    const { directoryRoles } = storage.read;
    const marge: DirectoryObject = {
      id: 'marge',
      kind: 'user',
      attributes: { displayName: 'Marge' },
      createdAt: new Date(1000),
      modifiedAt: new Date(1000),
      deletedAt: null,
      version: 1,
    };
    await storage.write(({ objects }) => objects.insert('tenant-7', [marge]));
    assert.deepEqual(await directoryRoles.findHolder('tenant-7', 'marge'), { object: marge, assignments: [] });
    const own = assignment('id-1', 'marge', 'role-1');
    const ofGroup: DirectoryRoleAssignment = { ...assignment('id-2', 'operators', 'role-2'), principalKind: 'group' };
    for (const wanted of [ofGroup, own, assignment('id-3', 'homer', 'role-1')]) await add('tenant-7', wanted);
    const held = await directoryRoles.findHolder('tenant-7', 'marge');
    assert.deepEqual(held, { object: marge, assignments: [own, ofGroup] });
    assert.equal(await directoryRoles.findHolder('tenant-5', 'marge'), undefined);
    const deleted = { ...marge, version: 2, deletedAt: new Date(2000) };
    await storage.write(({ objects }) => objects.setDeleted('tenant-7', marge, deleted));
    assert.equal(await directoryRoles.findHolder('tenant-7', 'marge'), undefined);
  });

  test('an object holds a role once', async () => {
    await add('tenant-3', assignment('id-1', 'marge', 'role-1'));
    const again = add('tenant-3', assignment('id-2', 'marge', 'role-1'));
    await assert.rejects(again, { code: 'directory.role_already_assigned' });
  });

  test('assigning and removing a role is told to the change feed once', async () => {
    const place = await storage.read.changes.end();
    const wanted = assignment('id-1', 'marge', 'role-1');
    await add('tenant-4', wanted);
    const remove = () => storage.write(({ directoryRoles }) => directoryRoles.remove('tenant-4', wanted, new Date()));
    await remove();
    await remove();
    const changes = await readChanges(storage, place, 2, 'tenant-4');
    assert.deepEqual(
      changes.map(({ verb, detail }) => [verb, detail]),
      ['created', 'deleted'].map((verb) => [verb, { principalId: 'marge', roleId: 'role-1' }]),
    );
    assert.deepEqual(await storage.read.directoryRoles.list('tenant-4'), []);
  });
}
