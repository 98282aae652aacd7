import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type AttributeDefinition,
  buildMeta,
  createRegistry,
  defineAttribute,
  findResourceType,
  groupResourceType,
  type JsonObject,
  locationOf,
  parseBody,
  readAnsweredResource,
  readNewResource,
  readReplacement,
  schemaUrns,
  standardDialect,
  standardSchemas,
  tolerantDialect,
  userResourceType,
} from '../src/index.ts';
import { barbara, refuses, userType } from './fixtures.ts';

const create = (body: JsonObject, dialect = tolerantDialect) => readNewResource(userType, body, dialect);
const strict = (body: JsonObject) => create({ schemas: [schemaUrns.user], userName: 'x', ...body }, standardDialect);

/** A user type whose extension has the given attributes. */
function typeWith(attributes: AttributeDefinition[], required = false) {
  const schema = { id: 'urn:example:params:scim:Badge', name: 'Badge', description: 'Badge', attributes };
  const definition = { ...userResourceType, schemaExtensions: [{ schema: schema.id, required }] };
  const type = findResourceType(createRegistry([...standardSchemas, schema], [definition]), 'user');
  assert.ok(type);
  return type;
}
const badge = 'urn:example:params:scim:Badge';

test('RFC 7644 3.3: the example user is read', () => {
  const body = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'bjensen',
    externalId: 'bjensen',
    name: { formatted: 'Ms. Barbara J Jensen III', familyName: 'Jensen', givenName: 'Barbara' },
  };
  assert.deepEqual(create(body, standardDialect), body);
});

test('RFC 7644 3.3: readOnly attributes in a new resource are ignored', () => {
  const user = create({
    userName: 'x',
    id: 'chosen-by-client',
    meta: { resourceType: 'Group' },
    groups: [{ value: 'admins' }],
    [schemaUrns.enterpriseUser]: { manager: { value: '1', displayName: 'Boss' } },
  });
  assert.deepEqual(user, {
    schemas: [schemaUrns.user, schemaUrns.enterpriseUser],
    userName: 'x',
    [schemaUrns.enterpriseUser]: { manager: { value: '1' } },
  });
});

test('RFC 7643 2.1: attribute names are case-insensitive and kept with the capitals of the schema', () => {
  const user = create({
    USERNAME: 'x',
    Name: { GIVENNAME: 'Barbara' },
    EMAILS: [{ VALUE: 'a@example.com', Type: 'work' }],
    [schemaUrns.enterpriseUser.toUpperCase()]: { Department: 'Tours' },
  });
  assert.deepEqual(user, {
    schemas: [schemaUrns.user, schemaUrns.enterpriseUser],
    userName: 'x',
    name: { givenName: 'Barbara' },
    emails: [{ value: 'a@example.com', type: 'work' }],
    [schemaUrns.enterpriseUser]: { department: 'Tours' },
  });
});

test('RFC 7643 2.1: a name that is there twice is refused', () => {
  refuses(() => create({ userName: 'x', USERNAME: 'y' }), 'invalidSyntax', /userName is there twice/);
  refuses(
    () => create({ userName: 'x', name: { givenName: 'a', GivenName: 'b' } }),
    'invalidSyntax',
    /name.givenName is there twice/,
  );
  const twice = {
    [schemaUrns.enterpriseUser]: { division: 'a' },
    [schemaUrns.enterpriseUser.toUpperCase()]: { division: 'b' },
  };
  refuses(() => create({ userName: 'x', ...twice }), 'invalidSyntax', /is there twice/);
});

test('RFC 7643 2.5: null, an empty list and an empty object are no value', () => {
  const user = create({
    userName: 'x',
    title: null,
    name: {},
    emails: [],
    phoneNumbers: null,
    ims: [{}, { display: null }],
    [schemaUrns.enterpriseUser]: null,
  });
  assert.deepEqual(user, { schemas: [schemaUrns.user], userName: 'x' });
  assert.deepEqual(create({ userName: 'x', [schemaUrns.enterpriseUser]: {} }), {
    schemas: [schemaUrns.user],
    userName: 'x',
  });
});

test('RFC 7643 2.2: a required attribute must have a value', () => {
  for (const userName of [undefined, null, '', '  ']) {
    refuses(
      () => create(userName === undefined ? { title: 'x' } : { userName }),
      'invalidValue',
      /userName is required/,
    );
  }
  const type = typeWith(
    [
      defineAttribute('number', 'Number', { required: true }),
      defineAttribute('color', 'Color', {
        type: 'complex',
        subAttributes: [defineAttribute('name', 'Name', { required: true }), defineAttribute('code', 'Code')],
      }),
    ],
    true,
  );
  refuses(() => readNewResource(type, { userName: 'x' }, tolerantDialect), 'invalidValue', /Badge is required/);
  refuses(
    () => readNewResource(type, { userName: 'x', [badge]: { color: { name: 'red' } } }, tolerantDialect),
    'invalidValue',
    /Badge:number is required/,
  );
  refuses(
    () => readNewResource(type, { userName: 'x', [badge]: { number: '1', color: { code: 'f00' } } }, tolerantDialect),
    'invalidValue',
    /Badge:color.name is required/,
  );
});

