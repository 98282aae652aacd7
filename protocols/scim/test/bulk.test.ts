import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  type BulkResult,
  buildBulkResponse,
  hasFailedEnough,
  type JsonObject,
  messageUrns,
  parseBulkRequest,
  planBulk,
  resolveReference,
  resolveReferences,
  standardDialect,
  tolerantDialect,
} from '../src/index.ts';
import { refuses } from './fixtures.ts';

const bulk = (operations: JsonObject[], more: JsonObject = {}) =>
  parseBulkRequest({ schemas: [messageUrns.bulkRequest], ...more, Operations: operations }, 1000, standardDialect);
const post = (bulkId: string, data: JsonObject = {}, path = '/Groups') => ({ method: 'POST', path, bulkId, data });
const group = (bulkId: string, ...members: string[]) =>
  post(bulkId, { displayName: bulkId, members: members.map((name) => ({ value: `bulkId:${name}` })) });
/** The order of a plan: names of the operations, completions with a plus sign. */
const orderOf = (operations: JsonObject[]) =>
  planBulk(bulk(operations)).map(
    ({ operation, isCompletion }) => `${isCompletion ? '+' : ''}${operation.bulkId ?? operation.id}`,
  );

test('RFC 7644 3.7: the example request is read', () => {
  const { operations, failOnErrors } = bulk(
    [
      { method: 'POST', path: '/Users', bulkId: 'qwerty', data: { userName: 'Alice' } },
      {
        method: 'PUT',
        path: '/Users/b7c14771-226c-4d05-8860-134711653041',
        version: 'W/"3694e05e9dff591"',
        data: { userName: 'Bob' },
      },
      { method: 'PATCH', path: '/Users/5d8d29d3-342c-4b5f-8683-a3cb6763ffcc', data: { Operations: [] } },
      { method: 'DELETE', path: '/Users/e9025315-6bea-44e1-899c-1e07454e468b', version: 'W/"0ee8add0a938e1a"' },
    ],
    { failOnErrors: 1 },
  );
  assert.equal(failOnErrors, 1);
  assert.deepEqual(
    operations.map(({ method, endpoint, id, version, bulkId }) => [method, endpoint, id?.slice(0, 8), version, bulkId]),
    [
      ['POST', '/Users', undefined, undefined, 'qwerty'],
      ['PUT', '/Users', 'b7c14771', 'W/"3694e05e9dff591"', undefined],
      ['PATCH', '/Users', '5d8d29d3', undefined, undefined],
      ['DELETE', '/Users', 'e9025315', 'W/"0ee8add0a938e1a"', undefined],
    ],
  );
});

const malformed: [operation: unknown, code: 'invalidSyntax' | 'invalidValue', detail: RegExp][] = [
  ['POST', 'invalidSyntax', /Operation 1 must be an object/],
  [{ path: '/Users', data: {} }, 'invalidSyntax', /method must be one of POST,PUT,PATCH,DELETE/],
  [{ method: 'GET', path: '/Users/1' }, 'invalidSyntax', /method must be one of/],
  [{ method: 5, path: '/Users/1' }, 'invalidSyntax', /method must be a text/],
  [{ method: 'POST', path: '/Users', data: {} }, 'invalidValue', /POST needs a bulkId/],
  [{ method: 'POST', path: '/Users', bulkId: '', data: {} }, 'invalidValue', /POST needs a bulkId/],
  [{ method: 'POST', path: '/Users/1', bulkId: 'a', data: {} }, 'invalidValue', /"\/Users\/1" is no path for POST/],
  [{ method: 'DELETE', path: '/Users' }, 'invalidValue', /"\/Users" is no path for DELETE/],
  [{ method: 'DELETE' }, 'invalidValue', /"" is no path for DELETE/],
  [{ method: 'DELETE', path: 'https://example.com/Users/1' }, 'invalidValue', /is no path/],
  [{ method: 'DELETE', path: '/Users/1/../2' }, 'invalidValue', /is no path/],
  [{ method: 'PUT', path: '/Users/1' }, 'invalidSyntax', /data must be an object/],
  [{ method: 'PATCH', path: '/Users/1', data: [] }, 'invalidSyntax', /data must be an object/],
];

for (const [operation, code, detail] of malformed) {
  test(`RFC 7644 3.7: ${JSON.stringify(operation)} is no operation`, () => {
    refuses(() => bulk([operation as JsonObject]), code, detail);
  });
}

test('RFC 7644 3.7: a request that cannot be carried out as a whole is refused', () => {
  refuses(
    () => parseBulkRequest({ Operations: [] }, 10, standardDialect),
    'invalidSyntax',
    /schemas must list urn.*BulkRequest/,
  );
  refuses(
    () => parseBulkRequest({ Operations: {} }, 10, tolerantDialect),
    'invalidSyntax',
    /Operations must be a list/,
  );
  refuses(() => bulk([post('a'), post('a')]), 'invalidValue', /Each bulkId must be unique/);
  for (const failOnErrors of [0, -1, 1.5, '1']) {
    refuses(() => bulk([], { failOnErrors }), 'invalidValue', /failOnErrors must be a positive integer/);
  }
});

test('RFC 7644 3.7.4: more operations than allowed are too large a payload', () => {
  const operations = Array.from({ length: 10_000 }, (_, index) => post(`${index}`));
  refuses(() => bulk(operations), 'payloadTooLarge', /at most 1000 operations/);
});

test('bad input 29: data nested without end is refused', () => {
  let data: JsonObject = {};
  for (let depth = 0; depth < 100_000; depth++) data = { data };
  refuses(() => bulk([post('a', data)]), 'invalidSyntax', /nested deeper than 32/);
});

