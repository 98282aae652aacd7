import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CheckContext, checkRules, type FindingCode, findingKinds, type Purpose } from '../src/index.ts';

const role = 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role';
const permit = 'http://schemas.microsoft.com/authorization/claims/permit';

const stores: CheckContext['stores'] = new Map([
  ['active directory', { isDirectory: true }],
  ['_opaqueidstore', { isDirectory: false }],
]);

function check(text: string, purpose: Purpose = 'acceptance') {
  return checkRules([{ name: 'rules', text }], { purpose, stores });
}

/** What the checker says of each rule: nothing, or the code of one finding and its place. */
const checked: readonly [text: string, purpose: Purpose, code?: FindingCode, place?: string][] = [
  ['c:[Type == "a"] => issue(claim = c);', 'issuance'],
  ['c:[Type == "a"] => issue(claim = d);', 'issuance', 'claims.unknown_variable', '1:20'],

  ['c:[Type == "a", Type == "b"] => issue(claim = c);', 'acceptance', 'claims.never_matches', '1:3'],
  ['c:[Type == "a", Type != "a"] => issue(claim = c);', 'acceptance', 'claims.never_matches', '1:3'],
  ['c:[Type == "a", Type =~ "^b"] => issue(claim = c);', 'acceptance', 'claims.never_matches', '1:3'],
  ['c:[Type == "a", Type !~ "^a"] => issue(claim = c);', 'acceptance', 'claims.never_matches', '1:3'],
  [
    'EXISTS([Type == "a", Type == "b"]) => issue(Type = "c", Value = "d");',
    'acceptance',
    'claims.never_matches',
    '1:8',
  ],
  [
    'NOT EXISTS([Type == "a", Type == "b"]) => issue(Type = "c", Value = "d");',
    'acceptance',
    'claims.always_holds',
    '1:12',
  ],
  ['COUNT([Type == "a"]) < 0 => issue(Type = "c", Value = "d");', 'acceptance', 'claims.never_matches', '1:7'],
  ['COUNT([Type == "a"]) >= 0 => issue(Type = "c", Value = "d");', 'acceptance', 'claims.always_holds', '1:7'],
  ['COUNT([Type == "a"]) == 3 => issue(Type = "c", Value = "d");', 'acceptance'],
  [
    'COUNT([Type == "a", Type == "b"]) == 0 => issue(Type = "c", Value = "d");',
    'acceptance',
    'claims.always_holds',
    '1:7',
  ],
  ['c:[Type == "a", Type == "a", Type != "b", Type =~ "a", Type !~ "b"] => issue(claim = c);', 'acceptance'],
  ['c:[Type == "a", Value == "b", Properties["p"] == "c", Properties["q"] == "d"] => issue(claim = c);', 'acceptance'],
  ['c:[Type == "a"] && d:[Type == "a", Type == c.Value, Value == c.Value] => issue(claim = d);', 'acceptance'],

  ['=> issue(Type = "a", Value = "b"); => issue(Type = "a", Value = "c");', 'acceptance'],
  [
    '=> issue(Type = "a", Value = "b"); @RuleName = "x" => issue(Type = "a", Value = "b");',
    'acceptance',
    'claims.duplicate_rule',
    '1:36',
  ],

  ['=> issue(store = "Active Directory", types = ("a", "b"), query = ";mail, cn;{0}", param = "c");', 'issuance'],
  ['=> issue(store = "_OpaqueIdStore", types = ("a"), query = "{0}", param = "c");', 'issuance'],
  ['=> issue(store = "SQL", types = ("a"), query = "{0}", param = "c");', 'issuance', 'claims.unknown_store', '1:4'],
  [
    '=> issue(store = "Active Directory", types = ("a", "b"), query = ";mail;x");',
    'issuance',
    'claims.query_columns',
    '1:4',
  ],

  ['c:[Type == "a"] => add(claim = c);', 'acceptance', 'claims.no_effect', '1:20'],

  ['c:[Type == "a"] => issue(Type = "b");', 'acceptance', 'claims.empty_value', '1:20'],
  ['c:[Type == "a"] => issue(Type = "b", Value = "");', 'acceptance', 'claims.empty_value', '1:20'],

  [
    'c:[Type == "a"] => issue(Type = "b", Value = "x", Issuer = "AD AUTHORITY");',
    'acceptance',
    'claims.speaks_for_other',
    '1:51',
  ],
  [
    'c:[Type == "a"] => issue(Type = "b", Value = "x", OriginalIssuer = c.Value);',
    'acceptance',
    'claims.speaks_for_other',
    '1:51',
  ],
  [
    'c:[Type == "a"] => issue(Type = "b", Value = "x", Issuer = c.Issuer + "x");',
    'acceptance',
    'claims.speaks_for_other',
    '1:51',
  ],
  [
    'c:[Type == "a"] => issue(Type = "b", Value = "x", Issuer = c.Issuer, OriginalIssuer = "LOCAL AUTHORITY");',
    'acceptance',
  ],

  [`c:[Type == "${role}"] => issue(claim = c);`, 'acceptance'],
  [`c:[Type == "${role}"] => issue(claim = c);`, 'issuance', 'claims.any_issuer', '1:1'],
  [`c:[Type == "${role}", Issuer == "urn:a"] => issue(claim = c);`, 'issuance'],
  [`c:[Type == "${role}", OriginalIssuer =~ "^urn:"] => issue(claim = c);`, 'issuance'],
  [`[Type == "group"] => issue(Type = "${role}", Value = "x");`, 'issuance', 'claims.any_issuer', '1:1'],
  [`[Type == "group"] => add(Type = "flag", Value = "x");`, 'issuance'],
  [`NOT EXISTS([Type == "group"]) => issue(Type = "${role}", Value = "x");`, 'issuance'],
  [
    `NOT EXISTS([Issuer == "i"]) && EXISTS([Type == "g"]) => issue(Type = "${role}", Value = "x");`,
    'issuance',
    'claims.any_issuer',
    '1:1',
  ],
  [`=> issue(Type = "${role}", Value = "x");`, 'issuance'],
  [`c:[Type == "a"] => issue(Type = c.Value, Value = "x");`, 'issuance'],
  [
    'c:[Type == "account"] => add(store = "Active Directory", types = ("a"), query = ";mail;{0}", param = c.Value);',
    'issuance',
    'claims.any_issuer',
    '1:1',
  ],

  ['c:[] => issue(claim = c);', 'issuance', 'claims.passes_everything', '1:9'],
  ['d:[Type == "a"] && C:[] => issue(claim = c);', 'issuance', 'claims.passes_everything', '1:28'],
  ['c:[Value == "a"] && d:[] => issue(claim = c);', 'issuance'],

  [`=> issue(Type = "${permit}", Value = "true");`, 'authorization'],
  [
    `EXISTS([Issuer == "urn:a"]) => issue(store = "_OpaqueIdStore", types = ("${permit}"), query = "");`,
    'authorization',
  ],
  ['=> issue(Type = "a", Value = "true");', 'authorization', 'claims.nobody_permitted'],
  ['', 'authorization', 'claims.nobody_permitted'],
];

for (const [text, purpose, code, place] of checked) {
  test(`${purpose}: ${text || 'an empty text'}: ${code ?? 'nothing is found'}`, () => {
    const findings = check(text, purpose).map(({ code, at }) => [code, at && `${at.line}:${at.column}`]);
    assert.deepEqual(findings, code ? [[code, place]] : []);
  });
}

test('A finding tells its severity, group, reason and advice', () => {
  assert.deepEqual(check('\n => add(Type = "a");'), [
    {
      code: 'claims.empty_value',
      severity: 'warning',
      message: 'The new claim has no value.',
      advice: findingKinds['claims.empty_value'].advice,
      at: { line: 2, column: 5 },
      group: 'rules',
    },
  ]);
});

test('A rule that stands in another group already is named with that group', () => {
  const text = '=> issue(Type = "a", Value = "b");';
  const findings = checkRules(
    [
      { name: 'one', text },
      { name: 'two', text },
    ],
    { purpose: 'issuance', stores },
  );
  assert.deepEqual(
    findings.map(({ group, message }) => [group, message]),
    [['two', 'The rule is the same as rule 1 of group "one".']],
  );
});
