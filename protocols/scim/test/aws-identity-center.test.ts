// The limits that the developer guide of AWS IAM Identity Center's SCIM endpoint states, page by page
// (docs.aws.amazon.com/singlesignon/latest/developerguide).
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  awsIdentityCenterDialect as aws,
  buildListResponse,
  type JsonObject,
  parseListParameters,
  parsePatch,
  project,
  type ResourceType,
  readNewResource,
  resolveListQuery,
  schemaUrns,
} from '../src/index.ts';
import { barbara, groupType, patchBody, patched, refuses, tourGuides, userType } from './fixtures.ts';

const query = (type: ResourceType, text: string) =>
  resolveListQuery(type, parseListParameters(new URLSearchParams(text), aws), aws);
const patch = (type: ResourceType, ...operations: JsonObject[]) => parsePatch(type, patchBody(...operations), aws);
const newUser: JsonObject = {
  userName: 'marge',
  displayName: 'Marge Simpson',
  name: { givenName: 'Marge', familyName: 'Simpson' },
  emails: [{ value: 'marge@jogcloud.com', type: 'work', primary: true }],
};
const create = (more: JsonObject) => readNewResource(userType, { ...newUser, ...more }, aws);

test('listusers: a filter is eq on userName, externalId, groups.value or id, or on id and manager', () => {
  for (const filter of [
    'userName eq "marge"',
    'externalId eq "1"',
    'groups.value eq "g"',
    'id eq "1"',
    'id eq "1" and manager eq "2"',
    'manager eq "2" and id eq "1"',
  ]) {
    assert.ok(query(userType, `filter=${filter}`).filter, filter);
  }
  for (const filter of [
    'userName sw "m"',
    'userName pr',
    'title eq "x"',
    'manager eq "2"',
    'userName eq "m" and externalId eq "1"',
    'id eq "1" and id eq "2"',
    'userName eq "m" or externalId eq "1"',
    'not (userName eq "m")',
    'emails[value eq "m"]',
  ]) {
    refuses(
      () => query(userType, `filter=${filter}`),
      'invalidFilter',
      /Only eq is supported, on: userName, externalId/,
    );
  }
});

test('listgroups: a filter is eq on displayName, externalId, members.value or id, or on id and member', () => {
  for (const filter of [
    'displayName eq "x"',
    'externalId eq "1"',
    'members.value eq "1"',
    'id eq "1" and members eq "2"',
  ]) {
    assert.ok(query(groupType, `filter=${filter}`).filter, filter);
  }
  refuses(
    () => query(groupType, 'filter=displayName co "x"'),
    'invalidFilter',
    /Only eq is supported, on: displayName/,
  );
});

test('listusers: startIndex, sorting and the choice of attributes are ignored, a page has at most 100 users', () => {
  const { page, sort, projection } = query(
    userType,
    'startIndex=11&count=500&sortBy=userName&attributes=userName&excludedAttributes=id',
  );
  assert.deepEqual([page, sort], [{ kind: 'index', startIndex: 1, count: 100 }, undefined]);
  assert.deepEqual([projection.only, projection.excluded], [undefined, []]);
});

test('listusers: a page by cursor has itemsPerPage and nextCursor, but no total', () => {
  const { page } = query(userType, 'cursor&count=2');
  const response = buildListResponse(page, { resources: [barbara], totalResults: 9, nextCursor: 'n' }, aws);
  assert.deepEqual(Object.keys(response), ['schemas', 'itemsPerPage', 'nextCursor', 'Resources']);
});

test('getgroup and listgroups: the members of a group are answered as an empty list', () => {
  const { projection } = query(groupType, '');
  assert.deepEqual(project(groupType, tourGuides, projection)['members'], []);
});

test('createuser: names and displayName are required', () => {
  assert.equal(create({})['userName'], 'marge');
  refuses(() => create({ displayName: null }), 'invalidValue', /displayName is required/);
  refuses(() => create({ name: { givenName: 'Marge' } }), 'invalidValue', /name.familyName is required/);
  refuses(() => create({ name: { familyName: 'Simpson' } }), 'invalidValue', /name.givenName is required/);
});

test('createuser: emails, phone numbers, addresses and roles have one value, and the e-mail address is primary', () => {
  for (const name of ['emails', 'phoneNumbers', 'addresses', 'roles']) {
    const values = [{ type: 'work', primary: true }, { type: 'home' }];
    refuses(() => create({ [name]: values }), 'invalidValue', new RegExp(`${name} holds only one value`));
  }
  refuses(() => create({ emails: [{ value: 'a' }] }), 'invalidValue', /emails must be primary/);
});

