// What Microsoft Entra's provisioning service sends, and what Microsoft's SCIM reference collection checks, at this layer.
// Sources: learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups and
// application-provisioning-config-problem-scim-compatibility. Each test is one thing that must work by default.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  buildErrorResponse,
  buildListResponse,
  dialects,
  entraDialect,
  type JsonObject,
  parseBody,
  parseListParameters,
  parsePatch,
  project,
  readNewResource,
  resolveListQuery,
  ScimError,
  schemaUrns,
  splitMemberChanges,
  tolerantDialect,
} from '../src/index.ts';
import { barbara, groupType, matches, patchBody, patched, refuses, tourGuides, userType } from './fixtures.ts';

const enterprise = schemaUrns.enterpriseUser;
const matchesByDefault = (filter: string, resource: JsonObject = barbara) =>
  matches(filter, resource, userType, tolerantDialect);
const patchUser = (...operations: JsonObject[]) => patched(userType, barbara, operations, tolerantDialect);
const patchGroup = (...operations: JsonObject[]) => patched(groupType, tourGuides, operations, tolerantDialect);
const shown = (query: string) =>
  project(
    userType,
    barbara,
    resolveListQuery(userType, parseListParameters(new URLSearchParams(query), tolerantDialect), tolerantDialect)
      .projection,
  );

