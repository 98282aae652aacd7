import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits, parseRules } from '../src/index.ts';
import { ruleError } from './run-rules.ts';

test('A rule is read with its name, template, conditions and statement, each with its place', () => {
  const { rules, comments } = parseRules(
    `@RuleTemplate = "LdapClaims"
@RuleName = "Mail"
c:[Type == "name", Properties["urn:p"] =~ "^x"]
 => issue(Type = "mail", Value = c.Value + "@" + ToLower("X"), Properties["urn:q"] = c.Properties["urn:p"]);`,
  );
  const place = (line: number, column: number) => ({ line, column });
  assert.deepEqual(comments, []);
  assert.deepEqual(rules, [
    {
      template: 'LdapClaims',
      name: 'Mail',
      comments: [],
      conditions: [
        {
          kind: 'select',
          variable: 'c',
          selector: {
            tests: [
              {
                property: { name: 'Type' },
                operator: '==',
                expression: { kind: 'text', text: 'name', at: place(3, 12) },
                at: place(3, 4),
              },
              {
                property: { name: 'Properties', key: 'urn:p' },
                operator: '=~',
                expression: { kind: 'text', text: '^x', at: place(3, 43) },
                at: place(3, 20),
              },
            ],
            at: place(3, 3),
          },
        },
      ],
      statement: {
        verb: 'issue',
        kind: 'new',
        assignments: [
          {
            property: { name: 'Type' },
            expression: { kind: 'text', text: 'mail', at: place(4, 18) },
            at: place(4, 11),
          },
          {
            property: { name: 'Value' },
            expression: {
              kind: 'join',
              parts: [
                { kind: 'property', variable: 'c', property: { name: 'Value' }, at: place(4, 34) },
                { kind: 'text', text: '@', at: place(4, 44) },
                {
                  kind: 'call',
                  name: 'ToLower',
                  parameters: [{ kind: 'text', text: 'X', at: place(4, 58) }],
                  at: place(4, 50),
                },
              ],
              at: place(4, 34),
            },
            at: place(4, 26),
          },
          {
            property: { name: 'Properties', key: 'urn:q' },
            expression: {
              kind: 'property',
              variable: 'c',
              property: { name: 'Properties', key: 'urn:p' },
              at: place(4, 86),
            },
            at: place(4, 64),
          },
        ],
        at: place(4, 5),
      },
      at: place(1, 1),
    },
  ]);
});

test('The Role of the Claim Rule Language: the words of the language are read in any case', () => {
  const upper = parseRules('C1:[TYPE == "a", VALUETYPE != "b"] && NOT EXISTS([ISSUER == "i"]) => ADD(CLAIM = C1);');
  const lower = parseRules('C1:[type == "a", valuetype != "b"] && not exists([issuer == "i"]) => add(claim = C1);');
  assert.deepEqual(upper, lower);
});

test('Every kind of condition is read', () => {
  const { rules } = parseRules(
    '[] && EXISTS([]) && NOT EXISTS([]) && COUNT([]) >= 20 => issue(Type = "a", Value = "b");',
  );
  const conditions = rules[0]?.conditions.map(({ selector: _, ...condition }) => condition);
  assert.deepEqual(conditions, [
    { kind: 'select' },
    { kind: 'exists', isNegated: false },
    { kind: 'exists', isNegated: true },
    { kind: 'count', comparison: '>=', count: 20 },
  ]);
});

test('A query to an attribute store is read with all its parameters', () => {
  const { rules } = parseRules('=> add(store = "S", types = ("a", "b"), query = "{0};{1}", param = "x", param = "");');
  assert.deepEqual(rules[0]?.statement, {
    verb: 'add',
    kind: 'query',
    store: 'S',
    types: ['a', 'b'],
    query: '{0};{1}',
    parameters: [
      { kind: 'text', text: 'x', at: { line: 1, column: 68 } },
      { kind: 'text', text: '', at: { line: 1, column: 81 } },
    ],
    at: { line: 1, column: 4 },
  });
});

test('Deviation: comments before and within a rule stay with the rule, those at the end with the text', () => {
  const { rules, comments } = parseRules(`// one
/* two
   three */ @RuleName = "n" [] // four
 => issue(Type = "a", Value = "b") // five
; // six
=> add(Type = "a", Value = "// no comment"); //`);
  assert.deepEqual(
    rules.map((rule) => rule.comments),
    [['one', 'two', 'three', 'four', 'five'], ['six']],
  );
  assert.deepEqual(comments, ['']);
  assert.deepEqual(rules[1]?.at, { line: 6, column: 1 });
});

test('An empty text has no rules', () => {
  assert.deepEqual(parseRules(''), { rules: [], comments: [] });
});

