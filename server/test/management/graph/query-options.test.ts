import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { QueryOption } from '@countersign/management-api';
import { continuation } from '../../../src/management/graph/odata/continuation.ts';
import { readQueryOptions } from '../../../src/management/graph/odata/query-options.ts';

const all = ['$select', '$filter', '$orderby', '$top', '$count', '$expand', '$skiptoken'] as const;
const read = (query: string) => readQueryOptions(new URLSearchParams(query), all);

describe('OData 4.01 Protocol 11.2.5 and 11.2.6: query options', () => {
  test('all options are read, whatever the case of their names', () => {
    const options = read(
      '$Select=id, displayName&$FILTER=a eq 1&$orderby=displayName desc&%24top=5&$count=true&$expand=manager($select=id),memberOf&$skipToken=x&api-version=1',
    );
    assert.deepEqual(options, {
      select: ['id', 'displayName'],
      filter: { op: 'eq', path: 'a', value: 1 },
      orderBy: { property: 'displayName', descending: true },
      top: 5,
      count: true,
      expand: [
        { property: 'manager', select: ['id'] },
        { property: 'memberOf', select: undefined },
      ],
      skipToken: 'x',
      deltaToken: undefined,
    });
  });

  for (const [query, code, message, taken] of [
    ['$top=-1', 'BadRequest', /Invalid value '-1' for \$top: it is a number from 1 to 999/],
    ['$top=0', 'BadRequest', /\$top/],
    ['$top=1000', 'BadRequest', /\$top/],
    ['$top=1e2', 'BadRequest', /\$top/],
    ['$top=', 'BadRequest', /\$top/],
    ['$count=yes', 'BadRequest', /\$count/],
    ['$top=1&$top=2', 'BadRequest', /\$top is given twice/],
    ['$search="displayName:x"', 'Request_UnsupportedQuery', /\$search is not supported/],
    ['$search="displayName:x"', 'Request_UnsupportedQuery', /ConsistencyLevel: eventual/, ['$search']],
    ['$skip=5', 'Request_UnsupportedQuery', /\$skip is not supported/],
    ['$orderby=a,b', 'Request_UnsupportedQuery', /more than one property/],
    ['$orderby=a upwards', 'BadRequest', /'a upwards' is not understood/],
    ['$select=a b', 'BadRequest', /'a b' is not understood/],
    ['$select=', 'BadRequest', /not understood/],
    ['$expand=members($filter=id eq 1)', 'Request_UnsupportedQuery', /only \$select/],
    ['$expand=members(', 'BadRequest', /'members\(' is not understood/],
  ] as [string, string, RegExp, QueryOption[]?][]) {
    const options = new URLSearchParams(query);
    test(`${query} is refused: ${message.source}`, () =>
      assert.throws(() => readQueryOptions(options, taken ?? all), { status: 400, code, message }));
  }
});

describe('where reading goes on', () => {
  const { write, read: open } = continuation(new Uint8Array(32).fill(7));
  const token = write('tenant-a listUsers', { key: 'marge', id: '1' });

  test('a token comes back as the place for which it was made', () => {
    assert.deepEqual(open('tenant-a listUsers', token), { key: 'marge', id: '1' });
  });

  test('a token is worth nothing in another context, with another key, or changed in one character', () => {
    assert.equal(open('tenant-b listUsers', token), undefined);
    assert.equal(continuation(new Uint8Array(32).fill(8)).read('tenant-a listUsers', token), undefined);
    for (let index = 0; index < token.length; index++) {
      const changed = token.slice(0, index) + (token[index] === 'A' ? 'Q' : 'A') + token.slice(index + 1);
      assert.equal(open('tenant-a listUsers', changed), undefined, changed);
    }
    for (const wrong of ['', '.', 'x', 'x.y.z', `${token}x`])
      assert.equal(open('tenant-a listUsers', wrong), undefined);
  });
});
