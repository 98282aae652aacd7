import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attributes, DirectoryObject, ObjectKind, ObjectQuery, PagePosition } from '../../directory/index.ts';
import type { OpenedDatabase } from './database.ts';
import { readChanges } from './read-changes.ts';

let made = 0;

export function objectOf(kind: ObjectKind, attributes: Attributes, at = 1000): DirectoryObject {
  const id = `${kind}-${String(made++).padStart(5, '0')}`;
  const time = new Date(at);
  return { id, kind, attributes, createdAt: time, modifiedAt: time, deletedAt: null, version: 1 };
}

export function person(name: string, attributes: Attributes = {}): DirectoryObject {
  const own = { userPrincipalName: `${name}@jogcloud.com`, displayName: name, accountEnabled: true };
  return objectOf('user', { ...own, ...attributes });
}

/** The object after a change of its document. */
export function changed(before: DirectoryObject, attributes: Attributes, at = 2000): DirectoryObject {
  return { ...before, attributes, modifiedAt: new Date(at), version: before.version + 1 };
}

/** What any store of directory objects must do. Filters and orders are compared with an oracle elsewhere. */
export function objectConformance({ storage, engine }: OpenedDatabase): void {
  const insert = async (tenantId: string, ...objects: DirectoryObject[]) => {
    await storage.write(async (stores) => {
      await stores.objects.insert(tenantId, objects);
    });
  };
  const setDeleted = (tenantId: string, before: DirectoryObject, deletedAt: number | null) => {
    const after = {
      ...before,
      deletedAt: deletedAt === null ? null : new Date(deletedAt),
      version: before.version + 1,
    };
    return storage.write(async ({ objects }) => {
      await objects.setDeleted(tenantId, before, after);
      return after;
    });
  };

  test('an object comes back as it was kept, in its tenant only', async () => {
    const marge = person('marge', { otherMails: ['m@x.example', 'marge@x.example'], employeeHireDate: '2026-03-01' });
    await insert('tenant-1', marge);
    const { objects } = storage.read;
    assert.deepEqual(await objects.find('tenant-1', marge.id), marge);
    assert.deepEqual(await objects.findByName('tenant-1', 'userPrincipalName', 'MARGE@JogCloud.com'), marge);
    assert.equal(await objects.find('tenant-2', marge.id), undefined);
    assert.equal(await objects.findByName('tenant-2', 'userPrincipalName', 'marge@jogcloud.com'), undefined);
    for (const noName of ['', '\0', '\ud800']) {
      assert.equal(await objects.findByName('tenant-1', 'userPrincipalName', noName), undefined);
    }
    assert.deepEqual(await objects.findMany('tenant-2', [marge.id]), []);
    assert.deepEqual((await objects.list('tenant-2', { kind: 'user', limit: 10 })).items, []);
  });

  test('many objects come back in the order in which they were asked for, each once', async () => {
    const people = ['a', 'b', 'c'].map((name) => person(name));
    await insert('tenant-many', ...people);
    const [a, b, c] = people;
    assert.ok(a && b && c);
    const found = await storage.read.objects.findMany('tenant-many', [c.id, 'nobody', a.id, c.id]);
    assert.deepEqual(found, [c, a]);
  });

  test('objects that are added together are all kept or none, and each is told to the change feed', async () => {
    const people = Array.from({ length: 150 }, (_, number) => person(`together-${number}`));
    await insert('tenant-together', ...people);
    const { objects } = storage.read;
    assert.equal(await objects.count('tenant-together', 'user'), people.length);
    const told = await readChanges(storage, { transaction: 0, sequence: 0 }, people.length, 'tenant-together');
    assert.deepEqual(
      told.map(({ objectId, verb }) => [objectId, verb]),
      people.map(({ id }) => [id, 'created']),
    );
    const refused = { code: 'directory.name_taken' };
    await assert.rejects(insert('tenant-together', person('fresh'), person('together-7')), refused);
    await assert.rejects(insert('tenant-together', person('twice'), person('Twice')), refused);
    assert.equal(await objects.count('tenant-together', 'user'), people.length);
    await insert('tenant-together', person('fresh'), person('twice'));
  });

  test('of objects with one unique name that are made at once, exactly one is kept', async () => {
    const twins = Array.from({ length: 8 }, () => person('twin', { otherMails: ['x@y.example'] }));
    const outcomes = await Promise.allSettled(twins.map((twin) => insert('tenant-twins', twin)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'directory.name_taken');
    }
    assert.equal(await storage.read.objects.count('tenant-twins', 'user'), 1);
  });

  test('names compare folded, sign-in names of other providers exactly', async () => {
    const identity = (signInType: string, issuerAssignedId: string) => [
      { signInType, issuer: 'idp.example', issuerAssignedId },
    ];
    await insert('tenant-names', person('one', { identities: identity('federated', 'Abc') }));
    await insert('tenant-names', person('two', { identities: identity('federated', 'abc') }));
    await insert('tenant-names', person('three', { identities: identity('emailAddress', 'Me@x.example') }));
    const taken = insert('tenant-names', person('four', { identities: identity('emailAddress', 'me@X.example') }));
    await assert.rejects(taken, { code: 'directory.name_taken' });
    await assert.rejects(insert('tenant-names', person('ＯＮＥ')), { code: 'directory.name_taken' });
  });

  test('a change moves names and index entries, and frees the old name', async () => {
    const before = person('old-name', { department: 'Safety', otherMails: ['a@x.example', 'b@x.example'] });
    const after = changed(before, {
      userPrincipalName: 'new-name@jogcloud.com',
      displayName: 'New',
      accountEnabled: true,
      otherMails: ['b@x.example', 'c@x.example'],
    });
    await insert('tenant-change', before);
    await storage.write(({ objects }) => objects.update('tenant-change', before, after));
    const { objects } = storage.read;
    assert.deepEqual(await objects.find('tenant-change', before.id), after);
    assert.equal(await objects.findByName('tenant-change', 'userPrincipalName', 'old-name@jogcloud.com'), undefined);
    assert.deepEqual(await objects.findByName('tenant-change', 'userPrincipalName', 'new-name@jogcloud.com'), after);
    const has = async (attribute: string, value: string) =>
      (await objects.count('tenant-change', 'user', { op: 'eq', attribute, value })) === 1;
    assert.equal(await has('department', 'Safety'), false);
    assert.equal(await has('otherMails', 'a@x.example'), false);
    assert.equal(await has('otherMails', 'b@x.example'), true);
    assert.equal(await has('otherMails', 'c@x.example'), true);
    await insert('tenant-change', person('old-name'));
  });

  test('a change that is built on an old state is refused and changes nothing', async () => {
    const first = person('versions');
    await insert('tenant-versions', first);
    const second = changed(first, { ...first.attributes, city: 'Springfield' });
    await storage.write(({ objects }) => objects.update('tenant-versions', first, second));
    const late = storage.write(({ objects }) =>
      objects.update('tenant-versions', first, changed(first, { ...first.attributes, city: 'Shelbyville' })),
    );
    await assert.rejects(late, { code: 'directory.changed_meanwhile' });
    assert.deepEqual(await storage.read.objects.find('tenant-versions', first.id), second);
  });

  test('changes that read the object to change it follow each other and none is lost', async () => {
    const counted = objectOf('group', { displayName: 'counter', description: '0' });
    await insert('tenant-queue', counted);
    const count = () =>
      storage.write(async ({ objects }) => {
        const before = await objects.findToChange('tenant-queue', counted.id);
        assert.ok(before);
        const description = String(Number(before.attributes['description']) + 1);
        await objects.update('tenant-queue', before, changed(before, { ...before.attributes, description }));
      });
    await Promise.all(Array.from({ length: 12 }, count));
    const after = await storage.read.objects.find('tenant-queue', counted.id);
    assert.equal(after?.attributes['description'], '12');
  });

  test('a deleted object keeps its document but is found no more, and its name is free', async () => {
    const marge = person('deleted-marge', { department: 'Safety' });
    await insert('tenant-delete', marge);
    const deleted = await setDeleted('tenant-delete', marge, 5000);
    const { objects } = storage.read;
    assert.equal(await objects.find('tenant-delete', marge.id), undefined);
    assert.deepEqual(await objects.find('tenant-delete', marge.id, true), deleted);
    assert.deepEqual(await objects.findMany('tenant-delete', [marge.id]), []);
    assert.equal(
      await objects.findByName('tenant-delete', 'userPrincipalName', 'deleted-marge@jogcloud.com'),
      undefined,
    );
    assert.equal(await objects.count('tenant-delete', 'user'), 0);
    const left = engine.reader
      .selectFrom('directory_value')
      .select('attribute')
      .where('tenant_id', '=', 'tenant-delete');
    assert.deepEqual(await left.execute(), [], 'no index entry is left');

    await insert('tenant-delete', person('deleted-marge'));
    await assert.rejects(setDeleted('tenant-delete', deleted, null), { code: 'directory.name_taken' });
  });

  test('a restored object is found by everything again', async () => {
    const homer = person('restored-homer', { department: 'Safety' });
    await insert('tenant-restore', homer);
    const restored = await setDeleted('tenant-restore', await setDeleted('tenant-restore', homer, 5000), null);
    const { objects } = storage.read;
    assert.deepEqual(await objects.find('tenant-restore', homer.id), restored);
    const byName = await objects.findByName('tenant-restore', 'userPrincipalName', 'restored-homer@jogcloud.com');
    assert.deepEqual(byName, restored);
    const filter = { op: 'eq', attribute: 'department', value: 'safety' } as const;
    assert.deepEqual((await objects.list('tenant-restore', { kind: 'user', filter, limit: 2 })).items, [restored]);
  });

  test('deleted objects are listed by the time of their deletion, of one kind or of all tenants', async () => {
    const people = ['d1', 'd2', 'd3'].map((name) => person(name));
    await insert('tenant-bin', ...people);
    for (const [index, one] of people.entries()) await setDeleted('tenant-bin', one, 9000 - Math.floor(index / 2));
    const ids: string[] = [];
    let after: PagePosition | undefined;
    do {
      const page = await storage.read.objects.listDeleted('tenant-bin', 'user', 1, after);
      ids.push(...page.items.map(({ id }) => id));
      after = page.nextAfter;
    } while (after);
    const [first, second, third] = people.map(({ id }) => id);
    assert.deepEqual(ids, [third, first, second]);
    assert.deepEqual((await storage.read.objects.listDeleted('tenant-bin', 'group', 10)).items, []);
    const expired = await storage.read.objects.listDeletedBefore(new Date(9000), 100);
    const here = expired.filter(({ tenantId }) => tenantId === 'tenant-bin');
    assert.deepEqual(
      here.map(({ object }) => object.id),
      [third],
    );
  });

  test('a purged object is gone with its links, password and assignments', async () => {
    const [gone, group] = [person('purged'), objectOf('group', { displayName: 'g', mailEnabled: false })];
    await insert('tenant-purge', gone, group);
    const member = { relation: 'member', fromId: group.id, fromKind: 'group', toId: gone.id, toKind: 'user' } as const;
    await storage.write(async ({ links, passwords, directoryRoles }) => {
      await links.add('tenant-purge', member, new Date());
      await passwords.save('tenant-purge', gone.id, { hash: 'h', mustChange: false, changedAt: new Date() });
      const assignment = {
        id: 'a',
        roleId: 'r',
        principalId: gone.id,
        principalKind: 'user' as const,
        createdAt: new Date(),
      };
      await directoryRoles.add('tenant-purge', assignment);
    });
    const deleted = await setDeleted('tenant-purge', gone, 5000);
    await storage.write(({ objects }) => objects.purge('tenant-purge', deleted, new Date()));
    assert.equal(await storage.read.objects.find('tenant-purge', gone.id, true), undefined);
    assert.equal(await storage.read.links.has('tenant-purge', member), false);
    assert.equal(await storage.read.passwords.find('tenant-purge', gone.id), undefined);
    assert.deepEqual(await storage.read.directoryRoles.list('tenant-purge'), []);
  });

  test('objects are skipped in any order, also those without a value, which come first when that is asked for', async () => {
    const people = [3, 1, 2].map((number) => person(`skip-${number}`, { department: `D${number}` }));
    const others = [4, 5].map((number) => person(`skip-${number}`));
    await insert('tenant-skip', ...people, ...others);
    const names = async (query: Pick<ObjectQuery, 'orderBy' | 'skip' | 'filter'>) => {
      const { items } = await storage.read.objects.list('tenant-skip', { kind: 'user', limit: 2, ...query });
      return items.map(({ attributes }) => attributes['displayName']);
    };
    const orders = [
      [undefined, [3, 1, 2, 4, 5]],
      [{ attribute: 'department', descending: false }, [1, 2, 3, 4, 5]],
      [{ attribute: 'department', descending: true }, [3, 2, 1, 5, 4]],
      [{ attribute: 'department', descending: true, emptyFirst: true }, [5, 4, 3, 2, 1]],
    ] as const;
    for (const [orderBy, expected] of orders) {
      for (let skip = 0; skip <= 6; skip++) {
        const wanted = expected.slice(skip, skip + 2).map((number) => `skip-${number}`);
        assert.deepEqual(await names({ skip, ...(orderBy && { orderBy }) }), wanted);
      }
    }
    const all: unknown[] = [];
    let after: PagePosition | undefined;
    const orderBy = { attribute: 'department', descending: true, emptyFirst: true };
    do {
      const page = await storage.read.objects.list('tenant-skip', {
        kind: 'user',
        limit: 1,
        orderBy,
        ...(after && { after }),
      });
      all.push(...page.items.map(({ attributes }) => attributes['displayName']));
      after = page.nextAfter;
    } while (after);
    assert.deepEqual(all, ['skip-5', 'skip-4', 'skip-3', 'skip-2', 'skip-1']);
  });

  test('a user is found by the name that it signs in with, whichever that is', async () => {
    const identities = [{ signInType: 'emailAddress', issuer: 'x.example', issuerAssignedId: 'Ned@home.example' }];
    await insert('tenant-names', person('ned', { identities }), person('moe'));
    const found = async (value: string) => {
      const filter = { op: 'eq', attribute: 'userName', value } as const;
      return (await storage.read.objects.list('tenant-names', { kind: 'user', filter, limit: 10 })).items.length;
    };
    assert.deepEqual(
      await Promise.all(['ned@HOME.example', 'ned@jogcloud.com', 'MOE@jogcloud.com'].map(found)),
      [1, 0, 1],
    );
  });

  test('a page that was begun is continued without gap or repetition while objects come and go', async () => {
    const people = Array.from({ length: 9 }, (_, index) => person(`p${index}`));
    await insert('tenant-pages', ...people);
    for (const orderBy of [undefined, { attribute: 'displayName', descending: true }]) {
      const query = { kind: 'user', limit: 4, ...(orderBy && { orderBy }) } as const;
      const first = await storage.read.objects.list('tenant-pages', query);
      assert.ok(first.nextAfter);
      const { nextAfter } = first;
      const extra = [person('zz-before'), person('aa-after')];
      await insert('tenant-pages', ...extra);
      const rest = await storage.read.objects.list('tenant-pages', { ...query, limit: 100, after: nextAfter });
      const ids = [...first.items, ...rest.items].map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, 'none comes twice');
      assert.ok(
        people.every(({ id }) => ids.includes(id)),
        'none is missing',
      );
      for (const one of extra) {
        await storage.write(async ({ objects }) => {
          const deleted = { ...one, deletedAt: new Date(), version: 2 };
          await objects.setDeleted('tenant-pages', one, deleted);
          await objects.purge('tenant-pages', deleted, new Date());
        });
      }
    }
  });

  test('texts longer than an index key are unique, found exactly, and by their first 250 characters', async () => {
    const long = 'x'.repeat(600);
    const mails = [`${long}a`, `${long}b`];
    await insert('tenant-long', person('long', { otherMails: mails }));
    const find = async (op: 'eq' | 'startsWith', value: string) =>
      (
        await storage.read.objects.list('tenant-long', {
          kind: 'user',
          filter: { op, attribute: 'otherMails', value },
          limit: 5,
        })
      ).items.length;
    assert.equal(await find('eq', `${long}a`), 1);
    assert.equal(await find('eq', `${long}c`), 0);
    assert.equal(await find('startsWith', 'x'.repeat(250)), 1);
  });

  test('an id or a name with NUL, which is none, is not found or refused', async () => {
    const { objects } = storage.read;
    for (const find of [
      () => objects.find('tenant-nul', 'a\0b'),
      () => objects.findMany('tenant-nul', ['a\0b']),
      () => objects.findByName('tenant-nul', 'userPrincipalName', 'a\0b@jogcloud.com'),
    ]) {
      const outcome = await find().catch((error) => error.code);
      assert.ok([undefined, 'storage.text_impossible'].includes(outcome) || outcome.length === 0, String(outcome));
    }
  });

  test('each write of an object is told to the change feed', async () => {
    const place = await storage.read.changes.end();
    const one = person('told');
    await insert('tenant-told', one);
    const two = changed(one, { ...one.attributes, displayName: 'New', city: 'Springfield' });
    await storage.write(({ objects }) => objects.update('tenant-told', one, two));
    const restored = await setDeleted('tenant-told', await setDeleted('tenant-told', two, 5000), null);
    const deleted = await setDeleted('tenant-told', restored, 6000);
    await storage.write(({ objects }) => objects.purge('tenant-told', deleted, new Date(7000)));
    const changes = await readChanges(storage, place, 6, 'tenant-told');
    assert.deepEqual(
      changes.map(({ verb, detail }) => [verb, detail]),
      [
        ['created', null],
        ['updated', { attributes: ['city', 'displayName'] }],
        ['deleted', null],
        ['restored', null],
        ['deleted', null],
        ['purged', null],
      ],
    );
  });
}