test('Interop: Entra creates a user with schemas of the extension, empty lists and a meta of its own', () => {
  const user = readNewResource(
    userType,
    {
      schemas: [schemaUrns.user, enterprise],
      externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
      userName: 'Test_User_ab6490ee@example.com',
      active: true,
      emails: [{ primary: true, type: 'work', value: 'Test_User_fd0ea19b@example.com' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
      roles: [],
    },
    tolerantDialect,
  );
  assert.deepEqual(Object.keys(user), ['schemas', 'externalId', 'userName', 'name', 'active', 'emails']);
});

test('Interop: Entra looks for a user before creating it, and no user is an empty list with status 200', () => {
  assert.equal(matchesByDefault('userName eq "non-existent user"'), false);
  assert.equal(matchesByDefault('externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"'), false);
  const page = { kind: 'index', startIndex: 1, count: 20 } as const;
  const { totalResults, itemsPerPage, Resources } = buildListResponse(
    page,
    { resources: [], totalResults: 0 },
    tolerantDialect,
  );
  assert.deepEqual([totalResults, itemsPerPage, Resources], [0, 0, []]);
});

test('Interop: Entra disables a user by "Replace" of active with "False"', () => {
  assert.equal(patchUser({ op: 'Replace', path: 'active', value: 'False' })['active'], false);
  assert.equal(patchUser({ op: 'Replace', path: 'active', value: [{ $ref: null, value: 'False' }] })['active'], false);
  assert.equal(patchUser({ op: 'replace', value: { active: false } })['active'], false);
});

test('Interop: Entra changes several attributes by keys that are paths, also of an extension', () => {
  const user = patchUser({
    op: 'Replace',
    value: {
      displayName: 'Bjfe',
      'name.givenName': 'Kkom',
      'emails[type eq "work"].value': 'new@example.com',
      'emails[type eq "other"].primary': 'True',
      [`${enterprise}:department`]: 'Sales',
      [`${enterprise}:manager`]: '1',
    },
  });
  const [work, home] = barbara['emails'] as JsonObject[];
  assert.equal(user['displayName'], 'Bjfe');
  assert.equal((user['name'] as JsonObject)['givenName'], 'Kkom');
  assert.deepEqual(user['emails'], [
    { ...work, value: 'new@example.com', primary: false },
    home,
    { type: 'other', primary: true },
  ]);
  assert.equal((user[enterprise] as JsonObject)['department'], 'Sales');
  assert.deepEqual((user[enterprise] as JsonObject)['manager'], { value: '1' });
});

test('Interop: Entra adds and removes members by lists, by bare values and all at once', () => {
  const membersAfter = (operation: JsonObject) => patchGroup(operation)['members'];
  const [babs, mandy] = tourGuides['members'] as JsonObject[];
  assert.deepEqual(membersAfter({ op: 'Add', path: 'members', value: [{ $ref: null, value: 'f648f8d5' }] }), [
    babs,
    mandy,
    { value: 'f648f8d5' },
  ]);
  assert.deepEqual(membersAfter({ op: 'Add', path: 'members', value: 'string id 1' }), [
    babs,
    mandy,
    { value: 'string id 1' },
  ]);
  assert.deepEqual(
    membersAfter({ op: 'Remove', path: 'members', value: [{ $ref: null, value: babs?.['value'] ?? null }] }),
    [mandy],
  );
  assert.deepEqual(membersAfter({ op: 'remove', path: `members[value eq "${babs?.['value']}"]` }), [mandy]);
  assert.equal(membersAfter({ op: 'Remove', path: 'members' }), undefined);
});

test('Interop: Entra sends the id of a group along with its new name', () => {
  const group = patchGroup({ op: 'replace', value: { id: tourGuides['id'] ?? null, displayName: 'Guides' } });
  assert.equal(group['displayName'], 'Guides');
});

test('Interop: a group of more than 100 members keeps them all, and a PATCH costs what it changes', () => {
  const value = Array.from({ length: 150 }, (_, index) => ({ value: `user-${index}` }));
  const { members } = splitMemberChanges(
    parsePatch(groupType, patchBody({ op: 'Add', path: 'members', value }), entraDialect),
  );
  assert.equal(members.added.size, 150);
});

test('Interop: a PATCH path names an extension, and its value repeats the schemas', () => {
  const user = patchUser({
    op: 'replace',
    path: enterprise,
    value: { schemas: [enterprise], department: 'Sales', manager: { value: '2' } },
  });
  assert.deepEqual((user[enterprise] as JsonObject)['department'], 'Sales');
  assert.deepEqual((user[enterprise] as JsonObject)['manager'], { value: '2' });
});

test('Interop: PATCH takes every type of value, and capitals do not count in names', () => {
  const user = patchUser(
    { op: 'add', path: 'DisplayName', value: 'Babs' },
    { op: 'replace', path: 'ActiVe', value: true },
    { op: 'replace', path: 'NAME.givenname', value: 'B' },
    { op: 'add', path: 'roles', value: [{ value: 'admin', type: 'anything' }] },
    { op: 'add', path: 'entitlements', value: { value: 'coffee' } },
    { op: 'replace', path: 'x509Certificates', value: [{ value: 'QUJD' }] },
  );
  assert.deepEqual(
    ['displayName', 'active', 'roles', 'entitlements', 'x509Certificates'].map((name) => user[name]),
    ['Babs', true, [{ value: 'admin', type: 'anything' }], [{ value: 'coffee' }], [{ value: 'QUJD' }]],
  );
});

// The filters of the collection, with and without quotation marks.
const filters: [filter: string, expected: boolean][] = [
  ['DisplayName eq "babs jensen"', true],
  ['userName eq BJENSEN@example.com', true],
  ['name.FamilyName eq Jensen', true],
  ['userName sw B', true],
  ['userName sw O', false],
  ['userName co jensen', true],
  ['(userName sw b and title pr) or (userName sw o)', true],
  ['active eq True', true],
  ['active eq "false"', false],
  ['emails[type eq "Work" and primary eq "True"]', true],
  ['meta.Created gt 2009-10-10T14:38:21.8617979-07:00', true],
  ['meta.lastmodified ge "2011-05-13T04:42:34Z" and meta.lastModified le "2011-05-13T04:42:34.0000000Z"', true],
  ['meta.lastModified lt 2011-05-13T04:42:34Z', false],
  [`${enterprise}:manager eq "26118915-6090-4610-87e4-49d8ca9f808d"`, true],
];

for (const [filter, expected] of filters) {
  test(`Interop: ${filter} ${expected ? 'matches' : 'does not match'}`, () =>
    assert.equal(matchesByDefault(filter), expected));
}

test('Interop: an answer has id and schemas whatever attributes are asked for', () => {
  for (const query of ['attributes=userName', 'excludedAttributes=id,schemas', 'attributes=emails[type eq "work"]']) {
    const { id, schemas } = shown(query);
    assert.deepEqual([id, schemas], [barbara['id'], barbara['schemas']]);
  }
});

test('Interop: bodies without schemas and with misspelt attributes are taken, without a userName they are not', () => {
  const user = readNewResource(userType, { UserName: 'x', adreses: [], acve: false }, tolerantDialect);
  assert.deepEqual(user, { schemas: [schemaUrns.user], userName: 'x' });
  refuses(
    () => readNewResource(userType, { displayName: 'x' }, tolerantDialect),
    'invalidValue',
    /userName is required/,
  );
  refuses(() => parseBody('{"userName":"x",}'), 'invalidSyntax', /not JSON/);
});

test('Interop: the status of an error is a text, also that of a missing token', () => {
  const { schemas, status, detail } = buildErrorResponse(new ScimError('unauthorized', 'The token is unknown.'));
  assert.deepEqual(
    [schemas, status, detail],
    [['urn:ietf:params:scim:api:messages:2.0:Error'], '401', 'The token is unknown.'],
  );
});

test('Interop: PATCH is answered by 200 and the resource, but for the groups of the dialect of Entra', () => {
  assert.deepEqual(
    Object.values(dialects).map(({ name, noContentAfterPatch }) => [name, noContentAfterPatch]),
    [
      ['standard', []],
      ['tolerant', []],
      ['entra', ['Group']],
      ['aws-identity-center', ['Group']],
    ],
  );
});
