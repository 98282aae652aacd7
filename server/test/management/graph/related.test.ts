import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { type Bearer, openGraphApi } from './graph-api.ts';

interface Listed {
  body: {
    value: { displayName: string }[];
    '@odata.count'?: number;
    '@odata.nextLink'?: string;
    error?: { message: string };
  };
  status: number;
}

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const reference = (id: string) => ({ '@odata.id': `https://hub.test/v1.0/directoryObjects/${id}` });
  const namesOf = ({ body }: Listed) => body.value.map(({ displayName }) => displayName);
  const join = async (admin: Bearer, group: string, member: string) =>
    assert.equal((await api.call(admin, `POST /groups/${group}/members/$ref`, reference(member))).status, 204);

  /** A group with the users Ann, Abe, Bob and the group Alphas, in which is Amy. */
  async function makeGroups() {
    const { admin, domain } = await api.makeTenant();
    const groupOf = async (displayName: string) => {
      const body = { displayName, mailNickname: displayName, mailEnabled: false, securityEnabled: true };
      return (await api.call(admin, 'POST /groups', body)).body.id as string;
    };
    const userOf = async (displayName: string) => {
      const body = { userPrincipalName: `${displayName}@${domain}`, displayName, accountEnabled: true };
      return (await api.call(admin, 'POST /users', body)).body.id as string;
    };
    const [all, nested] = [await groupOf('Zebras'), await groupOf('Alphas')];
    const users = {
      ann: await userOf('Ann'),
      abe: await userOf('Abe'),
      bob: await userOf('Bob'),
      amy: await userOf('Amy'),
    };
    await userOf('Adam, who is in no group');
    for (const member of [users.ann, users.abe, users.bob, nested]) await join(admin, all, member);
    await join(admin, nested, users.amy);
    return { admin, all, nested, users };
  }

  const query = (options: Record<string, string>) => `?${new URLSearchParams(options)}`;
  const startsWithA = query({ $filter: "startswith(displayName,'A')", $count: 'true' });

  test('members are filtered and counted, whatever kind they are', async () => {
    const { admin, all } = await makeGroups();
    const listed: Listed = await api.call(admin, `GET /groups/${all}/members${startsWithA}`);
    assert.deepEqual(namesOf(listed).sort(), ['Abe', 'Alphas', 'Ann']);
    assert.equal(listed.body['@odata.count'], 3);
    const users: Listed = await api.call(admin, `GET /groups/${all}/members/microsoft.graph.user${startsWithA}`);
    assert.deepEqual(namesOf(users).sort(), ['Abe', 'Ann']);
  });

  test('pages of filtered members come one after the other, each member once', async () => {
    const { admin, all } = await makeGroups();
    const found: string[] = [];
    let address: string | undefined =
      `/groups/${all}/members${query({ $filter: "startswith(displayName,'A')", $top: '1' })}`;
    for (let pages = 0; address !== undefined; pages++) {
      assert.ok(pages < 6);
      const page: Listed = await api.call(admin, `GET ${address}`);
      assert.equal(page.status, 200, page.body.error?.message);
      found.push(...namesOf(page));
      address = page.body['@odata.nextLink']?.replace(/^.*\/v1\.0/, '');
    }
    assert.deepEqual(found.sort(), ['Abe', 'Alphas', 'Ann']);
  });

  test('members of one kind are sorted; an order over several kinds is refused with advice', async () => {
    const { admin, all } = await makeGroups();
    const order = query({ $orderby: 'displayName desc', $top: '2' });
    const first: Listed = await api.call(admin, `GET /groups/${all}/members/microsoft.graph.user${order}`);
    assert.deepEqual(namesOf(first), ['Bob', 'Ann']);
    const next: Listed = await api.call(admin, `GET ${first.body['@odata.nextLink']?.replace(/^.*\/v1\.0/, '')}`);
    assert.deepEqual(namesOf(next), ['Abe']);
    const mixed: Listed = await api.call(admin, `GET /groups/${all}/members${order}`);
    assert.equal(mixed.status, 400);
    assert.match(mixed.body.error?.message ?? '', /microsoft\.graph\.user/);
  });

  test('members of nested groups, memberships and direct reports are filtered and counted', async () => {
    const { admin, all, users } = await makeGroups();
    const below: Listed = await api.call(admin, `GET /groups/${all}/transitiveMembers${startsWithA}`);
    assert.deepEqual(namesOf(below).sort(), ['Abe', 'Alphas', 'Amy', 'Ann']);
    const above: Listed = await api.call(admin, `GET /users/${users.amy}/transitiveMemberOf${startsWithA}`);
    assert.deepEqual([namesOf(above), above.body['@odata.count']], [['Alphas'], 1]);
    const direct: Listed = await api.call(admin, `GET /users/${users.amy}/memberOf${query({ $count: 'true' })}`);
    assert.deepEqual([namesOf(direct), direct.body['@odata.count']], [['Alphas'], 1]);
    const none: Listed = await api.call(admin, `GET /users/${users.amy}/directReports${startsWithA}`);
    assert.deepEqual([none.body.value, none.body['@odata.count']], [[], 0]);
  });

  test('members are searched, and a property that no kind has is refused', async () => {
    const { admin, all } = await makeGroups();
    const search = query({ $search: '"displayName:an"' });
    const eventual = { consistencylevel: 'eventual' };
    const found: Listed = await api.call(admin, `GET /groups/${all}/members${search}`, undefined, eventual);
    assert.deepEqual([found.status, namesOf(found)], [200, ['Ann']]);
    const unknown: Listed = await api.call(admin, `GET /groups/${all}/members${query({ $filter: "shoeSize eq 'x'" })}`);
    assert.equal(unknown.status, 400);
    assert.match(unknown.body.error?.message ?? '', /shoeSize/);
  });
});