test('RFC 7644 3.7.2: operations keep their order unless they refer to a resource that is created later', () => {
  assert.deepEqual(orderOf([post('a'), post('b'), { method: 'DELETE', path: '/Users/1' }, post('c')]), [
    'a',
    'b',
    '1',
    'c',
  ]);
  assert.deepEqual(orderOf([group('tours', 'alice', 'bob'), post('bob'), post('alice')]), ['alice', 'bob', 'tours']);
  assert.deepEqual(orderOf([group('a', 'b'), group('b', 'c'), post('c'), group('d', 'a', 'c')]), ['c', 'b', 'a', 'd']);
  const patch = {
    method: 'PATCH',
    path: '/Groups/bulkId:b',
    data: { Operations: [{ op: 'add', path: 'members', value: [{ value: 'bulkId:a' }] }] },
  };
  assert.deepEqual(orderOf([patch, post('a'), post('b')]), ['b', 'a', 'bulkId:b']);
});

test('RFC 7644 3.7.1: references in a circle are completed when all resources exist', () => {
  assert.deepEqual(orderOf([group('a', 'b'), group('b', 'a')]), ['b', 'a', '+b']);
  const [first, , completion] = planBulk(bulk([group('a', 'b', 'c'), group('b', 'a', 'c'), post('c')])).filter(
    ({ operation }) => operation.bulkId === 'b' || operation.bulkId === 'c',
  );
  assert.deepEqual(first?.data, {});
  assert.deepEqual(completion?.data, { members: [{ value: 'bulkId:a' }] });
});

test('RFC 7644 3.7.1: a resource in a circle is created with all that does not wait', () => {
  const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const boss = { userName: 'boss', roles: ['x'], [urn]: { manager: { value: 'bulkId:boss' } } };
  const [created, completed] = planBulk(bulk([post('boss', boss, '/Users')]));
  assert.deepEqual([created?.data, created?.isCompletion], [{ userName: 'boss', roles: ['x'] }, false]);
  assert.deepEqual(
    [completed?.data, completed?.isCompletion],
    [{ [urn]: { manager: { value: 'bulkId:boss' } } }, true],
  );
  const [tours] = planBulk(bulk([group('tours', 'tours', 'other')]));
  assert.deepEqual(tours?.data['members'], [{ value: 'bulkId:other' }]);
});

test('RFC 7644 3.7.2: references become identifiers', () => {
  const ids = new Map([['a', '92b725cd']]);
  const data = { displayName: 'x', size: 1, nothing: null, members: [{ type: 'User', value: 'bulkId:a' }, 'bulkId:a'] };
  assert.deepEqual(resolveReferences(data, ids), {
    ...data,
    members: [{ type: 'User', value: '92b725cd' }, '92b725cd'],
  });
  assert.equal(resolveReference('bulkId:a', ids), '92b725cd');
  refuses(
    () => resolveReferences({ manager: 'bulkId:b' }, ids),
    'invalidValue',
    /No operation of this request created "bulkId:b"/,
  );
});

test('RFC 7644 3.7.1: any references can be put in order, and each is there once all steps are done', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const graph = fc.array(fc.uniqueArray(fc.constantFrom(...names)), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(graph, (members) => {
      const steps = planBulk(bulk(names.map((name, index) => group(name, ...(members[index] ?? [])))));
      const ids = new Map<string, string>();
      const result = new Map<string, string[]>(names.map((name) => [name, []]));
      for (const { operation, data, isCompletion } of steps) {
        const name = operation.bulkId ?? '';
        assert.equal(isCompletion, ids.has(name), 'created first and once, completed later');
        const { members: resolved = [] } = resolveReferences(data, ids);
        result.get(name)?.push(...(resolved as { value: string }[]).map(({ value }) => value));
        ids.set(name, `id-${name}`);
      }
      names.forEach((name, index) => {
        assert.deepEqual(
          result.get(name)?.toSorted(),
          (members[index] ?? []).map((member) => `id-${member}`).toSorted(),
        );
      });
    }),
  );
});

test('bad input 29: a chain and a circle through every operation are put in order without a deep stack', () => {
  const size = 50_000;
  const chain = Array.from({ length: size }, (_, index) => group(`${index}`, `${(index + 1) % size}`));
  const request = parseBulkRequest({ Operations: chain }, size, tolerantDialect);
  const steps = planBulk(request);
  assert.equal(steps.length, size + 1);
  assert.deepEqual([steps[0]?.operation.bulkId, steps[size]?.isCompletion], [`${size - 1}`, true]);
});

test('RFC 7644 3.7.3: the answer has what was carried out, up to failOnErrors', () => {
  const request = bulk([post('a'), post('b'), { method: 'DELETE', path: '/Users/1' }], { failOnErrors: 1 });
  const response = { schemas: [messageUrns.error], status: '400' };
  const results = new Map<number, BulkResult>([
    [0, { status: 201, location: 'https://example.com/Groups/1', version: 'W/"1"' }],
  ]);
  assert.equal(hasFailedEnough(request, results), false);
  const failed = new Map<number, BulkResult>([...results, [1, { status: 400, response }]]);
  assert.equal(hasFailedEnough(request, failed), true);
  assert.equal(hasFailedEnough(bulk([post('a')]), failed), false);
  assert.deepEqual(buildBulkResponse(request, failed), {
    schemas: [messageUrns.bulkResponse],
    Operations: [
      { method: 'POST', bulkId: 'a', location: 'https://example.com/Groups/1', version: 'W/"1"', status: '201' },
      { method: 'POST', bulkId: 'b', response, status: '400' },
    ],
  });
  const deleted = new Map([[2, { status: 204 }]]);
  assert.deepEqual(buildBulkResponse(request, deleted)['Operations'], [{ method: 'DELETE', status: '204' }]);
});
