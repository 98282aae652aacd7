import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { GraphError } from '../../../src/management/graph/error.ts';
import { parseSearch } from '../../../src/management/graph/odata/parse-search.ts';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

describe('$search', () => {
  const starts = (path: string, value: string) => ({ op: 'startswith', path, value });

  test('AND binds stronger than OR, and parentheses stronger than both', () => {
    assert.deepEqual(parseSearch('"mail:a" OR "mail:b" AND "mail:c"'), {
      op: 'or',
      terms: [starts('mail', 'a'), { op: 'and', terms: [starts('mail', 'b'), starts('mail', 'c')] }],
    });
    assert.deepEqual(parseSearch('("mail:a" OR "mail:b") AND "mail:c"'), {
      op: 'and',
      terms: [{ op: 'or', terms: [starts('mail', 'a'), starts('mail', 'b')] }, starts('mail', 'c')],
    });
  });

  test('quotes and backslashes are written with a backslash before them', () => {
    assert.deepEqual(parseSearch(String.raw`"mail:a\"b\\c"`), starts('mail', String.raw`a"b\c`));
  });

  for (const search of [
    '',
    'ann',
    '"ann"',
    '"mail:"',
    '"mail:a',
    '"mail:a" "mail:b"',
    '"mail:a" AND',
    '("mail:a"',
    '"mail:a")',
    '"mail:a" NOT "mail:b"',
    `${'('.repeat(100_000)}"mail:a"`,
    Array(1000).fill('"mail:a"').join(' OR '),
  ]) {
    test(`${search.slice(0, 40)} is refused`, () =>
      assert.throws(() => parseSearch(search), { status: 400, code: 'BadRequest' }));
  }

  test('no text makes the reader throw anything but a BadRequest', () => {
    const pieces = fc.constantFrom('"', '(', ')', ' ', 'AND', 'OR', 'mail:', 'a', '\\', '"mail:a"');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          try {
            parseSearch(text);
          } catch (error) {
            assert.ok(error instanceof GraphError && error.code === 'BadRequest', String(error));
          }
        },
      ),
    );
  });
});

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const eventual = { consistencylevel: 'eventual' };

  test('people are found by the words of their names, and by the beginning of an address', async () => {
    const { admin, domain } = await api.makeTenant();
    for (const [name, displayName] of [
      ['marge', 'Marge Simpson'],
      ['homer', 'Homer Jay Simpson'],
      ['jay', 'Jay Sherman'],
      ['lenny', 'Lenny Leonard'],
    ]) {
      const user = { userPrincipalName: `${name}@${domain}`, displayName, accountEnabled: true };
      assert.equal((await api.call(admin, 'POST /users', user)).status, 201);
    }
    const find = async (search: string, more = '') => {
      const address = `/users?$search=${encodeURIComponent(search)}${more}&$select=displayName`;
      const { status, body } = await api.call(admin, `GET ${address}`, undefined, eventual);
      assert.equal(status, 200, JSON.stringify(body));
      return body.value.map(({ displayName }: { displayName: string }) => displayName).sort();
    };
    assert.deepEqual(await find('"displayName:simp"'), ['Homer Jay Simpson', 'Marge Simpson']);
    assert.deepEqual(await find('"displayName:jay"'), ['Homer Jay Simpson', 'Jay Sherman']);
    assert.deepEqual(await find('"displayName:simpson jay"'), ['Homer Jay Simpson']);
    assert.deepEqual(await find('"displayName:impson"'), []);
    assert.deepEqual(await find('"userPrincipalName:len" OR "displayName:marge"'), ['Lenny Leonard', 'Marge Simpson']);
    assert.deepEqual(await find('"displayName:simpson"', "&$filter=startswith(displayName,'Ho')"), [
      'Homer Jay Simpson',
    ]);
    const counted = `/users/$count?$search=${encodeURIComponent('"displayName:simpson"')}`;
    assert.equal((await api.call(admin, `GET ${counted}`, undefined, eventual)).body, '2');
    const unknown = await api.call(admin, 'GET /users?$search="nothing:x"', undefined, eventual);
    assert.deepEqual([unknown.status, unknown.body.error.code], [400, 'BadRequest']);
    assert.equal((await api.call(admin, 'GET /users?$search="displayName:x"')).status, 400, 'without the header');
  });

  test('nothing of all this was a bug', () => assert.deepEqual(api.bugs, []));
});
