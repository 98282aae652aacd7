// Each habit of `dialect.ts`: what a client does, that it works where the dialect accepts it, and is refused where not.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type Dialect,
  dialects,
  type Habit,
  habits,
  type JsonObject,
  messageUrns,
  parseSearchRequest,
  readNewResource,
  type ScimErrorCode,
  schemaUrns,
  standardDialect,
  tolerantDialect,
} from '../src/index.ts';
import { barbara, groupType, matches, patched, refuses, tourGuides, userType } from './fixtures.ts';

const enterprise = schemaUrns.enterpriseUser;
const create = (dialect: Dialect, body: JsonObject) =>
  readNewResource(userType, { schemas: [schemaUrns.user, enterprise], userName: 'x', ...body }, dialect);
const patchUser = (dialect: Dialect, ...operations: JsonObject[]) => patched(userType, barbara, operations, dialect);
const patchGroup = (dialect: Dialect, ...operations: JsonObject[]) =>
  patched(groupType, tourGuides, operations, dialect);
const emailsAfter = (dialect: Dialect, operation: JsonObject) => patchUser(dialect, operation)['emails'];
const emails = barbara['emails'] as JsonObject[];
const [babs, mandy] = tourGuides['members'] as JsonObject[];

interface Example {
  does: (dialect: Dialect) => unknown;
  gives: unknown;
  refusedAs: ScimErrorCode;
}

const examples: Record<Habit, Example[]> = {
  'unquoted-filter-values': [
    {
      does: (dialect) => matches('name.FamilyName eq jensen', barbara, userType, dialect),
      gives: true,
      refusedAs: 'invalidFilter',
    },
    {
      does: (dialect) => matches(`${enterprise}:employeeNumber eq 701984`, barbara, userType, dialect),
      gives: true,
      refusedAs: 'invalidFilter',
    },
    {
      does: (dialect) => matches('externalId eq 007', { externalId: '007' }, userType, dialect),
      gives: true,
      refusedAs: 'invalidFilter',
    },
  ],
  'sub-attribute-after-brackets': [
    {
      does: (dialect) => matches('emails[type eq "work"].value eq "bjensen@example.com"', barbara, userType, dialect),
      gives: true,
      refusedAs: 'invalidFilter',
    },
  ],
  'unqualified-extension-attributes': [
    {
      does: (dialect) => matches('department sw "Tour"', barbara, userType, dialect),
      gives: true,
      refusedAs: 'invalidFilter',
    },
  ],
  'string-booleans': [
    {
      does: (dialect) => patchUser(dialect, { op: 'replace', path: 'active', value: 'False' })['active'],
      gives: false,
      refusedAs: 'invalidValue',
    },
    { does: (dialect) => create(dialect, { active: 'TRUE' })['active'], gives: true, refusedAs: 'invalidValue' },
    {
      does: (dialect) => matches('emails[primary eq "True"]', barbara, userType, dialect),
      gives: true,
      refusedAs: 'invalidFilter',
    },
  ],
  'bare-values': [
    {
      does: (dialect) => create(dialect, { [enterprise]: { manager: '26118915' } })[enterprise],
      gives: { manager: { value: '26118915' } },
      refusedAs: 'invalidValue',
    },
    {
      does: (dialect) => patchGroup(dialect, { op: 'add', path: 'members', value: 'new' })['members'],
      gives: [babs, mandy, { value: 'new' }],
      refusedAs: 'invalidValue',
    },
    {
      does: (dialect) => patchUser(dialect, { op: 'add', path: `${enterprise}:manager`, value: '1' })[enterprise],
      gives: { ...(barbara[enterprise] as JsonObject), manager: { value: '1' } },
      refusedAs: 'invalidValue',
    },
  ],
  'wrapped-values': [
    {
      does: (dialect) =>
        patchUser(dialect, { op: 'replace', path: 'title', value: [{ $ref: null, value: 'Chief' }] })['title'],
      gives: 'Chief',
      refusedAs: 'invalidValue',
    },
    { does: (dialect) => create(dialect, { title: ['Chief'] })['title'], gives: 'Chief', refusedAs: 'invalidValue' },
    {
      does: (dialect) => create(dialect, { title: [{ display: 'x' }] })['title'],
      gives: undefined,
      refusedAs: 'invalidValue',
    },
    { does: (dialect) => create(dialect, { title: [null] })['title'], gives: undefined, refusedAs: 'invalidValue' },
    {
      does: (dialect) => create(dialect, { [enterprise]: { manager: [{ value: '1' }] } })[enterprise],
      gives: { manager: { value: '1' } },
      refusedAs: 'invalidValue',
    },
  ],
  'single-for-list': [
    {
      does: (dialect) => create(dialect, { emails: { value: 'a' } })['emails'],
      gives: [{ value: 'a' }],
      refusedAs: 'invalidValue',
    },
  ],
  'operation-capitals': [
    {
      does: (dialect) => patchUser(dialect, { op: 'Add', path: 'title', value: 'x' })['title'],
      gives: 'x',
      refusedAs: 'invalidSyntax',
    },
    {
      does: (dialect) => patchUser(dialect, { op: 'Remove', path: 'title' })['title'],
      gives: undefined,
      refusedAs: 'invalidSyntax',
    },
  ],
  'paths-as-keys': [
    {
      does: (dialect) => patchUser(dialect, { op: 'replace', value: { 'name.givenName': 'B' } })['name'],
      gives: { ...(barbara['name'] as JsonObject), givenName: 'B' },
      refusedAs: 'invalidSyntax',
    },
    {
      does: (dialect) => emailsAfter(dialect, { op: 'replace', value: { 'emails[type eq "home"].value': 'h' } }),
      gives: [emails[0], { ...emails[1], value: 'h' }],
      refusedAs: 'invalidSyntax',
    },
    {
      does: (dialect) =>
        patchUser(dialect, { op: 'add', path: enterprise, value: { 'manager.value': '1' } })[enterprise],
      gives: { ...(barbara[enterprise] as JsonObject), manager: { value: '1', displayName: 'John Smith' } },
      refusedAs: 'invalidSyntax',
    },
  ],
  'remove-by-value': [
    {
      does: (dialect) =>
        patchGroup(dialect, { op: 'remove', path: 'members', value: [{ $ref: null, value: babs?.['value'] ?? null }] })[
          'members'
        ],
      gives: [mandy],
      refusedAs: 'invalidValue',
    },
    {
      does: (dialect) => patchGroup(dialect, { op: 'remove', path: 'members', value: [] }),
      gives: tourGuides,
      refusedAs: 'invalidValue',
    },
    {
      does: (dialect) =>
        emailsAfter(dialect, { op: 'remove', path: 'emails', value: { value: 'babs@jensen.example.org' } }),
      gives: [emails[0]],
      refusedAs: 'invalidValue',
    },
    {
      does: (dialect) => emailsAfter(dialect, { op: 'remove', path: 'emails', value: [emails[0] ?? null] }),
      gives: [emails[1]],
      refusedAs: 'invalidValue',
    },
    {
      does: (dialect) =>
        emailsAfter(dialect, {
          op: 'remove',
          path: 'emails',
          value: [{ value: 'babs@jensen.example.org', type: 'work' }],
        }),
      gives: emails,
      refusedAs: 'invalidValue',
    },
    {
      does: (dialect) => patchUser(dialect, { op: 'remove', path: 'title', value: 'old title' })['title'],
      gives: undefined,
      refusedAs: 'invalidValue',
    },
  ],
  'add-creates-value': [
    {
      does: (dialect) => emailsAfter(dialect, { op: 'add', path: 'emails[type eq "other"].value', value: 'o' }),
      gives: [...emails, { type: 'other', value: 'o' }],
      refusedAs: 'noTarget',
    },
    {
      does: (dialect) =>
        patchUser(dialect, { op: 'replace', path: 'roles[primary eq true and type eq "x"].value', value: 'r' })[
          'roles'
        ],
      gives: [{ primary: true, type: 'x', value: 'r' }],
      refusedAs: 'noTarget',
    },
    {
      does: (dialect) => patchUser(dialect, { op: 'add', path: 'ims[type eq "xmpp"]', value: { value: 'i' } })['ims'],
      gives: [{ type: 'xmpp', value: 'i' }],
      refusedAs: 'noTarget',
    },
  ],
  'remove-nothing': [
    {
      does: (dialect) => patchGroup(dialect, { op: 'remove', path: 'members[value eq "gone"]' }),
      gives: tourGuides,
      refusedAs: 'noTarget',
    },
  ],
  'read-only-in-patch': [
    {
      does: (dialect) => patchUser(dialect, { op: 'replace', value: { id: 'x', title: 'y' } })['title'],
      gives: 'y',
      refusedAs: 'mutability',
    },
  ],
  'missing-schemas': [
    {
      does: (dialect) => create(dialect, { schemas: null })['schemas'],
      gives: [schemaUrns.user],
      refusedAs: 'invalidSyntax',
    },
    { does: (dialect) => parseSearchRequest({}, dialect).attributes, gives: [], refusedAs: 'invalidSyntax' },
  ],
  'unknown-attributes': [
    {
      does: (dialect) => create(dialect, { adreses: 'x', acve: true, name: { nik: 'x' } })['schemas'],
      gives: [schemaUrns.user],
      refusedAs: 'invalidSyntax',
    },
    {
      does: (dialect) =>
        patchUser(dialect, { op: 'replace', value: { adreses: 'x', 'a.b.c': 1, 'urn:x:1.0': {}, name: { nik: 'x' } } }),
      gives: barbara,
      refusedAs: 'invalidSyntax',
    },
  ],
};

