import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  type Filter,
  matchesFilter,
  parseFilter,
  parseValuePath,
  printFilter,
  resolveFilter,
  ScimError,
  standardDialect,
  tolerantDialect,
} from '../src/index.ts';
import { barbara, userType } from './fixtures.ts';

const generous = { ...standardDialect, filterLimits: { maxLength: 1e6, maxDepth: 100, maxComparisons: 1e6 } };

const record = <T extends object>(members: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(members, { noNullPrototype: true });

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,8}$/);
const path = record({
  schema: fc.option(fc.constantFrom('urn:ietf:params:scim:schemas:core:2.0:User', 'urn:x:y'), { nil: undefined }),
  name,
  subAttribute: fc.option(name, { nil: undefined }),
});
const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  fc.boolean(),
  fc.constant(null),
);
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');

const { filter } = fc.letrec<{ filter: Filter; leaf: Filter; logical: Filter; nested: Filter }>((tie) => ({
  filter: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('logical'), tie('nested')),
  leaf: fc.oneof(
    record({ kind: fc.constant('present' as const), path }),
    record({ kind: fc.constant('compare' as const), path, operator, value }),
  ),
  nested: fc.oneof(
    record({ kind: fc.constant('not' as const), operand: tie('filter') }),
    record({ kind: fc.constant('values' as const), path, filter: tie('filter') }),
  ),
  // A node is never directly inside another of its own kind: that would be one node.
  logical: record({
    kind: fc.constantFrom('and' as const, 'or' as const),
    operands: fc.array(tie('filter'), { minLength: 2, maxLength: 4 }),
  }).filter(({ kind, operands }) => operands.every((operand) => operand.kind !== kind)),
}));

test('RFC 7644 figure 1: a filter that is printed and parsed again is the same', () => {
  fc.assert(
    fc.property(filter, (original) => assert.deepEqual(parseFilter(printFilter(original), generous), original)),
  );
});

test('RFC 7644 figure 1: capitals of operators and blanks between words do not matter', () => {
  fc.assert(
    fc.property(filter, (original) => {
      const text = printFilter(original);
      const spaced = text.replaceAll(/"(?:[^"\\]|\\.)*"|[()[\]]/gs, (token) => ` ${token} `);
      assert.deepEqual(parseFilter(` ${spaced}\t`, generous), original);
    }),
  );
});

const words = fc.constantFrom(
  ...[
    'userName',
    'emails',
    'title',
    'meta.created',
    'active',
    'not',
    'and',
    'or',
    'pr',
    'eq',
    'gt',
    'co',
    '(',
    ')',
    '[',
    ']',
  ],
  ...['"x"', '"', '.value', 'true', 'null', '1', '\\', 'urn:', ' ', '\u0000', '\u{1f600}'],
);
const nonsense = fc.oneof(
  fc.string(),
  fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
);

test('bad input 27: whatever text comes as a filter, it is evaluated or refused with a ScimError', () => {
  for (const dialect of [standardDialect, tolerantDialect]) {
    fc.assert(
      fc.property(nonsense, (text) => {
        try {
          matchesFilter(resolveFilter(userType, parseFilter(text, dialect), dialect), barbara);
          parseValuePath(text, dialect);
        } catch (error) {
          assert.ok(error instanceof ScimError);
        }
      }),
      { numRuns: 2000 },
    );
  }
});

test('RFC 7644 3.4.2.2: "not" turns every filter into its opposite', () => {
  const known = fc.constantFrom(
    'title pr',
    'nickName pr',
    'emails.type eq "home"',
    'userName sw "b"',
    'active ne true',
    'title gt "a"',
  );
  fc.assert(
    fc.property(known, (text) => {
      const ask = (filterText: string) =>
        matchesFilter(resolveFilter(userType, parseFilter(filterText, standardDialect), standardDialect), barbara);
      assert.equal(ask(`not (${text})`), !ask(text));
    }),
  );
});
