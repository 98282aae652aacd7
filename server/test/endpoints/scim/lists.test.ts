import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { JsonObject } from '@countersign/scim';
import { createUser } from '../../../src/directory/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { assertError, enterprise, messages, ScimHub } from './scim-hub.ts';

onEachDatabase(({ storage }) => {
  let hub: ScimHub;
  const ids: Record<string, string> = {};
  before(async () => {
    hub = await ScimHub.open(storage);
    const people: (JsonObject & { userName: string })[] = [
      { userName: 'Anna', title: 'Guide', emails: [{ value: 'anna@example.com', type: 'work' }] },
      { userName: 'bert', title: 'Boss', emails: [{ value: 'bert@example.org', type: 'home' }], active: false },
      { userName: 'Carla', externalId: 'c-1', name: { familyName: 'Adams' }, [enterprise]: { department: 'Tours' } },
      { userName: 'dora', name: { familyName: 'Brown', givenName: 'Dora' }, roles: [{ value: 'guide' }] },
      { userName: 'emil', phoneNumbers: [{ value: '+49 1', type: 'mobile' }], nickName: 'E' },
    ];
    for (const { userName, ...more } of people) {
      ids[userName] = (await hub.user(userName, more)).id;
      hub.now = new Date(hub.now.getTime() + 1000);
    }
    await hub.patch(`/Users/${ids['emil']}`, {
      op: 'add',
      path: `${enterprise}:manager`,
      value: { value: ids['Anna'] ?? '' },
    });
    ids['guides'] = (await hub.group('Guides', [ids['Anna'] ?? '', ids['dora'] ?? ''])).id;
    await hub.group('Empty');
  });
  const users = (filter: string, more = '') => hub.found(`/Users?filter=${encodeURIComponent(filter)}${more}`);

  const filters: [filter: string, expected: string[]][] = [
    ['userName eq "anna"', ['Anna']],
    ['USERNAME EQ "ANNA"', ['Anna']],
    ['userName sw "A"', ['Anna']],
    ['userName co "AR"', ['Carla']],
    ['userName ew "a"', ['Anna', 'Carla', 'dora']],
    ['userName gt "carla"', ['dora', 'emil']],
    ['userName ne "anna"', ['bert', 'Carla', 'dora', 'emil']],
    ['externalId eq "c-1"', ['Carla']],
    ['externalId eq "C-1"', []],
    ['externalId pr', ['Carla']],
    ['not (externalId pr)', ['Anna', 'bert', 'dora', 'emil']],
    ['externalId eq null', ['Anna', 'bert', 'dora', 'emil']],
    ['title pr and active eq false', ['bert']],
    ['active eq true and title eq "guide"', ['Anna']],
    ['title eq "Boss" or name.familyName eq "adams"', ['bert', 'Carla']],
    ['(title eq "Boss" or userName eq "dora") and not (active eq false)', ['dora']],
    ['emails.value eq "ANNA@example.com"', ['Anna']],
    ['emails co "example"', ['Anna', 'bert']],
    ['emails ew "example.org"', ['bert']],
    ['emails[type eq "work"]', ['Anna']],
    ['emails[type eq "work" and value co "@example.com"]', ['Anna']],
    ['emails[type eq "home" and value co "@example.com"]', []],
    ['emails[type eq "work"].value eq "anna@example.com"', ['Anna']],
    ['emails.type eq "home"', ['bert']],
    ['not (emails[type eq "work"])', ['bert', 'Carla', 'dora', 'emil']],
    ['phoneNumbers.value eq "+49 1"', ['emil']],
    ['roles eq "guide"', ['dora']],
    ['nickName sw "e"', ['emil']],
    [`${enterprise}:department eq "tours"`, ['Carla']],
    ['meta.created gt "2026-03-01T10:00:02.9995000Z"', ['dora', 'emil']],
    ['meta.lastModified ge "2026-03-01T10:00:00Z" and meta.lastModified lt "2026-03-01T10:00:01Z"', ['Anna']],
    ['meta.resourceType eq "User" and userName sw "d"', ['dora']],
    ['userName eq "nobody"', []],
    ['userName eq "\\u00c4nne \\"x\\""', []],
  ];
  for (const [filter, expected] of filters) {
    test(`RFC 7644 3.4.2.2: ${filter}`, async () => {
      assert.deepEqual((await users(filter)).sort(), [...expected].sort());
    });
  }

  test('RFC 7644 3.4.2.2: users are found by manager and group, groups by member', async () => {
    const { Anna = '', guides = '' } = ids;
    assert.deepEqual(await users(`${enterprise}:manager.value eq "${Anna}"`), ['emil']);
    assert.deepEqual(await users(`manager eq "${Anna}"`), ['emil']);
    assert.deepEqual((await users(`groups.value eq "${guides}"`)).sort(), ['Anna', 'dora']);
    assert.deepEqual(await users(`groups.value eq "${guides}" and title pr`), ['Anna']);
    assert.deepEqual(await hub.found(`/Groups?filter=members.value eq "${Anna}"`), ['Guides']);
    assert.deepEqual(await hub.found(`/Groups?filter=members[value eq "${Anna}"] and displayName sw "g"`), ['Guides']);
    assert.deepEqual(await hub.found(`/Groups?filter=not (members pr)`), ['Empty']);
    assert.equal((await hub.get(`/Groups?filter=members eq "${Anna}"&count=0`)).body.totalResults, 1);
  });

  test('RFC 7644 3.4.2: a filter that finds nothing is answered by 200 and no results', async () => {
    const { status, body } = await hub.get('/Users?filter=userName eq "nobody"');
    assert.equal(status, 200);
    assert.deepEqual(body, {
      schemas: [`${messages}:ListResponse`],
      totalResults: 0,
      itemsPerPage: 0,
      startIndex: 1,
      Resources: [],
    });
  });

  test('RFC 7644 3.4.2.3: lists are sorted; without a value first in descending and last in ascending order', async () => {
    const sorted = (query: string) => hub.found(`/Users?attributes=userName&${query}`);
    assert.deepEqual(await sorted('sortBy=userName'), ['Anna', 'bert', 'Carla', 'dora', 'emil']);
    assert.deepEqual(await sorted('sortBy=userName&sortOrder=descending'), ['emil', 'dora', 'Carla', 'bert', 'Anna']);
    assert.deepEqual((await sorted('sortBy=name.familyName')).slice(0, 2), ['Carla', 'dora']);
    assert.deepEqual((await sorted('sortBy=name.familyName&sortOrder=descending')).slice(3), ['dora', 'Carla']);
    assert.deepEqual((await sorted('sortBy=emails')).slice(0, 2), ['Anna', 'bert']);
    assert.deepEqual(await sorted('sortBy=meta.lastModified&count=1'), ['Anna']);
    assertError(await hub.get('/Users?sortBy=name'), 400, 'invalidPath');
  });

  for (const sort of ['', '&sortBy=userName', '&sortBy=name.familyName&sortOrder=descending', '&sortBy=emails']) {
    test(`RFC 7644 3.4.2.4: pages by index show everything once (${sort || 'unsorted'})`, async () => {
      const seen: string[] = [];
      for (let startIndex = 1; startIndex <= 5; startIndex += 2) {
        const { body } = await hub.get(`/Users?startIndex=${startIndex}&count=2${sort}`);
        assert.equal(body.totalResults, 5);
        assert.equal(body.startIndex, startIndex);
        assert.equal(body.itemsPerPage, body.Resources.length);
        seen.push(...body.Resources.map(({ userName }: { userName: string }) => userName));
      }
      assert.deepEqual(seen.toSorted(), ['Anna', 'Carla', 'bert', 'dora', 'emil']);
      // A page whose predecessor nobody read is the same page.
      const other = await ScimHub.open(storage);
      other.tenant = hub.tenant;
      other.token = hub.token;
      assert.deepEqual(await other.found(`/Users?startIndex=4&count=2${sort}`), seen.slice(3));
    });

    test(`RFC 9865 2: pages by cursor show everything once (${sort || 'unsorted'})`, async () => {
      const seen: string[] = [];
      let cursor: string | undefined = '';
      while (cursor !== undefined) {
        const { status, body }: Awaited<ReturnType<ScimHub['get']>> = await hub.get(
          `/Users?cursor=${cursor}&count=2${sort}`,
        );
        assert.equal(status, 200);
        assert.equal(body.totalResults, 5);
        seen.push(...body.Resources.map(({ userName }: { userName: string }) => userName));
        cursor = body.nextCursor;
      }
      assert.deepEqual(seen.toSorted(), ['Anna', 'Carla', 'bert', 'dora', 'emil']);
    });
  }

  test('RFC 9865 2.1: a cursor of another query, of another tenant, or changed on the way is refused', async () => {
    const { body } = await hub.get('/Users?cursor=&count=2');
    const cursor: string = body.nextCursor;
    assertError(await hub.get(`/Users?cursor=${cursor}&count=2&filter=title pr`), 400, 'invalidCursor');
    assertError(await hub.get(`/Groups?cursor=${cursor}`), 400, 'invalidCursor');
    assertError(await hub.get(`/Users?cursor=${cursor}x`), 400, 'invalidCursor');
    assertError(await hub.get(`/Users?cursor=x${cursor}`), 400, 'invalidCursor');
    const other = await ScimHub.open(storage);
    assertError(await other.get(`/Users?cursor=${cursor}`), 400, 'invalidCursor');
    assertError(await hub.get('/Users?cursor=&count=0'), 400, 'invalidCount');
  });

  test('RFC 7644 3.4.2.4: unusual numbers are read as the RFC says', async () => {
    const page = async (query: string) => (await hub.get(`/Users?${query}`)).body;
    assert.equal((await page('startIndex=0&count=1')).startIndex, 1);
    assert.equal((await page('startIndex=-1&count=1')).startIndex, 1);
    assert.deepEqual((await page('startIndex=2147483648')).Resources, []);
    assert.equal((await page('startIndex=2147483648')).totalResults, 5);
    assert.deepEqual((await page('count=0')).Resources, []);
    assert.equal((await page('count=0')).totalResults, 5);
    assert.equal((await page('count=-5')).itemsPerPage, 0);
    assert.equal((await page('count=1000000')).itemsPerPage, 5);
    assertError(await hub.get('/Users?count=two'), 400, 'invalidValue');
  });

  test('RFC 7644 3.4.3: POST to .search asks like GET', async () => {
    const search = (path: string, more: object) =>
      hub.ask('POST', `${path}.search`, { schemas: [`${messages}:SearchRequest`], ...more });
    const { status, body } = await search('/Users/', { filter: 'title pr', attributes: ['userName'], count: 10 });
    assert.equal(status, 200);
    assert.equal(body.totalResults, 2);
    assert.deepEqual(Object.keys(body.Resources[0]), ['schemas', 'id', 'userName']);
  });

  test('RFC 7644 3.4.2.1: a query of the root finds users and groups', async () => {
    const { body } = await hub.ask('POST', '/.search', {
      schemas: [`${messages}:SearchRequest`],
      filter: 'userName eq "dora" or displayName sw "Gui"',
    });
    const types = body.Resources.map(({ meta }: { meta: { resourceType: string } }) => meta.resourceType);
    assert.deepEqual(types, ['User', 'Group']);
    assert.equal((await hub.get('?filter=displayName sw "guid"')).body.totalResults, 1);
  });

  test('RFC 7644 table 9 tooMany: what no index answers is refused where too many would be looked at', async () => {
    const crowded = await ScimHub.open(storage);
    await storage.write(async (stores) => {
      for (let number = 0; number <= 1000; number++) {
        await createUser(stores, crowded.act(), {
          userPrincipalName: `u${number}@${crowded.tenant.name}.example`,
          displayName: `User ${number}`,
        });
      }
    });
    assertError(await crowded.get('/Users?filter=emails.type eq "work"'), 400, 'tooMany');
    assert.equal((await crowded.get('/Users?filter=emails.type eq "work" and userName sw "u99"')).body.totalResults, 0);
    assert.equal((await crowded.get('/Users?startIndex=1000')).body.Resources.length, 2);
    assert.equal((await crowded.get('/Users?count=5000')).body.itemsPerPage, 1000);
  });
});