test('RFC 7643 2.3: each type takes its values and no others', () => {
  const type = typeWith([
    defineAttribute('decimal', '', { type: 'decimal' }),
    defineAttribute('integer', '', { type: 'integer' }),
    defineAttribute('dateTime', '', { type: 'dateTime' }),
    defineAttribute('binary', '', { type: 'binary' }),
    defineAttribute('reference', '', { type: 'reference' }),
    defineAttribute('boolean', '', { type: 'boolean' }),
    defineAttribute('string', '', { multiValued: true }),
  ]);
  const read = (name: string, value: never) =>
    readNewResource(
      type,
      { schemas: [schemaUrns.user, badge], userName: 'x', [badge]: { [name]: value } },
      standardDialect,
    )[badge];
  const good = {
    decimal: 1.5,
    integer: 3,
    dateTime: '2011-05-13T04:42:34Z',
    binary: 'QUJD_-+/==',
    reference: '../Users/1',
    boolean: false,
    string: ['a', 'b'],
  };
  for (const [name, value] of Object.entries(good)) assert.deepEqual(read(name, value as never), { [name]: value });
  const bad = {
    decimal: '1.5',
    integer: 3.5,
    dateTime: 'now',
    binary: '?',
    reference: 1,
    boolean: 'false',
    string: 'a',
  };
  for (const [name, value] of Object.entries(bad))
    refuses(() => read(name, value as never), 'invalidValue', new RegExp(`${name} must be`));
  for (const [name, value] of [
    ['decimal', Number.POSITIVE_INFINITY],
    ['integer', 2 ** 53],
    ['binary', 1],
    ['dateTime', 1],
    ['string', [1]],
  ]) {
    refuses(() => read(String(name), value as never), 'invalidValue', new RegExp(`${name} must be`));
  }
});

test('RFC 7643 2.3: an object is expected where an object belongs', () => {
  refuses(() => create({ userName: 'x', name: 'Barbara' }), 'invalidValue', /name must be an object/);
  refuses(() => strict({ name: ['a'] }), 'invalidValue', /name must be an object/);
  refuses(() => create({ userName: 'x', emails: [5] }), 'invalidValue', /emails must be an object/);
  refuses(() => create({ userName: 'x', addresses: ['Main Street 1'] }), 'invalidValue', /addresses must be an object/);
  refuses(() => create({ userName: 'x', [schemaUrns.enterpriseUser]: 'Tours' }), 'invalidSyntax', /must be an object/);
});

test('RFC 7643 2.4: at most one value is primary', () => {
  const emails = [
    { value: 'a', primary: true },
    { value: 'b', primary: true },
  ];
  refuses(() => create({ userName: 'x', emails }), 'invalidValue', /emails has more than one primary value/);
});

test('RFC 7643 2.4: canonical values are suggestions', () => {
  const user = create(
    { userName: 'x', emails: [{ value: 'a', type: 'carrier pigeon' }], roles: [{ value: 'r', type: 'any' }] },
    tolerantDialect,
  );
  assert.deepEqual(user['emails'], [{ value: 'a', type: 'carrier pigeon' }]);
  assert.deepEqual(user['roles'], [{ value: 'r', type: 'any' }]);
});

test('RFC 7643 3: strictly, "schemas" names what the resource uses and nothing unknown', () => {
  refuses(
    () => create({ userName: 'x' }, standardDialect),
    'invalidSyntax',
    /schemas must list urn:ietf:params:scim:schemas:core:2.0:User/,
  );
  refuses(
    () => strict({ [schemaUrns.enterpriseUser]: { division: 'a' } }),
    'invalidSyntax',
    /schemas must list urn.*enterprise/,
  );
  refuses(
    () => strict({ schemas: [schemaUrns.user, 'urn:x:unknown'] }),
    'invalidSyntax',
    /User has no schema "urn:x:unknown"/,
  );
  refuses(() => strict({ schemas: schemaUrns.user }), 'invalidValue', /schemas must be a list/);
  refuses(() => strict({ schemas: [1] }), 'invalidValue', /schemas must be of type reference/);
  const both = [schemaUrns.user, schemaUrns.enterpriseUser];
  assert.deepEqual(
    strict({ schemas: both })['schemas'],
    [schemaUrns.user],
    'an extension without values is not listed',
  );
});

test('RFC 7644 3.5.1: a replacement empties what it leaves out and keeps what a client cannot change', () => {
  const next = readReplacement(
    userType,
    barbara,
    { schemas: [schemaUrns.user], id: 'another', userName: 'babs', emails: [{ value: 'babs@example.com' }] },
    standardDialect,
  );
  assert.deepEqual(next, {
    schemas: [schemaUrns.user],
    id: barbara['id'],
    userName: 'babs',
    emails: [{ value: 'babs@example.com' }],
    groups: barbara['groups'],
    meta: barbara['meta'],
  });
});

