import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluateExpression, type SourceValues } from '../../src/provisioning/expression/evaluate-expression.ts';
import { ExpressionError, type ExpressionValue } from '../../src/provisioning/expression/expression.ts';
import { parseExpression } from '../../src/provisioning/expression/parse-expression.ts';

const marge: SourceValues = {
  givenName: 'Marge',
  surname: 'Simpson',
  mail: 'Marge.Simpson@jogcloud.com',
  country: 'US',
  accountEnabled: false,
  otherMails: ['a@x.example', 'b@x.example'],
  appRoleAssignments: ['Portal.User', 'Portal.Admin'],
  employeeId: '1002',
  empty: '',
};

/** Each function with an example, and what it makes of Marge. */
const examples: [text: string, value: ExpressionValue][] = [
  ['[givenName]', 'Marge'],
  ['[missing]', null],
  ['"a \\"quoted\\" text"', 'a "quoted" text'],
  ['Append([givenName], "!")', 'Marge!'],
  ['BitAnd(6, 3)', 2],
  ['CBool("True")', true],
  ['CStr(12)', '12'],
  ['Coalesce([missing], [empty], [surname])', 'Simpson'],
  ['ConvertToBase64("Hello world!")', 'SGVsbG8gd29ybGQh'],
  ['ConvertToUTF8Hex("Hi")', '4869'],
  ['Count([otherMails])', 2],
  ['IIF([country]="us", [surname], "-")', 'Simpson'],
  ['IIF([employeeId] >= 2000, "new", "old")', 'old'],
  ['InStr("The quick brown fox", "quick")', 5],
  ['IsNull([missing])', true],
  ['IsNullOrEmpty([empty])', true],
  ['IsPresent([mail])', true],
  ['IsString(1)', false],
  ['Item([otherMails], 2)', 'b@x.example'],
  ['Item([missing], 1)', null],
  ['Join(" ", [givenName], [missing], [surname])', 'Marge Simpson'],
  ['Left([surname], 3)', 'Sim'],
  ['Mid([surname], 4, 10)', 'pson'],
  ['NormalizeDiacritics("Crème brûlée")', 'Creme brulee'],
  ['Not([accountEnabled])', true],
  ['PCase("marge o\'hara-simpson")', "Marge O'Hara-Simpson"],
  ['RemoveDuplicates(Split("a b a", " "))', ['a', 'b']],
  ['Replace([mail], "jogcloud", , , "example", , )', 'Marge.Simpson@example.com'],
  ['Replace([mail], , "@.*$", , "", , )', 'Marge.Simpson'],
  ['Replace("123-456", , "(?P<area>\\\\d+)-", "area", "999", , )', '999-456'],
  ['Replace([surname], "%s", , , , , "%s@example.com")', 'Simpson@example.com'],
  ['SingleAppRoleAssignment([appRoleAssignments])', 'Portal.User'],
  ['AppRoleAssignments([appRoleAssignments])', ['Portal.User', 'Portal.Admin']],
  ['Split("a,b", ",")', ['a', 'b']],
  ['StripSpaces("a b c")', 'abc'],
  ['Switch([country], "other", "DE", "Germany", "US", "America")', 'America'],
  ['Switch([accountEnabled], , "True", "1")', null],
  ['ToLower([mail])', 'marge.simpson@jogcloud.com'],
  ['toupper([surname])', 'SIMPSON'],
  ['Word("The quick brown fox", 3, " ")', 'brown'],
];

for (const [text, value] of examples) {
  test(`the expression ${text}`, () => assert.deepEqual(evaluateExpression(parseExpression(text), marge), value));
}

test('what is no expression is refused with the place', () => {
  for (const [text, message] of [
    ['', /The end is not expected/],
    ['Join(" ", [a]', /The end is not expected/],
    ['Shout([a])', /no function Shout/],
    ['Left([a])', /Left takes 2 values/],
    ['[a] [b]', /\[b\] is not expected/],
    ['name', /neither a text in quotes/],
    ['"open', /cannot be read/],
    ['('.repeat(100), /is not expected/],
    [`${'ToLower('.repeat(100)}"a"${')'.repeat(100)}`, /at most 30 deep/],
    ['x'.repeat(20_000), /at most 10000/],
  ] as const) {
    assert.throws(() => parseExpression(text), { name: 'ExpressionError', message });
  }
});

test('no text makes reading or evaluating throw anything but an ExpressionError', () => {
  const parts = fc.constantFrom(
    '[a]',
    '"x"',
    ',',
    '(',
    ')',
    'Mid',
    'Replace',
    'Switch',
    'Item',
    ' ',
    '=',
    '<>',
    '1',
    '-2',
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 20 }), (texts) => {
      try {
        evaluateExpression(parseExpression(texts.join('')), { a: 'value' });
      } catch (error) {
        assert.ok(error instanceof ExpressionError, String(error));
      }
    }),
  );
});
