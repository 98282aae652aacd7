import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countObjects,
  createObject,
  declareExtensionProperty,
  type Filter,
  findObjects,
  identitySearchText,
  removeExtensionProperty,
  updateUser,
  userKind,
} from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openTenant } from './open-tenant.ts';

onEachDatabase(({ storage }) => {
  const find = async (tenantId: string, filter: Filter) => {
    const { items } = await findObjects(storage.read, tenantId, userKind, { filter, limit: 50 });
    assert.equal(await countObjects(storage.read, tenantId, userKind, filter), items.length);
    return items.map(({ attributes }) => attributes['displayName']).sort();
  };

  test('users are found by what is asked, in words of the directory', async () => {
    const { id, user } = await openTenant(storage);
    await user('marge', { department: 'Home', mail: 'marge@simpson.example', employeeHireDate: '2020-01-01' });
    await user('homer', {
      department: 'Safety',
      mail: 'homer@simpson.example',
      employeeHireDate: '2021-01-01T00:00:00Z',
    });
    await user('ned', {
      accountEnabled: false,
      identities: [{ signInType: 'federated', issuer: 'idp', issuerAssignedId: 's' }],
    });
    const is = (attribute: string, value: string | boolean | null): Filter => ({ op: 'eq', attribute, value });
    assert.deepEqual(await find(id, is('department', 'SAFETY')), ['homer']);
    assert.deepEqual(await find(id, is('department', null)), ['ned']);
    assert.deepEqual(await find(id, is('accountEnabled', false)), ['ned']);
    assert.deepEqual(await find(id, { op: 'endsWith', attribute: 'mail', value: '@SIMPSON.example' }), [
      'homer',
      'marge',
    ]);
    const hired: Filter = { op: 'gt', attribute: 'employeeHireDate', value: '2020-06-01T00:00:00+01:00' };
    assert.deepEqual(await find(id, hired), ['homer']);
    assert.deepEqual(await find(id, { op: 'not', term: hired }), ['marge', 'ned']);
    assert.deepEqual(await find(id, is('identities', identitySearchText('IDP', 's'))), ['ned']);
  });

  const refused: Record<string, [filter: Filter, code: string]> = {
    'an unknown attribute': [{ op: 'eq', attribute: 'shoeSize', value: 1 }, 'directory.attribute_unknown'],
    'the prototype of objects': [{ op: 'eq', attribute: '__proto__', value: 'x' }, 'directory.attribute_unknown'],
    'an unknown member': [
      { op: 'eq', attribute: 'employeeOrgData/constructor', value: 'x' },
      'directory.attribute_unknown',
    ],
    'an attribute that is not searched': [{ op: 'eq', attribute: 'aboutMe', value: 'x' }, 'directory.filter_invalid'],
    'a value of another type': [{ op: 'eq', attribute: 'accountEnabled', value: 'true' }, 'directory.filter_invalid'],
    'a time that is none': [{ op: 'ge', attribute: 'createdAt', value: 'yesterday' }, 'directory.filter_invalid'],
    'the beginning of a time': [
      { op: 'startsWith', attribute: 'createdAt', value: '2026' },
      'directory.filter_invalid',
    ],
    'an order of truth values': [{ op: 'gt', attribute: 'accountEnabled', value: false }, 'directory.filter_invalid'],
    'an ending that is not indexed': [{ op: 'endsWith', attribute: 'surname', value: 'x' }, 'directory.filter_invalid'],
    'NUL in a value': [{ op: 'eq', attribute: 'displayName', value: 'a\0' }, 'directory.filter_invalid'],
  };

  for (const [what, [filter, code]] of Object.entries(refused)) {
    test(`${what} in a filter is refused`, async () => {
      await assert.rejects(findObjects(storage.read, 'tenant', userKind, { filter, limit: 1 }), { code, status: 400 });
      await assert.rejects(countObjects(storage.read, 'tenant', userKind, filter), { code });
    });
  }

  test('a filter that is nested 100,000 deep or has thousands of terms is refused', async () => {
    const term: Filter = { op: 'eq', attribute: 'displayName', value: 'x' };
    let deep: Filter = term;
    for (let depth = 0; depth < 100_000; depth++) deep = { op: 'not', term: deep };
    const wide: Filter = { op: 'or', terms: Array.from({ length: 3000 }, () => term) };
    const long: Filter = { op: 'in', attribute: 'displayName', values: Array.from({ length: 3000 }, String) };
    for (const filter of [deep, wide, long]) {
      const asked = findObjects(storage.read, 'tenant', userKind, { filter, limit: 1 });
      await assert.rejects(asked, { code: 'directory.filter_too_complex' });
    }
    const many: Filter = { op: 'or', terms: Array.from({ length: 250 }, () => term) };
    await findObjects(storage.read, 'tenant', userKind, { filter: many, limit: 1 });
  });

  test('an order by an attribute with several values, or none that is searched, is refused', async () => {
    for (const attribute of ['otherMails', 'aboutMe', 'identities', 'employeeOrgData/division']) {
      const query = { orderBy: { attribute, descending: false }, limit: 1 };
      await assert.rejects(findObjects(storage.read, 'tenant', userKind, query), { code: 'directory.order_invalid' });
    }
  });

  test('an attribute that the tenant declares can be set, searched and ordered by', async () => {
    const { id, user, write, lastEvent } = await openTenant(storage);
    const application = { id: 'object-1', appId: '00000000-1111-2222-3333-444444444444' };
    const declare = (name: string, dataType: 'Integer' | 'DateTime' | 'Boolean' | 'Binary') =>
      write((stores, act) =>
        declareExtensionProperty(stores, act, application, {
          name,
          dataType,
          isMultiValued: false,
          targetKinds: ['user'],
        }),
      );
    const level = await declare('level', 'Integer');
    assert.equal(level.name, 'extension_00000000111122223333444444444444_level');
    assert.equal((await lastEvent()).verb, 'extensionProperty.create');
    await assert.rejects(declare('LEVEL', 'Boolean'), { code: 'directory.extension_property_exists' });
    await assert.rejects(declare('le-vel', 'Boolean'), { code: 'directory.extension_property_invalid' });
    const since = await declare('since', 'DateTime');
    const badge = await declare('badge', 'Binary');

    await user('two', { [level.name]: 2, [since.name]: '2026-01-01' });
    await user('ten', { [level.name]: 10, [badge.name]: 'AAAA' });
    await assert.rejects(user('bad', { [level.name]: 'ten' }), { code: 'directory.attribute_invalid' });
    assert.deepEqual(await find(id, { op: 'gt', attribute: level.name, value: 9 }), ['ten']);
    assert.deepEqual(await find(id, { op: 'lt', attribute: level.name, value: 9.5 }), ['two']);
    const early: Filter = { op: 'le', attribute: since.name, value: '2026-01-01T00:00:00.000+00:00' };
    assert.deepEqual(await find(id, early), ['two']);
    await assert.rejects(find(id, { op: 'eq', attribute: badge.name, value: 'AAAA' }), {
      code: 'directory.filter_invalid',
    });
    const { items } = await findObjects(storage.read, id, userKind, {
      orderBy: { attribute: level.name, descending: true },
      limit: 1,
    });
    assert.equal(items[0]?.attributes['displayName'], 'ten');

    const other = await openTenant(storage);
    await assert.rejects(other.user('x', { [level.name]: 1 }), { code: 'directory.attribute_unknown' });
    const asGroup = other.write((stores, act) =>
      createObject(stores, act, { kind: 'group', nameAttribute: 'displayName', attributes: {} }, { [level.name]: 1 }),
    );
    await assert.rejects(asGroup, { code: 'directory.attribute_unknown' });
  });

  test('objects with values of a declaration that was removed can still be changed', async () => {
    const { user, write } = await openTenant(storage);
    const application = { id: 'object-1', appId: '0' };
    const wanted = { name: 'gone', dataType: 'String', isMultiValued: true, targetKinds: ['user'] } as const;
    const property = await write((stores, act) =>
      declareExtensionProperty(stores, act, application, { ...wanted, targetKinds: [...wanted.targetKinds] }),
    );
    const bart = await user('bart', { [property.name]: ['x'] });
    await write((stores, act) => removeExtensionProperty(stores, act, property.id));
    const change = (attributes: Record<string, string>) =>
      write((stores, act) => updateUser(stores, act, bart.id, attributes));
    await change({ city: 'Springfield' });
    await assert.rejects(change({ [property.name]: 'y' }), { code: 'directory.attribute_unknown' });
  });
});