test('RFC 7644 3.5.1: an immutable attribute keeps its value, a writeOnly one that is not sent too', () => {
  const type = typeWith([
    defineAttribute('serial', '', { mutability: 'immutable' }),
    defineAttribute('pin', '', { mutability: 'writeOnly' }),
    defineAttribute('color', ''),
  ]);
  const before = readNewResource(
    type,
    { userName: 'x', password: 'p', [badge]: { serial: 'A1', pin: '1', color: 'red' } },
    tolerantDialect,
  );
  const replace = (body: JsonObject) => readReplacement(type, before, { userName: 'x', ...body }, tolerantDialect);
  assert.deepEqual(replace({}), {
    schemas: [schemaUrns.user, badge],
    userName: 'x',
    password: 'p',
    [badge]: { serial: 'A1', pin: '1' },
  });
  assert.deepEqual(replace({ password: 'q', [badge]: { serial: 'A1', pin: '2' } }), {
    schemas: [schemaUrns.user, badge],
    userName: 'x',
    password: 'q',
    [badge]: { serial: 'A1', pin: '2' },
  });
  refuses(() => replace({ [badge]: { serial: 'B2' } }), 'mutability', /Badge:serial cannot be changed/);
  const fresh = readReplacement(
    type,
    { schemas: [], userName: 'x' },
    { userName: 'x', [badge]: { serial: 'B2' } },
    tolerantDialect,
  );
  assert.deepEqual(fresh[badge], { serial: 'B2' });
});

test('RFC 7644 3.3: what a server answers is read with its readOnly attributes', () => {
  const answered = readAnsweredResource(
    userType,
    { ID: '1', UserName: 'x', active: 'True', meta: { version: 'W/"1"' }, links: {} },
    tolerantDialect,
  );
  assert.deepEqual(answered, {
    schemas: [schemaUrns.user],
    id: '1',
    userName: 'x',
    active: true,
    meta: { version: 'W/"1"' },
  });
});

test('RFC 7644 3.3: Interop: what is wrong in an answer is left out', () => {
  const answer = {
    userName: 'x',
    title: 5,
    name: 'Barbara',
    emails: [{ value: 'a', primary: true }, { value: 'b', primary: true }, 7],
    meta: { created: 'yesterday' },
  };
  const emails = [
    { value: 'a', primary: true },
    { value: 'b', primary: true },
  ];
  assert.deepEqual(readAnsweredResource(userType, answer, tolerantDialect), {
    schemas: [schemaUrns.user],
    userName: 'x',
    emails,
  });
});

test('RFC 7644 3.1: meta says where a resource is, with the same address as the Location header', () => {
  const location = locationOf(userType, 'https://example.com/scim/v2', 'a/b');
  assert.equal(location, 'https://example.com/scim/v2/Users/a%2Fb');
  const createdAt = new Date(Date.UTC(2010, 0, 23, 4, 56, 22));
  const lastModifiedAt = new Date(Date.UTC(2011, 4, 13, 4, 42, 34));
  const meta = {
    resourceType: 'User',
    created: '2010-01-23T04:56:22.000Z',
    lastModified: '2011-05-13T04:42:34.000Z',
    location,
  };
  assert.deepEqual(buildMeta(userType, location, { createdAt, lastModifiedAt }), meta);
  assert.deepEqual(buildMeta(userType, location, { createdAt, lastModifiedAt, version: 'W/"1"' }), {
    ...meta,
    version: 'W/"1"',
  });
});

test('RFC 7644 3.12: a body that is not one JSON object is refused', () => {
  for (const text of ['', '{', '[]', '"x"', 'null', '5', '{"a":1}{', '{a:1}'])
    refuses(() => parseBody(text), 'invalidSyntax', /JSON/);
  assert.deepEqual(parseBody(' {"userName":"x"}\n'), { userName: 'x' });
});

test('bad input 29: a body that is nested without end is refused', () => {
  refuses(
    () => parseBody(`{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
    'invalidSyntax',
    /nested deeper than 32/,
  );
  refuses(() => parseBody('{"a":'.repeat(50) + 1 + '}'.repeat(50)), 'invalidSyntax', /nested deeper than 32/);
});

test('bad input 29: names of JavaScript are names like any other', () => {
  const user = create(
    parseBody(
      '{"userName":"x","__proto__":{"title":"a"},"constructor":{"title":"b"},"name":{"__proto__":{"givenName":"c"}}}',
    ),
  );
  assert.deepEqual(user, { schemas: [schemaUrns.user], userName: 'x' });
});

test('RFC 7643 6: a registry refuses schemas that do not fit together', () => {
  assert.throws(() => createRegistry([...standardSchemas, ...standardSchemas]), /registered twice/);
  assert.throws(() => createRegistry([], [groupResourceType]), /Group is not registered/);
});
