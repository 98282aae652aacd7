import assert from 'node:assert/strict';
import test from 'node:test';
import {
  buildErrorResponse,
  buildResourceType,
  buildSchema,
  buildServiceProviderConfig,
  buildVersion,
  createRegistry,
  type Decision,
  decidePrecondition,
  findResourceType,
  isScimMediaType,
  type JsonObject,
  parseFilter,
  readSchema,
  resolveFilter,
  resourceTypeSchema,
  ScimError,
  type ScimErrorCode,
  schemaSchema,
  schemaUrns,
  scimErrors,
  serviceProviderConfigSchema,
  standardDialect,
  standardSchemas,
} from '../src/index.ts';
import { groupType, refuses, userType } from './fixtures.ts';

test('RFC 7644 3.12: an error tells the peer status, keyword and detail, and the log its reason', () => {
  const error = new ScimError('mutability', "Attribute 'id' is read-only.", { reason: 'tenant 5', cause: 'cause' });
  assert.deepEqual(buildErrorResponse(error), {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '400',
    scimType: 'mutability',
    detail: "Attribute 'id' is read-only.",
  });
  assert.deepEqual([error.message, error.reason, error.cause], ['mutability: tenant 5', 'tenant 5', 'cause']);
  assert.deepEqual(buildErrorResponse(new ScimError('notFound', 'Resource 2819c223 not found.')), {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: '404',
    detail: 'Resource 2819c223 not found.',
  });
});

test('RFC 7644 table 9, RFC 9865 2.1: the catalogue has every keyword, under its own name', () => {
  const keywords =
    'invalidFilter tooMany uniqueness mutability invalidSyntax invalidPath noTarget invalidValue invalidVers sensitive';
  const typed = Object.entries(scimErrors).flatMap(([code]) => {
    const { scimType, status, message } = new ScimError(code as ScimErrorCode, 'x');
    assert.ok(status >= 400 && message.startsWith(code));
    if (scimType !== undefined) assert.equal(scimType, code);
    return scimType ?? [];
  });
  assert.deepEqual(typed, [...keywords.split(' '), 'invalidCursor', 'expiredCursor', 'invalidCount']);
});

test('RFC 7644 3.12: a detail repeats at most 60 characters of what the peer sent', () => {
  const filter = parseFilter(`${'x'.repeat(500)} pr`, standardDialect);
  refuses(
    () => resolveFilter(userType, filter, standardDialect),
    'invalidFilter',
    /^There is no attribute "x{60}..."\.$/,
  );
});

test('RFC 7644 3.1: both media types are read, whatever their parameters', () => {
  for (const type of [
    'application/scim+json',
    'application/json',
    'Application/SCIM+JSON; charset=utf-8',
    'application/json;charset=UTF-8',
  ]) {
    assert.equal(isScimMediaType(type), true, type);
  }
  for (const type of ['', 'text/json', 'application/scim', 'application/xml; x=application/json']) {
    assert.equal(isScimMediaType(type), false, type);
  }
});

const version = 'W/"a330bc54f0671c9"';
const decisions: [
  conditions: Parameters<typeof decidePrecondition>[0],
  version: string | undefined,
  isRead: boolean,
  Decision,
][] = [
  [{}, version, false, 'proceed'],
  [{ ifMatch: 'W/"a330bc54f0671c9"' }, version, false, 'proceed'],
  [{ ifMatch: 'W/"x", W/"a330bc54f0671c9"' }, version, false, 'proceed'],
  [{ ifMatch: '*' }, version, false, 'proceed'],
  [{ ifMatch: 'W/"old"' }, version, false, 'failed'],
  [{ ifMatch: '' }, version, false, 'failed'],
  [{ ifMatch: '*' }, undefined, false, 'failed'],
  [{ ifNoneMatch: version }, version, true, 'unmodified'],
  [{ ifNoneMatch: 'W/"old"' }, version, true, 'proceed'],
  [{ ifNoneMatch: '*' }, version, false, 'failed'],
  [{ ifNoneMatch: '*' }, undefined, false, 'proceed'],
];

for (const [conditions, present, isRead, decision] of decisions) {
  test(`RFC 7644 3.14: ${JSON.stringify(conditions)} at ${present} of a ${isRead ? 'read' : 'write'}: ${decision}`, () => {
    assert.equal(decidePrecondition(conditions, present, isRead), decision);
  });
}

test('RFC 7644 3.14: Deviation: weak tags are compared weakly even in If-Match', () => {
  assert.equal(decidePrecondition({ ifMatch: 'W/"1"' }, 'W/"1"', false), 'proceed');
  assert.equal(decidePrecondition({ ifMatch: '"1"' }, 'W/"1"', false), 'proceed');
});

test('RFC 7644 3.14: Interop: some clients send a tag without quotation marks', () => {
  assert.equal(decidePrecondition({ ifMatch: 'W/1' }, 'W/"1"', false), 'proceed');
  assert.equal(decidePrecondition({ ifNoneMatch: '0, 1' }, 'W/"1"', true), 'unmodified');
});

