import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { addMember, createGroup, removeMember } from '../../../src/directory/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { assertError, core, ScimHub } from './scim-hub.ts';

onEachDatabase(({ storage }) => {
  let hub: ScimHub;
  const users: { id: string; userName: string }[] = [];
  before(async () => {
    hub = await ScimHub.open(storage);
    for (let number = 0; number < 8; number++) users.push(await hub.user(`member${number}`));
  });
  const user = (place: number) => users[place]?.id ?? '';
  const membersOf = async (id: string): Promise<string[]> =>
    ((await hub.get(`/Groups/${id}`)).body.members ?? []).map(({ value }: { value: string }) => value).sort();

  test('RFC 7643 8.4: a group shows its members with address, type and name', async () => {
    const group = await hub.group('Tour Guides', [user(0)]);
    assert.deepEqual(group.schemas, [`${core}:Group`]);
    assert.equal(group.displayName, 'Tour Guides');
    assert.deepEqual(group.members, [
      {
        value: user(0),
        $ref: `https://hub.example/${hub.tenant.name}/scim/v2/Users/${user(0)}`,
        type: 'User',
        display: 'member0',
      },
    ]);
    const { body } = await hub.get(`/Users/${user(0)}`);
    assert.deepEqual(body.groups, [
      { value: group.id, $ref: group.meta.location, display: 'Tour Guides', type: 'direct' },
    ]);
  });

  test('RFC 7644 3.14: members that another part of the hub adds or removes make a new version of the group', async () => {
    const [group, member] = [await hub.group('Watched'), await hub.user('watched')];
    const change = { op: 'replace', path: 'externalId', value: 'w' };
    const patchIf = (version: string) =>
      hub.ask('PATCH', `/Groups/${group.id}`, { Operations: [change] }, { headers: { 'if-match': version } });
    hub.now = new Date(hub.now.getTime() + 1000);
    await storage.write((stores) => addMember(stores, hub.act(), group.id, member.id));
    assertError(await patchIf(group.meta.version), 412);
    const { meta } = (await hub.get(`/Groups/${group.id}`)).body;
    assert.equal(meta.lastModified, hub.now.toISOString());
    const since = encodeURIComponent(`meta.lastModified ge "${meta.lastModified}"`);
    assert.deepEqual(await hub.found(`/Groups?filter=${since}`), ['Watched']);
    await storage.write((stores) => removeMember(stores, hub.act(), group.id, member.id));
    assertError(await patchIf(meta.version), 412);
    assert.equal((await patchIf((await hub.get(`/Groups/${group.id}`)).body.meta.version)).status, 200);
  });

  test('RFC 7644 3.5.2.1: members are added; those who are members already stay, without a new version', async () => {
    const { id } = await hub.group('added', [user(0)]);
    const add = { op: 'add', path: 'members', value: [{ value: user(0) }, { value: user(1) }] };
    const { status, headers } = await hub.patch(`/Groups/${id}`, add);
    assert.equal(status, 200);
    assert.deepEqual(await membersOf(id), [user(0), user(1)]);
    assert.equal((await hub.patch(`/Groups/${id}`, add)).headers['etag'], headers['etag']);
    assert.notEqual(headers['etag'], 'W/"1"');
  });

  test('RFC 7644 3.5.2.2: one member, several members and all members are removed', async () => {
    const { id } = await hub.group('removed', [user(0), user(1), user(2), user(3)]);
    await hub.patch(`/Groups/${id}`, { op: 'remove', path: `members[value eq "${user(0)}"]` });
    assert.deepEqual(await membersOf(id), [user(1), user(2), user(3)]);
    await hub.patch(`/Groups/${id}`, { op: 'remove', path: 'members', value: [{ value: user(1) }] });
    assert.deepEqual(await membersOf(id), [user(2), user(3)]);
    await hub.patch(`/Groups/${id}`, { op: 'remove', path: 'members[display eq "member2"]' });
    assert.deepEqual(await membersOf(id), [user(3)]);
    await hub.patch(`/Groups/${id}`, { op: 'remove', path: 'members' });
    assert.deepEqual(await membersOf(id), []);
  });

  test('RFC 7644 3.5.2.3: replacing members leaves exactly those that are named', async () => {
    const { id } = await hub.group('replaced', [user(0), user(1)]);
    await hub.patch(`/Groups/${id}`, {
      op: 'replace',
      path: 'members',
      value: [{ value: user(1) }, { value: user(2) }],
    });
    assert.deepEqual(await membersOf(id), [user(1), user(2)]);
    const put = { displayName: 'replaced', members: [{ value: user(3) }] };
    const { body } = await hub.ask('PUT', `/Groups/${id}`, put);
    assert.deepEqual(
      body.members.map(({ value }: { value: string }) => value),
      [user(3)],
    );
    await hub.ask('PUT', `/Groups/${id}`, { displayName: 'replaced' });
    assert.deepEqual(await membersOf(id), []);
  });

  test('RFC 7644 3.5.2: a PATCH of name and members is atomic', async () => {
    const { id } = await hub.group('group before', [user(0)]);
    const answer = await hub.patch(
      `/Groups/${id}`,
      { op: 'replace', path: 'displayName', value: 'group after' },
      { op: 'add', path: 'members', value: [{ value: user(1) }, { value: 'no-such-user' }] },
    );
    assertError(answer, 400, 'invalidValue');
    const { body } = await hub.get(`/Groups/${id}`);
    assert.equal(body.displayName, 'group before');
    assert.equal(body.members.length, 1);
  });

  test('RFC 7643 4.2: groups contain groups, but never themselves', async () => {
    const inner = await hub.group('inner');
    const outer = await hub.group('outer', [inner.id]);
    assert.equal(outer.members[0].type, 'Group');
    const circle = await hub.patch(`/Groups/${inner.id}`, { op: 'add', path: 'members', value: [{ value: outer.id }] });
    assertError(circle, 400, 'invalidValue');
  });

  test('a group of more than 100 members loses none when one is added, and is not answered in full', async () => {
    const many = await hub.ask('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: Array.from({ length: 120 }, (_, number) => ({
        method: 'POST',
        path: '/Users',
        bulkId: `u${number}`,
        data: { schemas: [`${core}:User`], userName: `crowd${number}` },
      })),
    });
    const ids: string[] = many.body.Operations.map(({ location }: { location: string }) => location.split('/').at(-1));
    const { id } = await hub.group('crowd', ids);
    const { status, text, headers } = await hub.patch(`/Groups/${id}`, {
      op: 'add',
      path: 'members',
      value: [{ value: user(0) }],
    });
    assert.equal(status, 204);
    assert.equal(text, '');
    assert.ok(headers['etag']);
    assert.equal((await membersOf(id)).length, 121);
    const named = await hub.ask('PATCH', `/Groups/${id}?attributes=displayName`, {
      Operations: [{ op: 'replace', path: 'displayName', value: 'multitude' }],
    });
    assert.equal(named.status, 200);
    assert.deepEqual(Object.keys(named.body), ['schemas', 'id', 'displayName']);
    const listed = await hub.get('/Groups?excludedAttributes=members&filter=displayName eq "multitude"');
    assert.equal(listed.body.Resources[0].members, undefined);
  });

  test('RFC 7644 3.6: a deleted group is gone, and its members stay', async () => {
    const { id } = await hub.group('short-lived', [user(0)]);
    assert.equal((await hub.ask('DELETE', `/Groups/${id}`)).status, 204);
    assertError(await hub.get(`/Groups/${id}`), 404);
    const { body } = await hub.get(`/Users/${user(0)}`);
    assert.ok(!(body.groups ?? []).some(({ value }: { value: string }) => value === id));
  });

  test('a group through which roles are held is not changed by a SCIM client', async () => {
    const { id } = await storage.write(async (stores) => {
      const group = await createGroup(stores, hub.act(), { displayName: 'admins', isAssignableToRole: true });
      await addMember(stores, hub.act(), group.id, user(7));
      return group;
    });
    assertError(await hub.patch(`/Groups/${id}`, { op: 'add', path: 'members', value: [{ value: user(1) }] }), 403);
    assertError(await hub.ask('DELETE', `/Groups/${id}`), 403);
  });
});
