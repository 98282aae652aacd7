import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { type Bearer, type GraphAnswer, openGraphApi } from './graph-api.ts';

onEachDatabase(({ engine, storage }) => {
  const api = openGraphApi(storage);
  const createUser = async (admin: Bearer, domain: string, name: string) => {
    const body = { userPrincipalName: `${name}@${domain}`, displayName: name, accountEnabled: true };
    return (await api.call(admin, 'POST /users', body)).body.id as string;
  };
  const createGroup = async (admin: Bearer, displayName: string) => {
    const body = { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true };
    return (await api.call(admin, 'POST /groups', body)).body.id as string;
  };
  const reference = (id: string) => ({ '@odata.id': `https://hub.test/v1.0/directoryObjects/${id}` });

  /** All items of a round, and the link to the next one. */
  async function round(admin: Bearer, address: string, headers: Record<string, string> = {}) {
    const items: GraphAnswer['body'][] = [];
    let answer = await api.call(admin, `GET ${address}`, undefined, headers);
    while (true) {
      assert.equal(answer.status, 200, answer.body.error?.message);
      items.push(...answer.body.value);
      const next = answer.body['@odata.nextLink'];
      if (!next) return { items, deltaLink: answer.body['@odata.deltaLink'] as string };
      answer = await api.call(admin, `GET ${next}`, undefined, headers);
    }
  }

  test('a reader can keep to some users, who are named by their ids', async () => {
    const { admin, domain } = await api.makeTenant();
    const [patty, selma] = [await createUser(admin, domain, 'patty'), await createUser(admin, domain, 'selma')];
    const filter = `$filter=${encodeURIComponent(`id eq '${patty}' or id eq '${admin.id}'`)}`;
    const first = await round(admin, `/users/delta?${filter}&$select=displayName&$top=1`);
    assert.deepEqual(first.items.map(({ id }) => id).sort(), [admin.id, patty].sort());
    await api.call(admin, `PATCH /users/${selma}`, { jobTitle: 'Clerk' });
    await api.call(admin, `DELETE /users/${patty}`);
    const second = await round(admin, first.deltaLink);
    assert.deepEqual(
      second.items.map(({ id }) => id),
      [patty],
    );
    const others = first.deltaLink.replace(patty, selma);
    assert.equal((await api.call(admin, `GET ${others}`)).status, 400, 'the link is good for these users only');
    for (const refused of ["displayName eq 'x'", `id eq '${patty}' and id eq '${selma}'`, `not id eq '${patty}'`]) {
      const { status, body } = await api.call(admin, `GET /users/delta?$filter=${encodeURIComponent(refused)}`);
      assert.deepEqual([status, body.error.code], [400, 'Request_UnsupportedQuery'], refused);
    }
    const many = Array.from({ length: 51 }, () => `id eq '${patty}'`).join(' or ');
    assert.equal((await api.call(admin, `GET /groups/delta?$filter=${encodeURIComponent(many)}`)).status, 400);
  });

  test('users: first everybody, then what was created, changed, deleted and purged', async () => {
    const { admin, domain } = await api.makeTenant();
    const [patty, selma] = [await createUser(admin, domain, 'patty'), await createUser(admin, domain, 'selma')];
    const first = await round(admin, '/users/delta?$select=displayName,jobTitle&$top=1');
    assert.deepEqual(first.items.map(({ id }) => id).sort(), [admin.id, patty, selma].sort());
    assert.deepEqual(Object.keys(first.items[0]), ['id', 'displayName', 'jobTitle']);

    const nothing = await round(admin, first.deltaLink);
    assert.deepEqual(nothing.items, []);
    const otto = await createUser(admin, domain, 'otto');
    await api.call(admin, `PATCH /users/${patty}`, { jobTitle: 'Clerk' });
    await api.call(admin, `DELETE /users/${selma}`);
    const second = await round(admin, nothing.deltaLink);
    assert.deepEqual(
      new Map(second.items.map((item) => [item.id, item])),
      new Map([
        [otto, { id: otto, displayName: 'otto', jobTitle: null }],
        [patty, { id: patty, displayName: 'patty', jobTitle: 'Clerk' }],
        [selma, { id: selma, '@removed': { reason: 'changed' } }],
      ]),
    );
    await api.call(admin, `DELETE /directory/deletedItems/${selma}`);
    await api.call(admin, `PATCH /users/${patty}`, { jobTitle: 'Smoker' });
    const third = await round(admin, second.deltaLink, { prefer: 'return=minimal' });
    assert.deepEqual(
      new Map(third.items.map((item) => [item.id, item])),
      new Map([
        [patty, { id: patty, jobTitle: 'Smoker' }],
        [selma, { id: selma, '@removed': { reason: 'deleted' } }],
      ] as [string, object][]),
    );
  });

  test('groups: members come with the group, and later what was added and removed', async () => {
    const { admin, domain } = await api.makeTenant();
    const [group, user] = [await createGroup(admin, 'watched'), await createUser(admin, domain, 'rod')];
    await api.call(admin, `POST /groups/${group}/members/$ref`, reference(user));
    const first = await round(admin, '/groups/delta?$select=displayName,members');
    const member = { '@odata.type': '#microsoft.graph.user', id: user };
    assert.deepEqual(first.items, [{ id: group, displayName: 'watched', 'members@delta': [member] }]);
    await api.call(admin, `POST /groups/${group}/members/$ref`, reference(admin.id));
    await api.call(admin, `DELETE /groups/${group}/members/${user}/$ref`);
    const second = await round(admin, first.deltaLink);
    assert.deepEqual(second.items, [
      {
        id: group,
        displayName: 'watched',
        'members@delta': [
          { '@odata.type': '#microsoft.graph.user', id: admin.id },
          { ...member, '@removed': { reason: 'deleted' } },
        ],
      },
    ]);
    const without = await round(admin, '/groups/delta?$select=displayName');
    assert.deepEqual(without.items, [{ id: group, displayName: 'watched' }]);
  });

  test('a group with more members than fit on a page is told in parts, each member once', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const group = await createGroup(admin, 'large');
    const ids = Array.from(
      { length: 1300 },
      (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    );
    await storage.write(async (stores) => {
      for (const id of ids) {
        const attributes = { userPrincipalName: `${id}@x.example`, displayName: id, accountEnabled: true };
        const now = new Date();
        const user = {
          id,
          kind: 'user' as const,
          attributes,
          createdAt: now,
          modifiedAt: now,
          deletedAt: null,
          version: 1,
        };
        await stores.objects.insert(tenantId, [user]);
        const link = { relation: 'member', fromId: group, fromKind: 'group', toId: id, toKind: 'user' } as const;
        await stores.links.add(tenantId, link, now);
      }
    });
    const { items, deltaLink } = await round(admin, '/groups/delta');
    assert.ok(items.length > 1 && items.every(({ id }) => id === group));
    const members = items.flatMap((item) => item['members@delta'].map(({ id }: { id: string }) => id));
    assert.deepEqual(members.sort(), ids);

    await api.call(admin, `DELETE /groups/${group}`);
    const removed = await round(admin, deltaLink);
    assert.deepEqual(removed.items, [{ id: group, '@removed': { reason: 'changed' } }]);
    await api.call(admin, `POST /directory/deletedItems/${group}/restore`);
    const restored = await round(admin, removed.deltaLink);
    const again = restored.items.flatMap((item) => item['members@delta'].map(({ id }: { id: string }) => id));
    assert.deepEqual(again.sort(), ids, 'a group that comes back brings its members');
    assert.deepEqual((await round(admin, restored.deltaLink)).items, []);
  });

  test('$deltatoken=latest skips what is there already', async () => {
    const { admin, domain } = await api.makeTenant();
    const { items, deltaLink } = await round(admin, '/users/delta?$deltatoken=latest');
    assert.deepEqual(items, []);
    const user = await createUser(admin, domain, 'todd');
    assert.deepEqual(
      (await round(admin, deltaLink)).items.map(({ id }) => id),
      [user],
    );
  });

  test('a token that is not ours is refused, and one of another feed leads to a new start', async () => {
    const { admin } = await api.makeTenant();
    const { deltaLink } = await round(admin, '/users/delta?$select=displayName');
    const other = await api.makeTenant();
    assert.equal((await api.call(other.admin, `GET ${deltaLink}`)).status, 400);
    assert.equal((await api.call(admin, `GET ${deltaLink}x`)).status, 400);
    assert.equal((await api.call(admin, `GET ${deltaLink.replace('/users/', '/groups/')}`)).status, 400);
    // As a restore does it: the feed is another one now.
    await engine.write((query) =>
      query.updateTable('meta').set({ value: crypto.randomUUID() }).where('name', '=', 'feed_id').execute(),
    );
    const answer = await api.call(admin, `GET ${deltaLink}`);
    assert.deepEqual([answer.status, answer.body.error.code], [410, 'resyncRequired']);
    assert.equal(answer.headers['location'], 'https://hub.test/v1.0/users/delta?$select=displayName');
    assert.equal((await api.call(admin, `GET ${answer.headers['location']}`)).status, 200);
  });

  test('nothing of all this was a bug', () => assert.deepEqual(api.bugs, []));
});