const refused: readonly [text: string, place: string, message: RegExp][] = [
  ['c', '1:2', /Expected ":", found the end of the text/],
  ['c1;[] => issue(claim = c1);', '1:3', /Expected ":", found ";"/],
  ['c:[type == "x", value == 1] => issue(claim = c);', '1:26', /Expected a text between double quotes.*found "1"/],
  ['c:[type = "x"] => issue(claim = c);', '1:9', /Expected one of == != =~ !~, found "="/],
  ['c:[type == "x",] => issue(claim = c);', '1:16', /Expected Type, Value/],
  ['c:[constructor == "x"] => issue(claim = c);', '1:4', /Expected Type, Value/],
  ['c:[type == "x"] issue(claim = c);', '1:17', /Expected "=>"/],
  ['c:[] => issue(claim = c)', '1:25', /Expected ";", found the end of the text/],
  ['c:[] =>\n  Issule(claim = c);', '2:3', /Expected "issue" or "add", found "Issule"/],
  ['=> issue(type == "x", value = "y");', '1:15', /Expected "=", found "=="/],
  ['=> issue();', '1:10', /Expected Type, Value/],
  ['=> issue(Type = c);', '1:18', /Expected "\." or "\("/],
  ['=> issue(Type = c.Name);', '1:19', /Expected Type, Value/],
  ['=> issue(Type = "a" + );', '1:23', /Expected a text/],
  ['=> issue(Type = Properties["a"]);', '1:27', /Expected "\." or "\("/],
  ['c:[] => issue(claim = "c");', '1:23', /Expected a variable/],
  ['NOT [] => issue(Type = "a");', '1:5', /Expected "exists"/],
  ['COUNT([]) => issue(Type = "a");', '1:11', /Expected one of == != < <= > >=/],
  ['COUNT([]) > "2" => issue(Type = "a");', '1:13', /Expected a number/],
  ['COUNT([]) > 5001 => issue(Type = "a");', '1:13', /No more than 5000 claims can be counted/],
  ['EXISTS [] => issue(Type = "a");', '1:8', /Expected "\("/],
  ['=> issue(store = "s", query = "q", types = ("a"));', '1:23', /Expected "types"/],
  ['=> issue(store = c.Value, types = ("a"), query = "q");', '1:18', /Expected a text between double quotes/],
  ['@RuleName = "a" @RuleName = "b" [] => issue(Type = "a");', '1:17', /one @RuleName and one @RuleTemplate/],
  ['@Name = "a" [] => issue(Type = "a");', '1:1', /one @RuleName and one @RuleTemplate/],
  ['@RuleName = a [] => issue(Type = "a");', '1:13', /Expected a name between double quotes/],
  ['; => issue(Type = "a");', '1:1', /Expected a condition such as/],
  ['c:[Type == “x”] => issue(claim = c);', '1:12', /curly quotation marks by straight/],
  ["c:[Type == 'x'] => issue(claim = c);", '1:12', /between double quotes/],
  ['c:[Type == "x\n"] => issue(claim = c);', '1:12', /Close the string on the same line/],
  ['[] &amp;&amp; [] => issue(Type = "a");', '1:4', /Join conditions by &&/],
  ['[] || [] => issue(Type = "a");', '1:4', /no "or"/],
  ['/* [] => issue(Type = "a");', '1:1', /Close the comment/],
  ['[] ? => issue(Type = "a");', '1:4', /The character "\?" cannot stand here\. Compare with/],
];

for (const [text, place, message] of refused) {
  test(`The text ${JSON.stringify(text)} is refused at ${place}`, () => {
    assert.throws(() => parseRules(text), ruleError('claims.syntax', place, message));
  });
}

const repeat = (text: string, times: number, separator = '') =>
  Array.from({ length: times }, () => text).join(separator);

test('As many rules, conditions, tests and nested functions are read as the limits allow, and not one more', () => {
  const rule = '=> issue(Type = "a");';
  const conditions = (count: number) => `${repeat('[]', count, ' && ')} ${rule}`;
  const tests = (count: number) => `[${repeat('Type == "a"', count, ', ')}] ${rule}`;
  const functions = (count: number) => `=> issue(Type = ${repeat('f(', count)}"a"${repeat(')', count)});`;
  const within = [
    repeat(rule, limits.rules),
    conditions(limits.conditions),
    tests(limits.conditions),
    functions(limits.depth),
  ];
  for (const text of within) assert.ok(parseRules(text).rules.length > 0);
  assert.throws(() => parseRules(repeat(rule, limits.rules + 1)), ruleError('claims.too_many_rules', '1:42001'));
  assert.throws(() => parseRules(conditions(limits.conditions + 1)), ruleError('claims.too_many_conditions', '1:385'));
  assert.throws(() => parseRules(tests(limits.conditions + 1)), ruleError('claims.too_many_conditions', '1:834'));
  assert.throws(() => parseRules(functions(limits.depth + 1)), ruleError('claims.too_deep', '1:51'));
});
