import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DirectoryObject, Filter, Link, LinkPage, Page, PagePosition, Relation } from '../../directory/index.ts';
import type { OpenedDatabase } from './database.ts';
import { objectOf, person } from './objects.ts';
import { readChanges } from './read-changes.ts';

const at = new Date(1000);

function linkOf(relation: Relation, from: DirectoryObject, to: DirectoryObject): Link {
  return { relation, fromId: from.id, fromKind: from.kind, toId: to.id, toKind: to.kind };
}

const group = (displayName: string) => objectOf('group', { displayName, mailEnabled: false, securityEnabled: true });

async function readAll(
  read: (page: LinkPage) => Promise<Page<DirectoryObject>>,
  limit: number,
  kind?: LinkPage['kind'],
) {
  const ids: string[] = [];
  let after: PagePosition | undefined;
  do {
    const page = await read({ limit, ...(kind && { kind }), ...(after && { after }) });
    ids.push(...page.items.map(({ id }) => id));
    after = page.nextAfter;
  } while (after);
  return ids;
}

/** What any store of links must do. Nesting is compared with an oracle elsewhere. */
export function linkConformance({ storage }: OpenedDatabase): void {
  const keep = async (tenantId: string, objects: DirectoryObject[], links: Link[]) => {
    await storage.write(async (stores) => {
      await stores.objects.insert(tenantId, objects);
      for (const link of links) await stores.links.add(tenantId, link, at);
    });
  };
  const setDeleted = (tenantId: string, before: DirectoryObject, deletedAt: Date | null) => {
    const after = { ...before, deletedAt, version: before.version + 1 };
    return storage.write(async ({ objects }) => {
      await objects.setDeleted(tenantId, before, after);
      return after;
    });
  };

  test('adding and removing a link is idempotent, says whether it changed anything, and is told once', async () => {
    const [from, to] = [group('g'), person('idempotent')];
    await keep('tenant-1', [from, to], []);
    const link = linkOf('member', from, to);
    const place = await storage.read.changes.end();
    const add = () => storage.write(({ links }) => links.add('tenant-1', link, at));
    const remove = () => storage.write(({ links }) => links.remove('tenant-1', link, at));
    assert.deepEqual([await add(), await add()], [true, false]);
    assert.equal(await storage.read.links.has('tenant-1', link), true);
    assert.equal(await storage.read.links.has('tenant-2', link), false);
    assert.equal(await storage.read.links.has('tenant-1', { ...link, relation: 'owner' }), false);
    assert.deepEqual([await remove(), await remove()], [true, false]);
    assert.equal(await storage.read.links.has('tenant-1', link), false);
    const changes = await readChanges(storage, place, 2, 'tenant-1');
    const detail = { relation: 'member', toId: to.id, toKind: 'user' };
    assert.deepEqual(
      changes.map((change) => [change.objectId, change.verb, change.detail]),
      [
        [from.id, 'linked', detail],
        [from.id, 'unlinked', detail],
      ],
    );
  });

  test('many links of one object are added and removed together, and only those that change are told', async () => {
    const [all, inner] = [group('many'), group('inner')];
    const people = Array.from({ length: 20 }, (_, index) => person(`many-${index}`));
    const members = [inner, ...people];
    const [first] = people;
    assert.ok(first);
    await keep('tenant-many', [all, ...members], [linkOf('member', all, first)]);
    const links = members.map((member) => linkOf('member', all, member));
    const place = await storage.read.changes.end();
    const added = await storage.write((stores) => stores.links.addMany('tenant-many', links, at));
    assert.deepEqual(
      added.map(({ toId }) => toId),
      [inner, ...people.slice(1)].map(({ id }) => id),
    );
    assert.deepEqual(await storage.write((stores) => stores.links.addMany('tenant-many', links, at)), []);
    assert.deepEqual(await storage.read.links.listTransitiveGroupIds('tenant-many', inner.id), [all.id]);
    const removed = await storage.write((stores) => stores.links.removeMany('tenant-many', links, at));
    assert.deepEqual(removed, links);
    assert.deepEqual(await storage.write((stores) => stores.links.removeMany('tenant-many', links, at)), []);
    assert.equal(await storage.read.links.countTo('tenant-many', 'member', all.id), 0);
    const told = added.length + removed.length;
    assert.equal((await readChanges(storage, place, told, 'tenant-many')).length, told);
    assert.deepEqual(await storage.write((stores) => stores.links.addMany('tenant-many', [], at)), []);
  });

  test('links of many objects are read together, from either side, without deleted objects', async () => {
    const [one, two] = [group('one'), group('two')];
    const [marge, homer] = [person('pair-marge'), person('pair-homer')];
    await keep(
      'tenant-pairs',
      [one, two, marge, homer],
      [linkOf('member', one, marge), linkOf('member', two, marge), linkOf('member', two, homer)],
    );
    const pairs = async (side: 'pointing' | 'pointedTo', ids: string[]) =>
      (await storage.read.links.listOfMany('tenant-pairs', 'member', side, ids))
        .map(({ id, other }) => `${id} ${other.id}`)
        .sort();
    assert.deepEqual(
      await pairs('pointedTo', [marge.id, homer.id]),
      [`${marge.id} ${one.id}`, `${marge.id} ${two.id}`, `${homer.id} ${two.id}`].sort(),
    );
    assert.deepEqual(await pairs('pointing', [one.id]), [`${one.id} ${marge.id}`]);
    assert.deepEqual(await pairs('pointing', []), []);
    await setDeleted('tenant-pairs', marge, at);
    assert.deepEqual(await pairs('pointing', [one.id, two.id]), [`${two.id} ${homer.id}`]);
  });

  test('objects are filtered by what they point to and by what points to them', async () => {
    const [guides, empty] = [group('guides'), group('empty')];
    const [anna, boss, gone] = [person('linked-anna'), person('linked-boss'), person('linked-gone')];
    await keep(
      'tenant-linked',
      [guides, empty, anna, boss, gone],
      [linkOf('member', guides, anna), linkOf('member', guides, gone), linkOf('manager', anna, boss)],
    );
    await setDeleted('tenant-linked', gone, at);
    const found = async (kind: 'user' | 'group', filter: Filter) => {
      const { objects } = storage.read;
      const { items } = await objects.list('tenant-linked', { kind, filter, limit: 10 });
      assert.equal(await objects.count('tenant-linked', kind, filter), items.length);
      return items.map(({ id }) => id);
    };
    const inGuides: Filter = { op: 'pointedToBy', relation: 'member', id: guides.id };
    assert.deepEqual(await found('user', inGuides), [anna.id]);
    assert.deepEqual(await found('user', { op: 'not', term: inGuides }), [boss.id]);
    assert.deepEqual(await found('group', { op: 'pointsTo', relation: 'member', id: anna.id }), [guides.id]);
    assert.deepEqual(await found('group', { op: 'pointsTo', relation: 'member', id: gone.id }), []);
    assert.deepEqual(await found('user', { op: 'pointsTo', relation: 'manager', id: boss.id }), [anna.id]);
    const both: Filter = { op: 'and', terms: [inGuides, { op: 'eq', attribute: 'displayName', value: 'linked-anna' }] };
    assert.deepEqual(await found('user', both), [anna.id]);
    assert.deepEqual(await found('user', { op: 'or', terms: [inGuides, inGuides] }), [anna.id]);
  });

  test('links are listed from both ends, page by page, of one kind or of all', async () => {
    const all = group('all');
    const people = Array.from({ length: 5 }, (_, index) => person(`listed-${index}`));
    const groups = [group('x'), group('y')];
    const members = [...groups, ...people];
    await keep(
      'tenant-list',
      [all, ...members],
      members.map((member) => linkOf('member', all, member)),
    );
    const { links } = storage.read;
    const ids = (objects: DirectoryObject[]) => objects.map(({ id }) => id);
    for (const limit of [1, 2, 3, 100]) {
      const to = (page: LinkPage) => links.listTo('tenant-list', 'member', all.id, page);
      assert.deepEqual(await readAll(to, limit), ids(members));
      assert.deepEqual(await readAll(to, limit, 'user'), ids(people));
      assert.deepEqual(await readAll(to, limit, 'group'), ids(groups));
      assert.deepEqual(await readAll(to, limit, 'servicePrincipal'), []);
    }
    const [first] = people;
    assert.ok(first);
    const from = (page: LinkPage) => links.listFrom('tenant-list', 'member', first.id, page);
    assert.deepEqual(await readAll(from, 10), [all.id]);
    assert.equal(await links.countTo('tenant-list', 'member', all.id), 7);
    assert.equal(await links.countTo('tenant-list', 'member', all.id, 'user'), 5);
  });

  test('a deleted member is in no list, but a member again when it is restored', async () => {
    const [all, member] = [group('all'), person('comes-back')];
    await keep('tenant-deleted', [all, member], [linkOf('member', all, member)]);
    const list = () => readAll((page) => storage.read.links.listTo('tenant-deleted', 'member', all.id, page), 10);
    const deleted = await setDeleted('tenant-deleted', member, at);
    assert.deepEqual(await list(), []);
    assert.equal(await storage.read.links.countTo('tenant-deleted', 'member', all.id), 0);
    await setDeleted('tenant-deleted', deleted, null);
    assert.deepEqual(await list(), [member.id]);
  });

  test('members of nested groups are listed once, page by page, and groups of a member among those asked for', async () => {
    const [top, left, right] = [group('top'), group('left'), group('right')];
    const people = Array.from({ length: 4 }, (_, index) => person(`nested-${index}`));
    const [first] = people;
    assert.ok(first);
    await keep(
      'tenant-nested',
      [top, left, right, ...people],
      [
        linkOf('member', top, left),
        linkOf('member', top, right),
        ...people.map((one) => linkOf('member', left, one)),
        linkOf('member', right, first),
      ],
    );
    const { links } = storage.read;
    const members = (page: LinkPage) => links.listTransitiveMembers('tenant-nested', top.id, page);
    const ids = people.map(({ id }) => id);
    assert.deepEqual(await readAll(members, 2, 'user'), ids);
    assert.deepEqual(await readAll(members, 2), [left.id, right.id, ...ids]);
    const groupsOf = (among?: string[]) => links.listTransitiveGroupIds('tenant-nested', first.id, among);
    assert.deepEqual(await groupsOf(), [top.id, left.id, right.id]);
    assert.deepEqual(await groupsOf([top.id, 'nobody']), [top.id]);
    assert.deepEqual(await groupsOf([]), []);
  });

  test('a group that is made its own member through three others, also by two at once, is refused', async () => {
    const ring = ['a', 'b', 'c', 'd'].map(group);
    const steps = ring.map((from, index) => linkOf('member', from, ring[(index + 1) % 4] ?? from));
    const [closing, ...chain] = steps;
    assert.ok(closing);
    await keep('tenant-ring', ring, chain);
    const add = (link: Link) => storage.write(({ links }) => links.add('tenant-ring', link, at));
    await assert.rejects(add(closing), { code: 'directory.group_cycle' });
    assert.equal(await storage.read.links.has('tenant-ring', closing), false);

    const [one, two] = [group('one'), group('two')];
    await keep('tenant-ring', [one, two], []);
    const outcomes = await Promise.allSettled([add(linkOf('member', one, two)), add(linkOf('member', two, one))]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  test('groups that would nest over too many paths are refused', async () => {
    const layers = Array.from({ length: 30 }, (_, index) => [group(`l${index}`), group(`r${index}`)]);
    await keep('tenant-layers', layers.flat(), []);
    const join = (upper: DirectoryObject[] = [], lower: DirectoryObject[] = []) =>
      storage.write(async ({ links }) => {
        for (const from of upper)
          for (const to of lower) await links.add('tenant-layers', linkOf('member', from, to), at);
      });
    const joining = async () => {
      for (const [index, upper] of layers.slice(0, -1).entries()) await join(upper, layers[index + 1]);
    };
    await assert.rejects(joining(), { code: 'directory.nesting_too_complex' });
  });
}
