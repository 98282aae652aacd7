import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FormRow, formFromText, textFromForm } from '../src/index.ts';
import { issued, provider, ruleError, run, stated } from './run-rules.ts';

const rows: readonly [rule: string, row: FormRow][] = [
  [
    '@RuleName = "Pass mail"\nc:[Type == "mail"]\n => issue(claim = c);\n',
    { inputType: 'mail', outputIssuer: 'input', description: 'Pass mail' },
  ],
  [
    'c:[Type == "group", Issuer == "urn:i", Value == "a"]\n => issue(Type = "role", Value = "b", ValueType = c.ValueType, Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer);\n',
    {
      inputType: 'group',
      inputIssuer: 'urn:i',
      inputValue: 'a',
      outputType: 'role',
      outputValue: 'b',
      outputIssuer: 'input',
      description: '',
    },
  ],
  [
    'c:[Type == "mail"]\n => issue(Type = "name", Value = c.Value);\n',
    { inputType: 'mail', outputType: 'name', outputIssuer: 'local', description: '' },
  ],
  ['c:[]\n => issue(Type = c.Type, Value = "x");\n', { outputValue: 'x', outputIssuer: 'local', description: '' }],
  ['c:[]\n => issue(Type = c.Type, Value = c.Value);\n', { outputIssuer: 'local', description: '' }],
  ['c:[]\n => issue(claim = c);\n', { outputIssuer: 'input', description: '' }],
];

for (const [rule, row] of rows) {
  test(`The rule ${rule.trim()} is a row of the form, and the row is that rule`, () => {
    assert.deepEqual(formFromText(rule), [{ kind: 'row', row }]);
    assert.equal(textFromForm([{ kind: 'row', row }]), rule);
  });
}

test('A rule as a template of AD FS writes it is a row, whatever the order of its parts', () => {
  const text = `@RuleTemplate = "MapClaims" @RuleName = "To role" C1:[Value == "a", Type == "group", Issuer == "AD AUTHORITY"]
 => issue(Type = "role", Issuer = c1.Issuer, OriginalIssuer = c1.OriginalIssuer, Value = "b", ValueType = c1.ValueType);`;
  const row: FormRow = {
    inputType: 'group',
    inputIssuer: 'AD AUTHORITY',
    inputValue: 'a',
    outputType: 'role',
    outputValue: 'b',
    outputIssuer: 'input',
    description: 'To role',
  };
  assert.deepEqual(formFromText(text), [{ kind: 'row', row }]);
});

const moreThanRows = [
  '=> issue(Type = "a", Value = "b");',
  'c:[Type == "a"] && d:[Type == "b"] => issue(claim = c);',
  'EXISTS([Type == "a"]) => issue(Type = "b", Value = "c");',
  'c:[Type == "a"] => add(Type = "b", Value = c.Value);',
  'c:[Type =~ "a"] => issue(claim = c);',
  'c:[Type != "a"] => issue(claim = c);',
  'c:[ValueType == "a"] => issue(claim = c);',
  'c:[Type == "a" + "b"] => issue(claim = c);',
  'c:[Type == "a", Type == "a"] => issue(claim = c);',
  '// a comment\nc:[Type == "a"] => issue(claim = c);',
  'c:[Type == "a"] => issue(claim = d);',
  '[Type == "a"] => issue(Type = "b", Value = c.Value);',
  'c:[Type == "a"] => issue(Type = "b", Value = d.Value);',
  'c:[Type == "a"] => issue(Type = "b", Value = c.Issuer);',
  'c:[Type == "a"] => issue(Type = "b", Value = c.Value + "x");',
  'c:[Type == "a"] => issue(Type = "b", Value = ToLower(c.Value));',
  'c:[Type == "a"] => issue(Type = "b");',
  'c:[Type == "a"] => issue(Value = "b");',
  'c:[Type == "a"] => issue(Type = "b", Type = "c", Value = "d");',
  'c:[Type == "a"] => issue(Type = "b", Value = "c", Issuer = c.Issuer);',
  'c:[Type == "a"] => issue(Type = "b", Type = c.Type);',
  'c:[Type == "a"] => issue(Type = "b", Value = c.Value, Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer, Properties["p"] = c.Properties["p"]);',
  'c:[Type == "a"] => issue(Type = "b", Value = "c", ValueType = "d", Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer);',
  'c:[Type == "a"] => issue(Type = c.Type, Value = c.Value, ValueType = c.ValueType, Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer);',
  'c:[Type == "a"] => issue(store = "S", types = ("b"), query = ";b;{0}", param = c.Value);',
];

for (const rule of moreThanRows) {
  test(`The rule ${rule} is more than a row can say, and stays a text`, () => {
    const form = formFromText(rule);
    assert.deepEqual(
      form.map(({ kind }) => kind),
      ['text'],
    );
    assert.deepEqual(formFromText(textFromForm(form)), form);
  });
}

test('Rows and texts keep their order, and comments at the end are kept', () => {
  const text = `c:[Type == "a"]
 => issue(claim = c);

=> issue(Type = "b", Value = "c");

c:[Type == "d"]
 => issue(claim = c);

// the end
`;
  assert.deepEqual(
    formFromText(text).map(({ kind }) => kind),
    ['row', 'text', 'row', 'text'],
  );
  assert.equal(textFromForm(formFromText(text)), text);
});

test('A field that the language cannot write is refused', () => {
  for (const text of ['a "quoted" text', 'two\nlines', 'two\rlines']) {
    const row: FormRow = { inputType: 'a', outputValue: text, outputIssuer: 'local', description: '' };
    assert.throws(
      () => textFromForm([{ kind: 'row', row }]),
      ruleError('claims.not_expressible', undefined, /cannot be written/),
    );
  }
});

const field = fc.constantFrom('a', 'b', 'c', '');
const anyRow: fc.Arbitrary<FormRow> = fc.record(
  {
    inputType: field,
    inputIssuer: fc.constantFrom(provider, 'urn:other', ''),
    inputValue: field,
    outputType: field,
    outputValue: field,
    outputIssuer: fc.constantFrom('input', 'local'),
    description: field,
  },
  { requiredKeys: ['outputIssuer', 'description'], noNullPrototype: true },
);

test('Any row is the same row after it was written as a rule and shown again', () => {
  fc.assert(
    fc.property(fc.array(anyRow), (written) => {
      const form = written.map((row) => ({ kind: 'row', row }) as const);
      assert.deepEqual(formFromText(textFromForm(form)), form);
    }),
  );
});

test('A rule and the row that shows it issue the same claims', async () => {
  const texts = rows.map(([rule]) => rule.replaceAll('c:', 'C2:').replaceAll('c.', 'C2.').replaceAll('= c)', '= C2)'));
  const claims = stated(['mail', 'marge@jogcloud.com'], ['group', 'a'], ['name', 'Marge']);
  for (const text of texts) {
    const shown = textFromForm(formFromText(text));
    assert.deepEqual(await issued(shown, claims), await issued(text, claims), text);
    assert.deepEqual(
      (await run(shown, claims)).issued.map(({ claim }) => claim),
      (await run(text, claims)).issued.map(({ claim }) => claim),
    );
  }
});
