import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { GraphError } from '../../../src/management/graph/error.ts';
import type { FilterExpression, Literal } from '../../../src/management/graph/odata/filter-expression.ts';
import { parseFilter } from '../../../src/management/graph/odata/parse-filter.ts';

/** Writes an expression as a filter, fully parenthesised. */
function printFilter(expression: FilterExpression, variable?: string): string {
  const path = (name: string) => (variable === undefined ? name : name === '' ? variable : `${variable}/${name}`);
  switch (expression.op) {
    case 'and':
    case 'or':
      return expression.terms.map((term) => `(${printFilter(term, variable)})`).join(` ${expression.op} `);
    case 'not':
      return `not (${printFilter(expression.term, variable)})`;
    case 'any':
      return `${expression.path}/any(x:${printFilter(expression.term, 'x')})`;
    case 'in':
      return `${path(expression.path)} in (${expression.values.map(printLiteral).join(', ')})`;
    case 'startswith':
    case 'endswith':
    case 'contains':
      return `${expression.op}(${path(expression.path)},${printLiteral(expression.value)})`;
    default:
      return `${path(expression.path)} ${expression.op} ${printLiteral(expression.value)}`;
  }
}

function printLiteral(value: Literal): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  return value instanceof Date ? value.toISOString() : String(value);
}

const name = fc.constantFrom(
  'displayName',
  'userPrincipalName',
  'notes',
  'android',
  'inn',
  'nullable',
  'trueName',
  'any',
);
const path = fc.oneof(
  name,
  fc
    .tuple(name, name)
    .map((names) => names.join('/'))
    .filter((joined) => !joined.endsWith('/any')),
);
const literal = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  fc.boolean(),
  fc.constant(null),
  fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
);

