import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  applyPatch,
  buildPatch,
  type JsonObject,
  parsePatch,
  readNewResource,
  ScimError,
  schemaUrns,
  splitMemberChanges,
  standardDialect,
  tolerantDialect,
} from '../src/index.ts';
import { barbara, groupType, patchBody, tourGuides, userType } from './fixtures.ts';

const path = fc.constantFrom(
  ...['userName', 'title', 'active', 'name', 'name.givenName', 'emails', 'emails.value', 'emails[type eq "work"]'],
  ...[
    'emails[type eq "new"].value',
    'members',
    'members[value eq "x"]',
    'id',
    'groups',
    'password',
    'nothing',
    'emails[',
    '',
  ],
  ...[schemaUrns.enterpriseUser, `${schemaUrns.enterpriseUser}:manager`, `${schemaUrns.enterpriseUser}:manager.value`],
);
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('True', 'x', true, null, [], {}),
  fc.array(
    fc.record(
      { value: fc.string(), type: fc.constantFrom('work', 'home'), primary: fc.boolean() },
      { requiredKeys: [] },
    ),
  ),
  fc.dictionary(path, fc.jsonValue({ maxDepth: 2 })),
);
const operation = fc.record(
  { op: fc.constantFrom('add', 'Replace', 'remove', 'replace', 'x'), path, value },
  { requiredKeys: ['op'] },
);
const body = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.array(operation, { maxLength: 4 }).map((operations) => patchBody(...(operations as JsonObject[]))),
  },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('schemas', 'Operations', 'x'), fc.jsonValue()) },
) as fc.Arbitrary<JsonObject>;

test('bad input 28: whatever a PATCH request holds, it is applied as a whole or refused with a ScimError', () => {
  const resources = [barbara, tourGuides].map((resource) => structuredClone(resource));
  for (const dialect of [standardDialect, tolerantDialect]) {
    fc.assert(
      fc.property(body, (request) => {
        for (const [type, resource] of [
          [userType, barbara],
          [groupType, tourGuides],
        ] as const) {
          try {
            const changes = parsePatch(type, request, dialect);
            const changed = applyPatch(type, resource, changes, dialect);
            assert.ok(typeof changed['userName'] === 'string' || typeof changed['displayName'] === 'string');
            splitMemberChanges(changes);
          } catch (error) {
            assert.ok(error instanceof ScimError, String(error));
          }
        }
      }),
      { numRuns: 2000 },
    );
  }
  assert.deepEqual([barbara, tourGuides], resources, 'no resource was touched');
});

const text = fc.option(fc.string({ minLength: 1 }), { nil: null });
const user = fc
  .record({
    userName: fc.string({ minLength: 1 }).filter((name) => name.trim() !== ''),
    title: text,
    active: fc.option(fc.boolean(), { nil: null }),
    name: fc.option(fc.record({ givenName: text, familyName: text }), { nil: null }),
    emails: fc.uniqueArray(
      fc.record({ value: fc.constantFrom('a', 'b', 'c'), type: fc.constantFrom('work', 'home') }),
      {
        selector: ({ value: email, type }) => email + type,
      },
    ),
    [schemaUrns.enterpriseUser]: fc.record({
      department: text,
      manager: fc.option(fc.record({ value: fc.constantFrom('m1', 'm2') }), { nil: null }),
    }),
  })
  .map((fields) => readNewResource(userType, fields as JsonObject, tolerantDialect));
const group = fc
  .record({ displayName: fc.constantFrom('x', 'y'), members: fc.uniqueArray(fc.constantFrom('a', '"', '\\', 'd')) })
  .map(({ displayName, members }) =>
    readNewResource(groupType, { displayName, members: members.map((id) => ({ value: id })) }, tolerantDialect),
  );

test('RFC 7644 3.5.2: the PATCH between two states of a user turns one into the other', () => {
  fc.assert(
    fc.property(user, user, (before, after) => {
      const operations = buildPatch(userType, before, after);
      if (operations.length === 0) return assert.deepEqual(before, after);
      const changes = parsePatch(userType, patchBody(...(operations as unknown as JsonObject[])), standardDialect);
      assert.deepEqual(applyPatch(userType, before, changes, standardDialect), after);
    }),
  );
});

test('RFC 7644 3.5.2: the PATCH between two states of a group turns one into the other', () => {
  fc.assert(
    fc.property(group, group, (before, after) => {
      const operations = buildPatch(groupType, before, after);
      const request = patchBody(...(operations as unknown as JsonObject[]));
      const changed =
        operations.length === 0
          ? before
          : applyPatch(groupType, before, parsePatch(groupType, request, standardDialect), standardDialect);
      const membersOf = ({ members = [] }: JsonObject) =>
        new Set((members as JsonObject[]).map((member) => member['value']));
      assert.deepEqual(membersOf(changed), membersOf(after));
      assert.equal(changed['displayName'], after['displayName']);
    }),
  );
});