for (const [name, list] of Object.entries(examples)) {
  const habit = name as Habit;
  test(`${habits[habit]}`, () => {
    for (const { does, gives, refusedAs } of list) {
      assert.deepEqual(does(tolerantDialect), gives);
      // A key that is not understood counts as an unknown attribute, which must not be ignored here.
      const refused = [habit, 'unknown-attributes'];
      const without = {
        ...tolerantDialect,
        accepts: tolerantDialect.accepts.filter((other) => !refused.includes(other)),
      };
      refuses(() => does(without), refusedAs, /./);
      refuses(() => does(standardDialect), refusedAs, /./);
    }
  });
}

test('Interop: a value is only made where the filter says what it must be', () => {
  for (const filter of ['type ne "work" and type eq "x"', 'not (type pr)', 'type sw "x"']) {
    const operation = { op: 'add', path: `emails[${filter}].display`, value: 'x' };
    refuses(
      () => patched(userType, { userName: 'x' }, [operation], tolerantDialect),
      'noTarget',
      /No value of emails.display/,
    );
  }
});

test('Interop: a PATCH request needs no `schemas` where bodies need none', () => {
  const body = { Operations: [{ op: 'remove', path: 'title' }] };
  assert.equal(patched(userType, barbara, body.Operations, tolerantDialect)['title'], undefined);
  assert.ok(messageUrns.patchOp);
});

test('RFC 7644: the dialects have names, the standard one accepts no habit and the tolerant one all', () => {
  assert.deepEqual(Object.keys(dialects), ['standard', 'tolerant', 'entra', 'aws-identity-center']);
  assert.deepEqual(dialects['standard']?.accepts, []);
  assert.deepEqual(dialects['tolerant']?.accepts, Object.keys(habits));
});