function expressions(inside: 'root' | 'any'): fc.Arbitrary<FilterExpression> {
  const paths = inside === 'root' ? path : fc.oneof(path, fc.constant(''));
  return fc.letrec<{ expression: FilterExpression; leaf: FilterExpression }>((tie) => ({
    expression: fc.oneof(
      { maxDepth: 4 },
      tie('leaf'),
      fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        terms: fc.array(tie('expression'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ op: fc.constant('not' as const), term: tie('expression') }),
    ),
    leaf: fc.oneof(
      fc.record({
        op: fc.constantFrom('eq' as const, 'ne' as const, 'gt' as const, 'le' as const),
        path: paths,
        value: literal,
      }),
      fc.record({
        op: fc.constant('in' as const),
        path: paths,
        values: fc.array(literal, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ op: fc.constantFrom('startswith' as const, 'contains' as const), path: paths, value: fc.string() }),
      ...(inside === 'root'
        ? [
            fc.record({
              op: fc.constant('any' as const),
              path,
              term: fc.constant(null).chain(() => expressions('any')),
            }),
          ]
        : []),
    ),
  })).expression;
}

describe('OData 4.01 Protocol 11.2.6.1: $filter', () => {
  test('a filter that is written out is read as it was', () => {
    fc.assert(
      fc.property(expressions('root'), (expression) => {
        // The generated objects have no prototype; their clones do.
        assert.deepEqual(parseFilter(printFilter(expression)), structuredClone(expression));
      }),
    );
  });

  test('no text makes the reader throw anything but a BadRequest', () => {
    const fragments = fc.constantFrom(
      '(',
      ')',
      "'",
      ' and ',
      ' or ',
      'not ',
      'x/any(c:',
      'c',
      ' eq ',
      '1',
      'startswith(',
      ',',
      'null',
      '2024-01-01T',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fragments, fc.string())).map((parts) => parts.join('')),
        (text) => {
          try {
            parseFilter(text);
          } catch (error) {
            assert.ok(error instanceof GraphError && error.code === 'BadRequest' && error.status === 400);
          }
        },
      ),
    );
  });

  test('not binds stronger than and, and and stronger than or', () => {
    const leaf = (value: number) => ({ op: 'eq', path: 'a', value }) as const;
    assert.deepEqual(parseFilter('a eq 1 or not a eq 2 and a eq 3'), {
      op: 'or',
      terms: [leaf(1), { op: 'and', terms: [{ op: 'not', term: leaf(2) }, leaf(3)] }],
    });
  });

  test('literals are texts with doubled quotes, numbers, truth values, null, GUIDs and times', () => {
    const read = (text: string) => (parseFilter(`a eq ${text}`) as { value: Literal }).value;
    assert.equal(read("'O''Neil'"), "O'Neil");
    assert.equal(read("''"), '');
    assert.equal(read('-1.5e3'), -1500);
    assert.equal(read('true'), true);
    assert.equal(read('null'), null);
    assert.equal(read('62E90394-69F5-4237-9190-012177145E10'), '62e90394-69f5-4237-9190-012177145e10');
    assert.deepEqual(read('2026-03-01T10:00:00Z'), new Date('2026-03-01T10:00:00Z'));
    assert.deepEqual(read('2026-03-01T10:00:00.5+02:00'), new Date('2026-03-01T08:00:00.5Z'));
    assert.deepEqual(read('2026-03-01'), new Date('2026-03-01T00:00:00Z'));
  });

  test('any takes any variable name, and several members of one value', () => {
    const identities = "identities/any(c:c/issuerAssignedId eq 'a@b' and c/issuer eq 'contoso.onmicrosoft.com')";
    assert.deepEqual(parseFilter(identities), {
      op: 'any',
      path: 'identities',
      term: {
        op: 'and',
        terms: [
          { op: 'eq', path: 'issuerAssignedId', value: 'a@b' },
          { op: 'eq', path: 'issuer', value: 'contoso.onmicrosoft.com' },
        ],
      },
    });
    assert.deepEqual(
      parseFilter("servicePrincipalNames/any(v:v eq 'X')"),
      parseFilter("servicePrincipalNames/any(s : s eq 'X')"),
    );
  });

  for (const [what, filter] of [
    ['parentheses', `${'('.repeat(100_000)}a eq 1${')'.repeat(100_000)}`],
    ['not', `${'not '.repeat(100_000)}a eq 1`],
    ['not in parentheses', `${'not('.repeat(100_000)}a eq 1${')'.repeat(100_000)}`],
    ['unclosed parentheses', '('.repeat(100_000)],
  ] as const) {
    test(`a filter nested 100,000 deep by ${what} is refused`, () => {
      assert.throws(() => parseFilter(filter), { code: 'BadRequest', message: /nested more than 50 deep/ });
    });
  }

  test('a filter with 100,000 comparisons is refused', () => {
    const filter = Array.from({ length: 100_000 }, (_, index) => `a eq ${index}`).join(' or ');
    assert.throws(() => parseFilter(filter), { code: 'BadRequest', message: /more than 200 comparisons/ });
  });

  for (const [filter, message] of [
    ['', /a property was expected at position 0/],
    ['displayName', /an operator was expected at position 11/],
    ['displayName eq', /a value was expected at position 14/],
    ["displayName eq 'x", /the text that begins at position 15 has no end/],
    ["displayName like 'x'", /the operator 'like' is unknown/],
    ["soundex(displayName,'x')", /an unknown function with name 'soundex'/],
    ["displayName eq 'x' displayName eq 'y'", /and, or, or the end was expected at position 19/],
    ["(displayName eq 'x'", /'\)' was expected/],
    ['startswith(displayName,1)', /startswith takes a text/],
    ["identities/any(c:d/issuer eq 'x')", /'d\/issuer' does not start with the variable 'c'/],
    ["identities/any(c:c/x/any(d:d eq 'x'))", /any cannot stand inside of any/],
    ['createdDateTime ge 2026-13-01T00:00:00Z', /no date that exists/],
    ["displayName eq \u0000'x'", /is not understood/],
  ] as const) {
    test(`a filter that is wrong is refused with what and where: ${filter}`, () => {
      assert.throws(() => parseFilter(filter), { status: 400, code: 'BadRequest', message });
    });
  }
});