test('createuser: what the directory does not keep is refused', () => {
  const values = { value: 'a', display: 'x', primary: true };
  const unsupported: [body: JsonObject, path: RegExp][] = [
    [{ password: 'x' }, /password/],
    [{ ims: [{ value: 'a' }] }, /ims/],
    [{ photos: [{ value: 'a' }] }, /photos/],
    [{ entitlements: [{ value: 'a' }] }, /entitlements/],
    [{ x509Certificates: [{ value: 'QUJD' }] }, /x509Certificates/],
    [{ groups: [{ value: 'g' }] }, /groups/],
    [{ emails: [values] }, /emails.display/],
    [{ phoneNumbers: [values] }, /phoneNumbers.display/],
    [{ roles: [values] }, /roles.display/],
    [{ [schemaUrns.enterpriseUser]: { manager: { value: '1', displayName: 'x' } } }, /manager.displayName/],
  ];
  for (const [body, path] of unsupported) {
    refuses(() => create(body), 'invalidValue', new RegExp(`${path.source} is not supported`));
  }
});

test('creategroup: a group is created with at most 100 members', () => {
  const group = (count: number) => ({
    displayName: 'x',
    members: Array.from({ length: count }, (_, value) => ({ value: `${value}` })),
  });
  assert.equal((readNewResource(groupType, group(100), aws)['members'] as unknown[]).length, 100);
  refuses(
    () => readNewResource(groupType, group(101), aws),
    'invalidValue',
    /at most 100 members; this one changes 101/,
  );
});

test('patchgroup: one request changes at most 100 memberships', () => {
  const value = (count: number) => Array.from({ length: count }, (_, index) => ({ value: `${index}` }));
  const add = (count: number) => ({ op: 'add', path: 'members', value: value(count) });
  const remove = { op: 'remove', path: 'members[value eq "a" or value eq "b"]' };
  assert.equal(patch(groupType, add(98), remove).length, 2);
  refuses(() => patch(groupType, add(99), remove), 'invalidValue', /this one changes 101/);
  refuses(
    () => patch(groupType, add(100), { op: 'remove', path: 'members[type eq "User"]' }),
    'invalidValue',
    /this one changes 101/,
  );
});

test('patchgroup: only displayName, externalId and members change, and not all members at once', () => {
  const rename = { op: 'replace', value: { id: '9067729b3d', displayName: 'Group Foo New' } };
  assert.equal(patch(groupType, rename).length, 1);
  assert.equal(patch(groupType, { op: 'remove', path: 'members', value: [{ value: 'a' }] }).length, 1);
  refuses(
    () => patch(groupType, { op: 'remove', path: 'members' }),
    'mutability',
    /remove of members is not supported/,
  );
  refuses(
    () => patch(groupType, { op: 'replace', path: 'members', value: [{ value: 'a' }] }),
    'mutability',
    /replace of members is not supported/,
  );
  refuses(
    () => patch(groupType, { op: 'replace', path: 'members', value: [] }),
    'mutability',
    /remove of members is not supported/,
  );
});

test('patchuser: only some attributes change; userName and active once, and they are not removed', () => {
  const replace = (path: string, value: JsonObject[string]) => ({ op: 'replace', path, value });
  assert.equal(
    patch(userType, replace('userName', 'x'), replace('active', false), { op: 'remove', path: 'title' }).length,
    3,
  );
  assert.equal(patch(userType, replace(`${schemaUrns.enterpriseUser}:department`, 'x')).length, 1);
  refuses(() => patch(userType, replace('roles', [{ value: 'x' }])), 'mutability', /replace of roles is not supported/);
  refuses(
    () => patch(userType, { op: 'remove', path: 'userName' }),
    'mutability',
    /remove of userName is not supported/,
  );
  refuses(() => patch(userType, { op: 'remove', path: 'active' }), 'mutability', /remove of active is not supported/);
  refuses(
    () => patch(userType, replace('active', true), replace('active', false)),
    'invalidValue',
    /Only one operation can change active/,
  );
  refuses(() => patch(userType, replace('photos', [])), 'invalidValue', /photos is not supported/);
});

test('patchuser: an operation without a path changes one attribute', () => {
  assert.equal(patch(userType, { op: 'replace', value: { name: { givenName: 'a', familyName: 'b' } } }).length, 2);
  refuses(
    () => patch(userType, { op: 'replace', value: { title: 'a', nickName: 'b' } }),
    'invalidValue',
    /can change only one attribute/,
  );
});

test('patchuser: what another client wrote does not keep this one from changing something else', () => {
  assert.equal(patched(userType, barbara, [{ op: 'replace', path: 'title', value: 'x' }], aws)['title'], 'x');
  const add = { op: 'add', path: 'emails[type eq "other"].value', value: 'x' };
  refuses(() => patched(userType, barbara, [add], aws), 'invalidValue', /emails holds only one value/);
  refuses(
    () => patched(userType, barbara, [{ op: 'remove', path: 'displayName' }], aws),
    'invalidValue',
    /displayName is required/,
  );
});

test('limitations: a limit on an attribute that the resource type lacks says nothing', () => {
  const dialect = { ...aws, restrictions: { User: { single: ['shoeSize', 'a b'] } } };
  assert.equal(readNewResource(userType, newUser, dialect)['userName'], 'marge');
});

test('limitations: there is no Bulk, no Me, no search', () => {
  const { bulk, me, search, sort, etag } = aws.supports;
  assert.deepEqual([bulk, me, search, sort, etag], [false, false, false, false, false]);
});
