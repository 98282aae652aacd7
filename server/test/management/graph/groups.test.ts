import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { type Bearer, openGraphApi } from './graph-api.ts';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const createGroup = async (admin: Bearer, displayName: string, more: object = {}) => {
    const body = { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true, ...more };
    const answer = await api.call(admin, 'POST /groups', body);
    assert.equal(answer.status, 201, answer.body.error?.message);
    return answer.body.id as string;
  };
  const createUser = async (admin: Bearer, domain: string, name: string) => {
    const body = { userPrincipalName: `${name}@${domain}`, displayName: name, accountEnabled: true };
    return (await api.call(admin, 'POST /users', body)).body.id as string;
  };
  const reference = (id: string) => ({ '@odata.id': `https://hub.test/v1.0/directoryObjects/${id}` });
  const idsOf = (answer: { body: { value: { id: string }[] } }) => answer.body.value.map(({ id }) => id).sort();

  test('az ad group create, list by name, show and delete', async () => {
    const { admin } = await api.makeTenant();
    const id = await createGroup(admin, 'Operators');
    const filter = encodeURIComponent("displayName eq 'Operators' and mailNickname eq 'Operators'");
    const listed = await api.call(admin, `GET /groups?$filter=${filter}`);
    assert.deepEqual(idsOf(listed), [id]);
    const { body } = await api.call(admin, `GET /groups/${id}`);
    assert.deepEqual(
      [body.displayName, body.securityEnabled, body.groupTypes, body.mail],
      ['Operators', true, [], null],
    );
    assert.equal((await api.call(admin, `PATCH /groups/${id}`, { description: 'Who operate' })).status, 204);
    assert.equal((await api.call(admin, `DELETE /groups/${id}`)).status, 204);
    assert.equal((await api.call(admin, `GET /groups/${id}`)).status, 404);
  });

  test('az ad group member add, list, check and remove, and owner add', async () => {
    const { admin, domain } = await api.makeTenant();
    const [group, user] = [await createGroup(admin, 'Admins'), await createUser(admin, domain, 'barney')];
    assert.equal((await api.call(admin, `POST /groups/${group}/members/$ref`, reference(user))).status, 204);
    const again = await api.call(admin, `POST /groups/${group}/members/$ref`, reference(user));
    assert.equal(again.status, 400);
    assert.match(again.body.error.message, /added object references already exist .* 'members'/);
    const members = await api.call(admin, `GET /groups/${group}/members`);
    assert.deepEqual([idsOf(members), members.body.value[0]['@odata.type']], [[user], '#microsoft.graph.user']);
    const check = { groupIds: [group, randomUUID()] };
    const checked = await api.call(admin, `POST /directoryObjects/${user}/checkMemberGroups`, check);
    assert.deepEqual(checked.body.value, [group]);
    assert.equal((await api.call(admin, `GET /groups/${group}/members/$count`)).body, '1');
    assert.equal((await api.call(admin, `POST /groups/${group}/owners/$ref`, reference(user))).status, 204);
    assert.deepEqual(idsOf(await api.call(admin, `GET /groups/${group}/owners`)), [user]);
    assert.deepEqual(idsOf(await api.call(admin, `GET /users/${user}/ownedObjects`)), [group]);
    assert.equal((await api.call(admin, `DELETE /groups/${group}/members/${user}/$ref`)).status, 204);
    assert.equal((await api.call(admin, `DELETE /groups/${group}/members/${user}/$ref`)).status, 404);
    assert.equal((await api.call(admin, `DELETE /groups/${group}/owners/${user}/$ref`)).status, 204);
  });

  test('nested groups: transitive members, memberships and what they are narrowed to', async () => {
    const { admin, domain } = await api.makeTenant();
    const [outer, inner] = [await createGroup(admin, 'outer'), await createGroup(admin, 'inner')];
    const user = await createUser(admin, domain, 'carl');
    await api.call(admin, `POST /groups/${outer}/members/$ref`, reference(inner));
    await api.call(admin, `POST /groups/${inner}/members/$ref`, reference(user));
    assert.deepEqual(idsOf(await api.call(admin, `GET /groups/${outer}/transitiveMembers`)), [inner, user].sort());
    const users = await api.call(admin, `GET /groups/${outer}/transitiveMembers/microsoft.graph.user`);
    assert.deepEqual(idsOf(users), [user]);
    assert.deepEqual(idsOf(await api.call(admin, `GET /users/${user}/memberOf`)), [inner]);
    assert.deepEqual(idsOf(await api.call(admin, `GET /users/${user}/transitiveMemberOf`)), [inner, outer].sort());
    const page = await api.call(admin, `GET /users/${user}/transitiveMemberOf?$top=1`);
    const rest = await api.call(admin, `GET ${page.body['@odata.nextLink']}`);
    assert.deepEqual([...idsOf(page), ...idsOf(rest)].sort(), [inner, outer].sort());
    assert.equal(rest.body['@odata.nextLink'], undefined);
    const groups = await api.call(admin, `POST /users/${user}/getMemberGroups`, { securityEnabledOnly: true });
    assert.deepEqual(groups.body.value.sort(), [inner, outer].sort());
    assert.deepEqual(idsOf(await api.call(admin, `GET /groups/${inner}/memberOf`)), [outer]);
  });

  test('a group cannot become its own member through three others', async () => {
    const { admin } = await api.makeTenant();
    const groups = [];
    for (const name of ['a', 'b', 'c', 'd']) groups.push(await createGroup(admin, name));
    for (const [index, group] of groups.slice(0, -1).entries()) {
      const added = await api.call(admin, `POST /groups/${group}/members/$ref`, reference(groups[index + 1] ?? ''));
      assert.equal(added.status, 204);
    }
    const refused = await api.call(admin, `POST /groups/${groups[3]}/members/$ref`, reference(groups[0] ?? ''));
    assert.deepEqual([refused.status, refused.body.error.innerError.code], [400, 'directory.group_cycle']);
    const self = await api.call(admin, `POST /groups/${groups[0]}/members/$ref`, reference(groups[0] ?? ''));
    assert.equal(self.status, 400);
    assert.equal((await api.call(admin, `GET /groups/${groups[3]}/members/$count`)).body, '0');
  });

  test('members and owners come with the creation, and members with a change; all of it or nothing', async () => {
    const { admin, domain } = await api.makeTenant();
    const [lenny, carl] = [await createUser(admin, domain, 'lenny'), await createUser(admin, domain, 'carl')];
    const bind = (id: string) => `https://hub.test/v1.0/users('${id}')`;
    const group = await createGroup(admin, 'bound', {
      'members@odata.bind': [bind(lenny)],
      'owners@odata.bind': [bind(carl)],
    });
    const change = { 'members@odata.bind': [bind(carl)], description: 'two' };
    assert.equal((await api.call(admin, `PATCH /groups/${group}`, change)).status, 204);
    const shown = await api.call(admin, `GET /groups/${group}?$expand=members($select=id),owners&$select=id`);
    assert.deepEqual(shown.body.members.map(({ id }: { id: string }) => id).sort(), [lenny, carl].sort());
    assert.equal(shown.body.owners[0].displayName, 'carl');
    const half = await api.call(admin, `PATCH /groups/${group}`, {
      description: 'three',
      'members@odata.bind': [bind(admin.id), bind(randomUUID())],
    });
    assert.equal(half.status, 404);
    assert.equal((await api.call(admin, `GET /groups/${group}/members/$count`)).body, '2');
    assert.equal((await api.call(admin, `GET /groups/${group}`)).body.description, 'two');
  });

  test('a group through which roles are held is changed by those only who may assign roles', async () => {
    const { admin, tenantId, domain } = await api.makeTenant();
    const body = { isAssignableToRole: true };
    const group = await createGroup(admin, 'role holders', body);
    const user = await createUser(admin, domain, 'disco');
    const role = { roleDefinitionId: 'fdd7a751-b60b-444a-984c-02652fe8fa1c', principalId: user };
    assert.equal((await api.call(admin, 'POST /roleManagement/directory/roleAssignments', role)).status, 201);
    const disco = { tenantId, id: user, may: ['Group.ReadWrite.All'] };
    for (const request of [`POST /groups/${group}/members/$ref`, `POST /groups/${group}/owners/$ref`]) {
      assert.equal((await api.call(disco, request, reference(user))).status, 403);
    }
    assert.equal((await api.call(disco, `DELETE /groups/${group}`)).status, 403);
    const another = { ...body, displayName: 'x', mailNickname: 'x', mailEnabled: false, securityEnabled: true };
    assert.equal((await api.call(disco, 'POST /groups', another)).status, 403);
    assert.equal((await api.call(admin, `POST /groups/${group}/members/$ref`, reference(user))).status, 204);
  });

  test('deleted items are listed by kind, read, restored and purged', async () => {
    const { admin, domain } = await api.makeTenant();
    const [group, user] = [await createGroup(admin, 'short'), await createUser(admin, domain, 'grimes')];
    await api.call(admin, `POST /groups/${group}/members/$ref`, reference(user));
    await api.call(admin, `DELETE /users/${user}`);
    assert.equal((await api.call(admin, `GET /groups/${group}/members/$count`)).body, '0');
    assert.equal((await api.call(admin, 'GET /directory/deletedItems')).status, 400);
    const deleted = await api.call(admin, 'GET /directory/deletedItems/microsoft.graph.user');
    assert.deepEqual(idsOf(deleted), [user]);
    assert.equal((await api.call(admin, `GET /directory/deletedItems/${user}?$select=deletedDateTime`)).status, 200);
    const role = {
      roleDefinitionId: 'fdd7a751-b60b-444a-984c-02652fe8fa1c',
      principalId: await createUser(admin, domain, 'hank'),
    };
    await api.call(admin, 'POST /roleManagement/directory/roleAssignments', role);
    const hank = { ...admin, id: role.principalId };
    assert.equal(
      (await api.call(hank, `POST /directory/deletedItems/${user}/restore`)).status,
      403,
      'a user is no group',
    );
    const restored = await api.call(admin, `POST /directory/deletedItems/${user}/restore`);
    assert.deepEqual([restored.status, restored.body.id], [200, user]);
    assert.equal((await api.call(admin, `GET /groups/${group}/members/$count`)).body, '1');
    await api.call(admin, `DELETE /users/${user}`);
    assert.equal((await api.call(admin, `DELETE /directory/deletedItems/${user}`)).status, 204);
    assert.equal((await api.call(admin, `GET /directory/deletedItems/${user}`)).status, 404);
  });

  test('objects of mixed kinds are read by their ids', async () => {
    const { admin } = await api.makeTenant();
    const group = await createGroup(admin, 'byid');
    const body = { ids: [admin.id, group.toUpperCase(), group, randomUUID()] };
    const all = await api.call(admin, 'POST /directoryObjects/getByIds', body);
    assert.deepEqual(idsOf(all), [admin.id, group].sort());
    const users = await api.call(admin, 'POST /directoryObjects/getByIds', { ...body, types: ['user'] });
    assert.deepEqual(idsOf(users), [admin.id]);
    const one = await api.call(admin, `GET /directoryObjects/${group}`);
    assert.equal(one.body['@odata.type'], '#microsoft.graph.group');
  });

  test('nothing of all this was a bug', () => assert.deepEqual(api.bugs, []));
});
