import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { explain } from '../src/index.ts';
import { run, stated } from './run-rules.ts';

// A condition in the words of the test: which claims it asks for, perhaps in comparison with what c0 matched.
interface AskedCondition {
  readonly kind: 'select' | 'EXISTS' | 'NOT EXISTS' | 'COUNT';
  readonly type: string | undefined;
  readonly value: string | undefined;
  readonly isOfFirst: boolean;
}

interface Pair {
  readonly type: string;
  readonly value: string;
}

const letter = fc.constantFrom('a', 'b', 'c');
const condition: fc.Arbitrary<AskedCondition> = fc.record({
  kind: fc.constantFrom('select', 'EXISTS', 'NOT EXISTS', 'COUNT'),
  type: fc.option(letter, { nil: undefined }),
  value: fc.option(letter, { nil: undefined }),
  isOfFirst: fc.boolean(),
});

function write(conditions: readonly AskedCondition[]): string {
  const written = conditions.map(({ kind, type, value, isOfFirst }, place) => {
    const tests = [
      ...(value === undefined ? [] : [`Value != "${value}"`]),
      ...(type === undefined ? [] : [`Type == "${type}"`]),
      ...(isOfFirst ? ['Value == c.Value'] : []),
    ];
    const selector = `[${tests.join(', ')}]`;
    return kind === 'select' ? `c${place}:${selector}` : `${kind}(${selector})${kind === 'COUNT' ? ' >= 2' : ''}`;
  });
  const values = conditions.flatMap(({ kind }, place) => (kind === 'select' ? [`c${place}.Value`] : []));
  return `${['c:[]', ...written].join(' && ')} => issue(Type = "out", Value = ${['c.Type', 'c.Value', ...values].join(' + ')});`;
}

/** What the rule issues, by the definition of the language and nothing cleverer. */
function expect(conditions: readonly AskedCondition[], claims: readonly Pair[]): Set<string> {
  let combinations = claims.map((claim) => [claim]);
  for (const { kind, type, value, isOfFirst } of conditions) {
    combinations = combinations.flatMap((combination) => {
      const fitting = claims.filter(
        (claim) =>
          (type === undefined || claim.type === type) &&
          (value === undefined || claim.value !== value) &&
          (!isOfFirst || claim.value === combination[0]?.value),
      );
      if (kind === 'select') return fitting.map((claim) => [...combination, claim]);
      const holds = { EXISTS: fitting.length > 0, 'NOT EXISTS': fitting.length === 0, COUNT: fitting.length >= 2 }[
        kind
      ];
      return holds ? [combination] : [];
    });
  }
  return new Set(
    combinations.map((combination) => combination[0]?.type + combination.map(({ value }) => value).join('')),
  );
}

test('A rule runs for exactly those combinations of claims for which each of its conditions holds', async () => {
  const pairs = fc.uniqueArray(fc.record({ type: letter, value: letter }), {
    selector: ({ type, value }) => type + value,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(condition, { maxLength: 4 }), pairs, async (conditions, claims) => {
      const input = stated(...claims.map(({ type, value }) => [type, value] as const));
      const evaluation = await run(write(conditions), input);
      assert.deepEqual(new Set(evaluation.issued.map(({ claim }) => claim.value)), expect(conditions, claims));
      const { rules, claims: explained } = explain(evaluation);
      assert.equal(rules[0]?.runs === 0, rules[0]?.reason.includes('is not met'));
      for (const { derivations, firstStatedBy } of explained) {
        assert.ok(firstStatedBy.length > 0);
        for (const { from } of derivations) assert.ok(from.every((place) => place < input.length));
      }
    }),
    { numRuns: 300 },
  );
});
