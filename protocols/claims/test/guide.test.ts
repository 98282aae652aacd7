import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { limits } from '../src/index.ts';
import { issued, stated } from './run-rules.ts';

interface Example {
  readonly in: readonly [type: string, value: string][];
  readonly directory?: readonly string[][];
  readonly out: readonly [type: string, value: string][];
}

const guide = readFileSync(new URL('../../../docs/guides/claims-rules.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/```rules\n(?<rules>[^`]+)```\n\n```json\n(?<claims>[^`]+)```/g)];

test('The guide to the rule language has examples', () => {
  assert.ok(examples.length > 5);
  assert.equal(examples.length, guide.split('```rules').length - 1);
});

test('The guide to the rule language names the limits as they are', () => {
  for (const limit of [limits.rules, limits.claims, limits.partLength, limits.combinations]) {
    assert.ok(guide.includes(` ${limit.toLocaleString('en')} `), `${limit}`);
  }
});

for (const { groups } of examples) {
  const rules = groups?.['rules'] ?? '';
  test(`The guide to the rule language tells what comes of: ${rules.trim().split('\n', 1)}`, async () => {
    const example = JSON.parse(groups?.['claims'] ?? '') as Example;
    const output = await issued(rules, stated(...example.in), async () => example.directory ?? []);
    assert.deepEqual(output, example.out);
  });
}
