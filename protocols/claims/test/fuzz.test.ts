import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileRules, RuleError } from '../src/index.ts';

const good = `@RuleName = "Groups"
c1:[Type =~ "(?i)group$", Value != "x"] && NOT EXISTS([Type == "no"]) => issue(store = "Active Directory", types = ("a", "b"), query = ";mail;{0}", param = c1.Value);
=> add(Type = "b", Value = RegExReplace("a" + "b", "a", "c"));`;

/** Pieces of the language, in any order, and any text. */
const piece = fc.oneof(
  fc.constantFrom(...(good.match(/\w+|"[^"]*"|=>|[^\s\w]/g) ?? [])),
  fc.string({ unit: 'binary', maxLength: 10 }),
);

test('whatever stands for rules, it is compiled or refused with a place', () => {
  const edited = fc
    .record({ at: fc.nat(good.length), remove: fc.nat(40), pieces: fc.array(piece, { maxLength: 6 }) })
    .map(({ at, remove, pieces }) => good.slice(0, at) + pieces.join(' ') + good.slice(at + remove));
  const made = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(' '));
  fc.assert(
    fc.property(fc.oneof(edited, made), (text) => {
      try {
        compileRules([{ name: 'fuzz', text }]);
      } catch (error) {
        assert.ok(error instanceof RuleError, String(error));
        assert.ok(error.findings.length > 0);
      }
    }),
    { numRuns: 1_000 },
  );
});
