import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMember,
  addOwner,
  createGroup,
  deleteObject,
  groupKind,
  removeMember,
  removeOwner,
  updateGroup,
} from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openTenant } from './open-tenant.ts';

onEachDatabase(({ storage }) => {
  test('a group is a security group unless it says otherwise', async () => {
    const { group } = await openTenant(storage);
    const { attributes } = await group('Network Operators');
    assert.deepEqual(attributes, { displayName: 'Network Operators', mailEnabled: false, securityEnabled: true });
  });

  test('members and owners come and go, each told to the audit log once', async () => {
    const { id, user, group, write } = await openTenant(storage);
    const [operators, barney] = [await group('Network Operators'), await user('barney')];
    const both = (work: 'add' | 'remove') =>
      write(async (stores, act) => [
        await (work === 'add' ? addMember : removeMember)(stores, act, operators.id, barney.id),
        await (work === 'add' ? addOwner : removeOwner)(stores, act, groupKind, operators.id, barney.id),
      ]);
    assert.deepEqual(
      [await both('add'), await both('add')],
      [
        [true, true],
        [false, false],
      ],
    );
    assert.deepEqual((await storage.read.links.listTo(id, 'member', operators.id, { limit: 9 })).items, [barney]);
    const owned = await storage.read.links.listFrom(id, 'owner', barney.id, { limit: 9 });
    // Another member makes a new version of the group, another owner does not.
    assert.deepEqual(owned.items, [{ ...operators, version: 2 }]);
    assert.deepEqual(
      [await both('remove'), await both('remove')],
      [
        [true, true],
        [false, false],
      ],
    );
    const events = await storage.read.audit.list(id, { objectId: operators.id }, 20);
    assert.deepEqual(
      events.map(({ verb }) => verb).sort(),
      ['add_member', 'add_owner', 'create', 'remove_member', 'remove_owner'].map((verb) => `group.${verb}`),
    );
    const added = events.find(({ verb }) => verb === 'group.add_member');
    assert.deepEqual(added?.changes, [{ property: 'target', after: { id: barney.id, kind: 'user' } }]);
  });

  test('a group that is made its own member, directly or through three others, is refused', async () => {
    const { group, write } = await openTenant(storage);
    const [a, b, c, d] = [await group('a'), await group('b'), await group('c'), await group('d')];
    const add = (from: { id: string }, to: { id: string }) =>
      write((stores, act) => addMember(stores, act, from.id, to.id));
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, d],
    ] as const)
      await add(from, to);
    await assert.rejects(add(d, a), { code: 'directory.group_cycle', status: 400 });
    await assert.rejects(add(a, a), { code: 'directory.group_cycle' });
  });

  test('what is not there, not of the kind or of another tenant cannot be linked', async () => {
    const { user, group, write } = await openTenant(storage);
    const other = await openTenant(storage);
    const [operators, barney, foreign] = [await group('operators'), await user('barney'), await other.user('moe')];
    const gone = await user('gone');
    await write((stores, act) => deleteObject(stores, act, { ...groupKind, kind: 'user' }, gone.id));
    const add = (groupId: string, memberId: string) =>
      write((stores, act) => addMember(stores, act, groupId, memberId));
    for (const [groupId, memberId] of [
      [operators.id, foreign.id],
      [operators.id, gone.id],
      [operators.id, 'nobody'],
      [barney.id, barney.id],
      ['nothing', barney.id],
    ] as const) {
      await assert.rejects(add(groupId, memberId), { code: 'directory.object_not_found' });
    }
    const owned = write((stores, act) => addOwner(stores, act, groupKind, operators.id, operators.id));
    await assert.rejects(owned, { code: 'directory.link_kind_invalid' });
  });

  test('whether a group can hold roles is decided when it is made, and such a group holds no groups', async () => {
    const { group, user, write } = await openTenant(storage);
    const admins = await group('admins', { isAssignableToRole: true });
    const ordinary = await group('ordinary');
    const change = (groupId: string, attributes: Record<string, boolean>) =>
      write((stores, act) => updateGroup(stores, act, groupId, attributes));
    const invalid = { code: 'directory.attribute_invalid' };
    await assert.rejects(change(ordinary.id, { isAssignableToRole: true }), invalid);
    await assert.rejects(change(admins.id, { isAssignableToRole: false }), invalid);
    await assert.rejects(change(admins.id, { securityEnabled: false }), invalid);
    await change(admins.id, { isAssignableToRole: true });
    const mail = { displayName: 'm', mailEnabled: true, securityEnabled: false, isAssignableToRole: true };
    await assert.rejects(
      write((stores, act) => createGroup(stores, act, mail)),
      invalid,
    );
    const nested = write((stores, act) => addMember(stores, act, admins.id, ordinary.id));
    await assert.rejects(nested, { code: 'directory.link_kind_invalid' });
    const marge = await user('marge');
    assert.equal(await write((stores, act) => addMember(stores, act, admins.id, marge.id)), true);
  });
});
