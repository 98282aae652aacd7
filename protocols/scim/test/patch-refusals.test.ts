import assert from 'node:assert/strict';
import test from 'node:test';
import { type JsonObject, parsePatch, schemaUrns, standardDialect, tolerantDialect } from '../src/index.ts';
import { barbara, groupType, patchBody, patched, refuses, tourGuides, userType } from './fixtures.ts';

const patchUser = (...operations: JsonObject[]) => patched(userType, barbara, operations);
const patchGroup = (...operations: JsonObject[]) => patched(groupType, tourGuides, operations);
const [work] = barbara['emails'] as [JsonObject];
const enterprise = schemaUrns.enterpriseUser;

const malformed: [body: JsonObject, code: Parameters<typeof refuses>[1], detail: RegExp][] = [
  [{ Operations: [{ op: 'remove', path: 'title' }] }, 'invalidSyntax', /schemas must list urn.*PatchOp/],
  [patchBody(), 'invalidSyntax', /at least one operation/],
  [{ ...patchBody(), Operations: {} }, 'invalidSyntax', /at least one operation/],
  [{ ...patchBody(), Operations: ['add'] }, 'invalidSyntax', /must be an object/],
  [patchBody({ op: 'move', path: 'title' }), 'invalidSyntax', /op must be/],
  [patchBody({ path: 'title', value: 'x' }), 'invalidSyntax', /op must be/],
  [patchBody({ op: 'Add', path: 'title', value: 'x' }), 'invalidSyntax', /op must be/],
  [patchBody({ op: 'add', path: 'title' }), 'invalidValue', /add needs a value/],
  [patchBody({ op: 'add', path: 5, value: 'x' }), 'invalidPath', /path must be a text/],
  [patchBody({ op: 'add', path: '', value: 'x' }), 'invalidPath', /Expected the name of an attribute/],
  [patchBody({ op: 'add', path: 'shoeSize', value: 'x' }), 'invalidPath', /There is no attribute "shoeSize"/],
  [patchBody({ op: 'add', path: 'urn:example:x:title', value: 'x' }), 'invalidPath', /There is no attribute/],
  [patchBody({ op: 'add', path: 'emails[', value: 'x' }), 'invalidFilter', /Expected the name/],
  [
    patchBody({ op: 'add', path: 'emails[size eq 4].value', value: 'x' }),
    'invalidFilter',
    /There is no attribute "size"/,
  ],
  [patchBody({ op: 'add', path: 'name[givenName eq "x"]', value: {} }), 'invalidPath', /has a single value/],
  [patchBody({ op: 'add', value: 'x' }), 'invalidValue', /without a path needs an object/],
  [patchBody({ op: 'add', value: { shoeSize: 44 } }), 'invalidSyntax', /There is no attribute "shoeSize"/],
  [
    patchBody({ op: 'add', value: { 'name.givenName': 'x' } }),
    'invalidSyntax',
    /There is no attribute "name.givenName"/,
  ],
  [patchBody({ op: 'add', path: 'name', value: { size: 4 } }), 'invalidSyntax', /There is no attribute "name.size"/],
  [patchBody({ op: 'add', path: 'name', value: 'Barbara' }), 'invalidValue', /name must be an object/],
  [patchBody({ op: 'replace', path: 'emails', value: work }), 'invalidValue', /emails must be a list/],
  [patchBody({ op: 'remove', path: 'emails', value: [work] }), 'invalidValue', /remove takes no value/],
  [patchBody(...Array(1001).fill({ op: 'remove', path: 'title' })), 'payloadTooLarge', /at most 1000 operations/],
];

for (const [body, code, detail] of malformed) {
  test(`RFC 7644 3.5.2: ${JSON.stringify(body['Operations']).slice(0, 80)} is refused as ${code}`, () => {
    refuses(() => parsePatch(userType, body, standardDialect), code, detail);
  });
}

test('RFC 7643 2.1: the members of a PATCH request are named without regard to capitals', () => {
  const body = { Schemas: patchBody()['schemas'] ?? null, operations: [{ OP: 'add', Path: 'TITLE', VALUE: 'x' }] };
  assert.equal(parsePatch(userType, body, standardDialect).length, 1);
});

test('bad input 28: a request that asks for too much is refused before anything is done', () => {
  const keys = Object.fromEntries(
    Array.from({ length: 1001 }, (_, index) => [`emails[type eq "${index}"].value`, 'x']),
  );
  const body = patchBody({ op: 'add', value: keys });
  refuses(
    () => parsePatch(userType, body, tolerantDialect),
    'payloadTooLarge',
    /at most 1000 operations, or attributes/,
  );
  const values = Array.from({ length: 501 }, (_, index) => ({ value: `${index}` }));
  refuses(
    () => patchUser({ op: 'add', path: 'roles', value: values }),
    'invalidValue',
    /roles has more than 500 values/,
  );
  const full = patchUser({ op: 'add', path: 'roles', value: values.slice(1) });
  refuses(
    () => patched(userType, full, [{ op: 'add', path: 'roles', value: [{ value: 'x' }] }]),
    'invalidValue',
    /roles has more than 500 values/,
  );
  assert.equal((patchGroup({ op: 'add', path: 'members', value: values })['members'] as unknown[]).length, 503);
});

test('bad input 28: a resource that holds something odd is still patched', () => {
  const odd = {
    schemas: [schemaUrns.user],
    userName: 'x',
    name: 'Barbara',
    emails: ['a@example.com'],
    [enterprise]: 'x',
  };
  const user = patched(
    userType,
    odd,
    [
      { op: 'add', path: 'name.givenName', value: 'B' },
      { op: 'add', path: 'emails', value: [{ value: 'b' }] },
      { op: 'add', path: `${enterprise}:division`, value: 'West' },
    ],
    tolerantDialect,
  );
  assert.deepEqual(user, {
    schemas: [schemaUrns.user, enterprise],
    userName: 'x',
    name: { givenName: 'B' },
    emails: ['a@example.com', { value: 'b' }],
    [enterprise]: { division: 'West' },
  });
});
