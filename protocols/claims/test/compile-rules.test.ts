import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locate } from '../src/errors.ts';
import { compileRules, type FindingCode, limits, RuleError } from '../src/index.ts';
import { issued, ruleError, stated } from './run-rules.ts';

const refused: readonly [text: string, code: FindingCode, place: string, message: RegExp][] = [
  ['c1:[] => issue(claim = c2);', 'claims.unknown_variable', '1:10', /binds c2/],
  ['c:[Type == c.Value] => issue(claim = c);', 'claims.unknown_variable', '1:12', /binds c/],
  ['c:[Type == d.Value] && d:[] => issue(claim = c);', 'claims.unknown_variable', '1:12', /binds d/],
  ['c:[] => issue(Type = "a", Value = d.Value);', 'claims.unknown_variable', '1:35', /binds d/],
  ['c:[] && C:[] => issue(claim = c);', 'claims.duplicate_variable', '1:11', /the variable C/],
  [
    '=> issue(Type = "a", Value = Concat("b"));',
    'claims.unknown_function',
    '1:30',
    /RegExReplace\(value, pattern, replacement\)/,
  ],
  ['=> issue(Type = "a", Value = ToLower());', 'claims.argument_count', '1:30', /ToLower\(value\) is called with 0/],
  ['=> issue(Type = "a", Value = ToLower("b", "c"));', 'claims.argument_count', '1:30', /called with 2/],
  ['c:[] && [Value =~ c.Value] => issue(claim = c);', 'claims.pattern_not_constant', '1:10', /depends on a claim/],
  [
    'c:[] => issue(Type = "a", Value = RegExReplace(c.Value, c.Type, "b"));',
    'claims.pattern_not_constant',
    '1:35',
    /depends on a claim/,
  ],
  ['c:[Value =~ "(?=a)"] => issue(claim = c);', 'claims.pattern_unsupported', '1:4', /look-around/],
  ['c:[Value !~ "("] => issue(claim = c);', 'claims.pattern_invalid', '1:4', /missing closing/],
  [
    'c:[] => issue(Type = "a", Value = regexreplace(c.Value, "(?=a)", "b"));',
    'claims.pattern_unsupported',
    '1:35',
    /look-around/,
  ],
  ['=> issue(Value = "a");', 'claims.no_type', '1:4', /no Type/],
  ['=> issue(Type = "a", type = "b");', 'claims.duplicate_assignment', '1:22', /Type is given twice/],
  [
    '=> issue(Type = "a", Properties["p"] = "1", Properties["q"] = "1", Properties["p"] = "2");',
    'claims.duplicate_assignment',
    '1:68',
    /Properties\["p"\] is given twice/,
  ],
  [
    '=> issue(store = "s", types = ("a"), query = "{{0}};{0};{1}", param = "b");',
    'claims.unknown_placeholder',
    '1:4',
    /has \{1\}, and no such parameter/,
  ],
  ['[', 'claims.syntax', '1:2', /Expected Type/],
];

for (const [text, code, place, message] of refused) {
  test(`${text} is refused with ${code}`, () => {
    assert.throws(() => compileRules([{ name: 'rules', text }]), ruleError(code, place, message));
  });
}

test('One error is told of each rule, and with each its group', () => {
  const groups = [
    { name: 'a', text: '=> issue(Value = "a");\n=> issue(Type = "b");\nc:[] => issue(claim = d);' },
    { name: 'b', text: '[' },
  ];
  assert.throws(
    () => compileRules(groups),
    (error) => {
      assert.ok(error instanceof RuleError);
      assert.deepEqual(
        error.findings.map(({ group, at, code }) => [group, at?.line, code]),
        [
          ['a', 1, 'claims.no_type'],
          ['a', 3, 'claims.unknown_variable'],
          ['b', 1, 'claims.syntax'],
        ],
      );
      assert.equal(error.message, 'group "a", line 1, column 4: The new claim has no Type. Add Type = "...".');
      return true;
    },
  );
});

test('A rule set has no more rules than the limit, over all groups', () => {
  const text = Array.from({ length: limits.rules / 2 }, () => '=> issue(Type = "a");').join('');
  const groups = ['a', 'b'].map((name) => ({ name, text }));
  assert.equal(compileRules(groups).rules.length, limits.rules);
  assert.throws(
    () => compileRules([...groups, { name: 'c', text: '=> issue(Type = "a");' }]),
    ruleError('claims.too_many_rules', undefined, /^There are 2001 rules/),
  );
});

test('A bug is not taken for an error of the rules', () => {
  const bug = new TypeError('a bug');
  const fail = () => {
    throw bug;
  };
  assert.throws(
    () => locate({ line: 1, column: 1 }, fail),
    (error) => error === bug,
  );
  const group = {
    name: 'a',
    get text() {
      return fail();
    },
  };
  assert.throws(
    () => compileRules([group]),
    (error) => error === bug,
  );
});

const calls: readonly [expression: string, value: string, result: string][] = [
  ['RegExReplace(c.Value, "@.*$", "")', 'marge@jogcloud.com', 'marge'],
  ['regexreplace(c.Value, "^" + "m", c.Type)', 'marge', 'valuearge'],
  // Deviation: AD FS has no ToLower and ToUpper.
  ['ToLower(c.Value)', 'Marge SIMPSON', 'marge simpson'],
  ['TOUPPER(c.Value)', 'Marge', 'MARGE'],
  ['ToUpper("a" + "b") + c.Value + RegExReplace(ToLower("CC"), "c", "d")', 'x', 'ABxdd'],
];

for (const [expression, value, result] of calls) {
  test(`${expression} of ${value} is ${result}`, async () => {
    const text = `c:[Type == "value"] => issue(Type = "result", Value = ${expression});`;
    assert.deepEqual(await issued(text, stated(['value', value])), [['result', result]]);
  });
}
