// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${name} is a substitution of .NET.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '../src/index.ts';
import { compilePattern, createPatternCompiler } from '../src/regular-expression.ts';
import { ruleError } from './run-rules.ts';

const replace = (text: string, pattern: string, replacement: string) =>
  compilePattern(pattern).replaceIn(text, replacement, () => {});

const replaced: readonly [text: string, pattern: string, replacement: string, result: string][] = [
  [
    'marge@jogcloud.com',
    '.+@(?<domain>.+)',
    'http://${domain}/adfs/services/trust/',
    'http://jogcloud.com/adfs/services/trust/',
  ],
  ['JOG\\marge', '(?<domain>[^\\\\]+)\\\\(?<user>.+)', '${user}', 'marge'],
  ['a-b', '(a)-(b)', '$2-$1', 'b-a'],
  ['a-b', '(a)-(b)', '${2}0$1', 'b0a'],
  ['a', '(a)', '$01', 'a'],
  ['a', '(a)', '$0$&', 'aa'],
  ['a', 'a', '$$1', '$1'],
  ['a', '(a)', '$2', '$2'],
  ['a', '(a)', '${none}', '${none}'],
  ['a', '(a)', '$99999999999999999999', '$99999999999999999999'],
  ['a', 'a', '$', '$'],
  ['abc', 'b', "[$`|$'|$_]", 'a[a|c|abc]c'],
  ['ab', '(a)(b)', '$+', 'b'],
  ['a', 'a', '$+', 'a'],
  ['b', '(a)|b', '[$1]', '[]'],
  ['abab', 'a', 'x', 'xbxb'],
  ['ab', 'x*', '-', '-a-b-'],
  ['none', 'x', 'y', 'none'],
];

for (const [text, pattern, replacement, result] of replaced) {
  test(`Substitutions in Regular Expressions: ${pattern} in ${text} by ${replacement} gives ${result}`, () => {
    assert.equal(replace(text, pattern, replacement), result);
  });
}

test('Grouping Constructs: groups without a name are numbered before those with one', () => {
  assert.equal(replace('xy', '(?<a>x)(y)', '$1$2'), 'yx');
  assert.equal(replace('xyz', '(?<a>x)(y)(?<b>z)', '$1$2$3$+'), 'yxzz');
});

const unsupported: readonly [pattern: string, what: RegExp][] = [
  ['(?=a)', /look-around/],
  ['a(?!b)', /look-around/],
  ['(?<=a)b', /look-around/],
  ['(?<!a)b', /look-around/],
  ['(?>a)', /atomic group.*Write \(\?:/],
  ['(?(1)a|b)', /conditional/],
  ['a(?#why)', /comment/],
  ["(?'n'a)", /Write \(\?<name>/],
  ['(?<1>a)', /numbered group/],
  ['(?<a-b>x)', /balancing group/],
  ['(?n)a', /option n or x/],
  ['(?i-x:a b)', /option n or x/],
  ['(a)\\1', /back-reference/],
  ['(?<n>a)\\k<n>', /back-reference/],
  ['\\Ga', /\^ for the beginning/],
  ['a\\Z', /\$ for the end/],
  ['\\u20AC', /\\x\{20AC\}/],
  ['[\\u20AC]', /\\x\{20AC\}/],
  ['\\cA', /control character/],
  ['\\e', /control character/],
  ['\\p{IsGreek}', /\\p\{Greek\}/],
  ['[\\P{IsGreek}]', /\\p\{Greek\}/],
  ['[a-z-[aeiou]]', /class subtraction/],
  ['[]-[a]]', /class subtraction/],
  ['[^]-[a]]', /class subtraction/],
  ['[[:alpha:]]', /\\p\{L\}/],
];

for (const [pattern, what] of unsupported) {
  test(`The pattern ${pattern} is refused with advice`, () => {
    assert.throws(() => compilePattern(pattern), ruleError('claims.pattern_unsupported', undefined, what));
  });
}

test('What only looks like an unsupported construct is compiled', () => {
  for (const pattern of [
    '\\(?=',
    '[(?=]',
    '\\\\Z',
    '[\\]\\1]'.replace('\\1', ''),
    '[[]',
    'a-[b]',
    '[\\[:]',
    '(?<name>a)',
    '(?i)x',
    '(?s:.)',
  ]) {
    assert.doesNotThrow(() => compilePattern(pattern), pattern);
  }
});

test('A malformed pattern is refused with the reason', () => {
  assert.throws(() => compilePattern('(a'), ruleError('claims.pattern_invalid', undefined, /missing closing \)/));
  assert.throws(() => compilePattern('a{1001}'), ruleError('claims.pattern_invalid', undefined, /repeat count/));
  assert.throws(() => compilePattern('\\'), ruleError('claims.pattern_invalid', undefined, /trailing backslash/));
});

test('A pattern that is too long, or too large once it is compiled, is refused', () => {
  assert.doesNotThrow(() => compilePattern('a'.repeat(limits.patternLength)));
  assert.throws(() => compilePattern('a'.repeat(limits.patternLength + 1)), ruleError('claims.pattern_too_large'));
  assert.throws(() => compilePattern('[ab]{1000}[cd]{1000}[ef]{1000}'), ruleError('claims.pattern_too_large'));
});

test('Deviation from .NET: $ does not match before a final line break, and \\d knows ASCII digits only', () => {
  assert.equal(compilePattern('^admin$').isIn('admin\n'), false);
  assert.equal(compilePattern('^\\d$').isIn('\u0663'), false);
});

test('The patterns of a rule set are compiled once each, and refused when they are too large together', () => {
  const compile = createPatternCompiler();
  assert.equal(compile('a+'), compile('a+'));
  const begin = performance.now();
  const refused = ruleError('claims.pattern_too_large');
  for (let count = 0; count < 1_000; count++) {
    assert.throws(() => compile(`${'[ab]{1000}'.repeat(90)}${count}`), refused);
  }
  assert.ok(performance.now() - begin < 3_000);
  assert.throws(() => compile('b'), ruleError('claims.pattern_too_large', undefined, /All of the rules/));
});
