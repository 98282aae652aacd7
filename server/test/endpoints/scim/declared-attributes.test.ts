// Attributes that a tenant declares itself (RFC 7643 3.3).
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { JsonObject } from '@countersign/scim';
import {
  declareExtensionProperty,
  type ExtensionProperty,
  type NewExtensionProperty,
  updateUser,
} from '../../../src/directory/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { assertError, core, enterprise, ScimHub } from './scim-hub.ts';

const ofUser = 'urn:ietf:params:scim:schemas:extension:countersign:2.0:User';
const ofGroup = 'urn:ietf:params:scim:schemas:extension:countersign:2.0:Group';
const application = { id: 'application', appId: '00000000-0000-4000-8000-000000000001' };

onEachDatabase(({ storage }) => {
  let hub: ScimHub;
  const names: Record<string, string> = {};
  before(async () => {
    hub = await ScimHub.open(storage);
    const declare = (name: string, dataType: ExtensionProperty['dataType'], more: Partial<NewExtensionProperty> = {}) =>
      storage.write(async (stores) => {
        const wanted = { name, dataType, isMultiValued: false, targetKinds: ['user' as const], ...more };
        names[name] = (await declareExtensionProperty(stores, hub.act(), application, wanted)).name;
      });
    await declare('badge', 'String', { description: 'Number on the badge', targetKinds: ['user', 'group'] });
    await declare('skills', 'String', { isMultiValued: true });
    await declare('floor', 'Integer');
    await declare('onSite', 'Boolean');
    await declare('key', 'Binary');
  });
  const name = (short: string) => names[short] ?? '';
  const values = (own: Record<string, JsonObject[string]>) =>
    Object.fromEntries(Object.entries(own).map(([short, value]) => [name(short), value]));

  test('RFC 7643 3.3, 7: attributes that the tenant declares are a schema, which extends the resource types', async () => {
    const { body } = await hub.get(`/Schemas/${ofUser}`);
    assert.equal(body.id, ofUser);
    assert.deepEqual(
      body.attributes.map((one: JsonObject) => [one['name'], one['type'], one['multiValued'], one['description']]),
      [
        [name('badge'), 'string', false, 'Number on the badge'],
        [name('skills'), 'string', true, name('skills')],
        [name('floor'), 'integer', false, name('floor')],
        [name('onSite'), 'boolean', false, name('onSite')],
        [name('key'), 'binary', false, name('key')],
      ],
    );
    const type = (await hub.get('/ResourceTypes/User')).body;
    assert.deepEqual(
      type.schemaExtensions.map(({ schema }: { schema: string }) => schema),
      [enterprise, ofUser],
    );
    assert.equal((await hub.get(`/Schemas/${ofGroup}`)).body.attributes.length, 1);
    const other = await ScimHub.open(storage);
    assertError(await other.get(`/Schemas/${ofUser}`), 404);
    assert.equal((await other.get('/Schemas')).body.totalResults, 3);
  });

  test('RFC 7643 3.3: declared attributes are created, shown, changed, emptied and seen by the whole hub', async () => {
    const own = values({ badge: 'B-7', skills: ['welding', 'safety'], floor: 3, onSite: true, key: 'AAEC' });
    const user = await hub.user('declared', { [ofUser]: own });
    assert.deepEqual(user.schemas, [`${core}:User`, ofUser]);
    assert.deepEqual(user[ofUser], own);
    const kept = await storage.read.objects.find(hub.tenant.id, user.id);
    assert.equal(kept?.attributes[name('floor')], 3);

    const path = `${ofUser}:${name('floor')}`;
    const { body } = await hub.patch(`/Users/${user.id}`, { op: 'replace', path, value: 4 });
    assert.deepEqual(body[ofUser], { ...own, [name('floor')]: 4 });
    assertError(await hub.patch(`/Users/${user.id}`, { op: 'replace', path, value: 'high' }), 400, 'invalidValue');
    await hub.patch(`/Users/${user.id}`, { op: 'remove', path });
    await storage.write((stores) => updateUser(stores, hub.act(), user.id, values({ badge: 'B-8' })));
    const shown = (await hub.get(`/Users/${user.id}`)).body[ofUser];
    assert.deepEqual([shown[name('badge')], shown[name('floor')]], ['B-8', undefined]);

    const replaced = await hub.ask('PUT', `/Users/${user.id}`, { schemas: [`${core}:User`], userName: 'declared' });
    assert.deepEqual(replaced.body.schemas, [`${core}:User`]);
    assert.equal(replaced.body[ofUser], undefined);
  });

  test('RFC 7644 3.4.2: declared attributes are filtered and sorted by, and chosen for an answer', async () => {
    await hub.user('low', { [ofUser]: values({ floor: 2, skills: ['plumbing'], badge: 'F' }) });
    await hub.user('high', { [ofUser]: values({ floor: 10, skills: ['Plumbing', 'wiring'], badge: 'F' }) });
    const find = (filter: string, more = '') => hub.found(`/Users?filter=${encodeURIComponent(filter)}${more}`);
    assert.deepEqual(await find(`${ofUser}:${name('floor')} gt 2`), ['high']);
    assert.deepEqual(await find(`${ofUser}:${name('skills')} eq "wiring"`), ['high']);
    const sorted = `&sortBy=${ofUser}:${name('floor')}&sortOrder=descending`;
    assert.deepEqual(await find(`${ofUser}:${name('badge')} eq "f"`, sorted), ['high', 'low']);
    const path = `/Users?filter=userName eq "low"&attributes=${ofUser}:${name('floor')}`;
    const [only] = (await hub.get(path)).body.Resources;
    assert.deepEqual(only[ofUser], values({ floor: 2 }));
  });

  test('RFC 7643 3.3: groups have those that are declared for groups', async () => {
    const group = await hub.make('/Groups', {
      schemas: [`${core}:Group`, ofGroup],
      displayName: 'Declared',
      [ofGroup]: values({ badge: 'G-1', floor: 1 }),
    });
    assert.deepEqual(group[ofGroup], values({ badge: 'G-1' }));
    const filter = encodeURIComponent(`${ofGroup}:${name('badge')} eq "g-1"`);
    assert.deepEqual(await hub.found(`/Groups?filter=${filter}`), ['Declared']);
    const member = await hub.user('declared member');
    await hub.patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: member.id }] });
    assert.deepEqual((await hub.get(`/Groups/${group.id}`)).body[ofGroup], values({ badge: 'G-1' }));
  });
});