test('RFC 7644 3.14: a version is a weak entity tag of whatever counts the changes', () => {
  assert.equal(buildVersion(7), 'W/"7"');
  assert.equal(buildVersion('a"b, c'), 'W/"a%22b%2C%20c"');
  assert.equal(decidePrecondition({ ifMatch: buildVersion('a"b, c') }, buildVersion('a"b, c'), false), 'proceed');
});

const base = 'https://example.com/scim/v2';

test('RFC 7643 5: the service provider says what it supports, and nothing that strict clients do not know', () => {
  const config = {
    documentationUri: 'http://example.com/help/scim.html',
    patch: { supported: true },
    bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1048576 },
    filter: { supported: true, maxResults: 200 },
    changePassword: { supported: true },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      { type: 'oauthbearertoken', name: 'OAuth Bearer Token', description: 'RFC 6750', primary: true },
    ],
  } as const;
  const expected = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    ...config,
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
  assert.deepEqual(buildServiceProviderConfig(config, base), expected);
  const pagination = {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    maxPageSize: 250,
    cursorTimeout: 3600,
  } as const;
  assert.deepEqual(buildServiceProviderConfig({ ...config, pagination }, base), { ...expected, pagination });
});

test('RFC 7643 6: resource types name their endpoint and schemas', () => {
  assert.deepEqual(buildResourceType(userType, base), {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'User Account',
    schema: 'urn:ietf:params:scim:schemas:core:2.0:User',
    schemaExtensions: [{ schema: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', required: false }],
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/User` },
  });
  assert.deepEqual(buildResourceType(groupType, base)['schemaExtensions'], []);
});

test('RFC 7643 7: a schema tells every characteristic of its attributes', () => {
  const schema = buildSchema(userType.schema, base);
  assert.deepEqual([schema['id'], schema['description']], [schemaUrns.user, 'User Account']);
  assert.deepEqual(schema['meta'], { resourceType: 'Schema', location: `${base}/Schemas/${schemaUrns.user}` });
  const attributes = schema['attributes'] as JsonObject[];
  assert.deepEqual(attributes[0], {
    name: 'userName',
    type: 'string',
    multiValued: false,
    description: 'Name with which the user signs in',
    required: true,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'server',
  });
  const parts = attributes.find(({ name }) => name === 'emails')?.['subAttributes'];
  assert.deepEqual((parts as JsonObject[])[2]?.['canonicalValues'], ['work', 'home', 'other']);
  const profileUrl = attributes.find(({ name }) => name === 'profileUrl');
  assert.deepEqual(profileUrl?.['referenceTypes'], ['external']);
});

test('RFC 7643 8.7: every schema is the same after it was told and read again', () => {
  for (const schema of [...standardSchemas, serviceProviderConfigSchema, resourceTypeSchema]) {
    assert.deepEqual(readSchema(buildSchema(schema, base)), schema);
  }
  assert.equal(readSchema(buildSchema(schemaSchema, base)).attributes.length, schemaSchema.attributes.length);
});

test('RFC 7643 7: a custom extension is data', () => {
  const extension = readSchema({
    id: 'urn:example:params:scim:schemas:extension:badge:2.0:User',
    attributes: [
      { name: 'color' },
      { name: 'card', type: 'complex', subAttributes: [{ name: 'number', type: 'integer', required: true }] },
      'odd',
    ],
  });
  assert.deepEqual([extension.name, extension.description], [extension.id, extension.id]);
  assert.deepEqual(
    extension.attributes.map(({ name, type, mutability, returned }) => [name, type, mutability, returned]),
    [
      ['color', 'string', 'readWrite', 'default'],
      ['card', 'complex', 'readWrite', 'default'],
    ],
  );
  const type = {
    name: 'User',
    endpoint: '/Users',
    description: '',
    schema: schemaUrns.user,
    schemaExtensions: [{ schema: extension.id, required: true }],
  };
  const registry = createRegistry([...standardSchemas, extension], [type]);
  assert.equal(findResourceType(registry, 'USER')?.extensions[0]?.schema, extension);
  assert.equal(findResourceType(registry, 'Group'), undefined);
});

test('RFC 7643 7: what is no schema is refused', () => {
  const read = (attribute: JsonObject) => readSchema({ id: 'urn:x', attributes: [attribute] });
  refuses(() => readSchema({}), 'invalidValue', /needs a URN/);
  refuses(() => readSchema({ id: 'User' }), 'invalidValue', /needs a URN/);
  for (const name of ['', '1a', 'a b', '__proto__'])
    refuses(() => read({ name }), 'invalidValue', /is no name of an attribute/);
  refuses(() => read({ name: 'a', type: 'text' }), 'invalidValue', /type of urn:x:a must be one of string/);
  refuses(() => read({ name: 'a', mutability: 'sometimes' }), 'invalidValue', /mutability of urn:x:a must be one of/);
  refuses(
    () => readSchema({ id: 'urn:x', attributes: [{ name: 'a' }, { name: 'A' }] }),
    'invalidValue',
    /has an attribute twice/,
  );
});
