import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  checkRules,
  compileRules,
  formFromText,
  parseRules,
  printRules,
  RuleError,
  textFromForm,
} from '../src/index.ts';
import { ruleText } from './arbitrary-rules.ts';
import { ruleError } from './run-rules.ts';

/** Rules without the places where their parts stand in the text. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, part) => (key === 'at' ? undefined : part)));
}

test('Rules that are printed and read again are the same rules', () => {
  fc.assert(
    fc.property(ruleText, (rules) => {
      assert.deepEqual(withoutPlaces(parseRules(printRules(rules))), withoutPlaces(rules));
    }),
  );
});

test('A text shown as a form and written again prints the same as the text', () => {
  fc.assert(
    fc.property(ruleText, (rules) => {
      const text = printRules(rules);
      const written = textFromForm(formFromText(text));
      assert.equal(textFromForm(formFromText(written)), written);
    }),
  );
});

function refuseOrDo(operation: () => unknown, text: string): void {
  try {
    operation();
  } catch (error) {
    assert.ok(error instanceof RuleError, `${text}\n${error instanceof Error ? error.stack : error}`);
  }
}

/** Pieces of the language in any order, and anything between them: most are refused, each at another place. */
const almostRules = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.constantFrom(
          ...'c c1 : [ ] ( ) { } , ; . + == != =~ !~ => && <= >= < > = 7 @RuleName'.split(' '),
        ),
      },
      {
        weight: 6,
        arbitrary: fc.constantFrom('Type', 'Value', 'Properties', 'issue', 'add', 'claim', 'store', 'types'),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom('EXISTS', 'NOT EXISTS', 'COUNT', 'RegExReplace', 'query', 'param', '__proto__'),
      },
      {
        weight: 4,
        arbitrary: fc.constantFrom('"a"', '"(?=a)"', '"[a-"', '"{9}"', '"', '//', '/*', '*/', '\n', '\u2028', '“'),
      },
      {
        weight: 2,
        arbitrary: fc.constantFrom('c:[Type == "a"]', '=> issue(claim = c);', '=> add(Type = "a", Value = c.Value);'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(' '));

test('No text makes the parser, the compiler, the checker or the form throw anything but RuleError', () => {
  const operations = [
    (text: string) => parseRules(text),
    (text: string) => compileRules([{ name: 'fuzz', text }]),
    (text: string) => checkRules([{ name: 'fuzz', text }], { purpose: 'authorization', stores: new Map() }),
    (text: string) => formFromText(text),
  ];
  const texts = fc.oneof(almostRules, ruleText.map(printRules), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(texts, (text) => {
      for (const operation of operations) {
        refuseOrDo(() => operation(text), text);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('The longest texts are read or refused at once, whatever they repeat', () => {
  const pieces = [
    '"',
    '/*',
    '//',
    '/**/',
    '\n',
    ' ',
    '[',
    '(',
    '“',
    'a',
    '7',
    '@a',
    '=> issue(claim = c);',
    'a + ',
    'f(',
    '"a" + ',
  ];
  const heads = ['', '=> issue(Type = ', 'c:[Type == ', '@RuleName = '];
  for (const head of heads) {
    for (const piece of pieces) {
      const text = head + piece.repeat(Math.floor((524_288 - head.length) / piece.length));
      const begin = performance.now();
      refuseOrDo(() => compileRules([{ name: 'long', text }]), `${head}${piece}`);
      assert.ok(performance.now() - begin < 3_000, `${head}${piece} took too long`);
    }
  }
});

test('A text longer than a rule group may be is refused unread', () => {
  assert.throws(() => parseRules(' '.repeat(524_289)), ruleError('claims.text_too_long', undefined, /524289/));
});
