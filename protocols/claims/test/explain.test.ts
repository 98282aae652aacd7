import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimsFrom, explain } from '../src/index.ts';
import { provider, run, stated } from './run-rules.ts';

test('An explanation follows each claim to the rules that made it, the claims they ran for, and who stated those first', async () => {
  const text = `@RuleName = "Groups to roles"
g:[Type == "group"] && EXISTS([Type == "employee"]) => add(Type = "role", Value = g.Value + "s");
c:[Type == "role"] => issue(claim = c);
=> issue(Type = "tenant", Value = "myoc");
n:[Type == "account"] => issue(store = "Active Directory", types = ("mail"), query = ";mail;{0}", param = n.Value);`;
  const input = [
    ...claimsFrom(provider, [{ type: 'group', value: 'auditor', originalIssuer: 'urn:partner' }]),
    ...stated(['employee', 'true'], ['account', 'marge']),
  ];
  const { claims, rules } = explain(await run(text, input, async () => [['marge@jogcloud.com']]));
  const reference = (number: number, name?: string) => ({ group: 'rules', number, ...(name && { name }) });
  assert.deepEqual(
    claims.map(({ claim, ...rest }) => ({ type: claim.type, ...rest })),
    [
      { type: 'group', isIssued: false, firstStatedBy: ['urn:partner'], derivations: [] },
      { type: 'employee', isIssued: false, firstStatedBy: [provider], derivations: [] },
      { type: 'account', isIssued: false, firstStatedBy: [provider], derivations: [] },
      {
        type: 'role',
        isIssued: true,
        firstStatedBy: [provider, 'urn:partner'],
        derivations: [
          { rule: reference(1, 'Groups to roles'), how: 'made', from: [1, 0] },
          { rule: reference(2), how: 'copied', from: [3] },
        ],
      },
      {
        type: 'tenant',
        isIssued: true,
        firstStatedBy: ['LOCAL AUTHORITY'],
        derivations: [{ rule: reference(3), how: 'made', from: [] }],
      },
      {
        type: 'mail',
        isIssued: true,
        firstStatedBy: ['attribute store Active Directory'],
        derivations: [{ rule: reference(4), how: 'looked up', from: [2] }],
      },
    ],
  );
  assert.deepEqual(
    rules.map(({ text: _, ...rule }) => rule),
    [
      { rule: reference(1, 'Groups to roles'), runs: 1, made: [3], reason: 'Ran 1 time, gave 1 claim.' },
      { rule: reference(2), runs: 1, made: [3], reason: 'Ran 1 time, gave 1 claim.' },
      { rule: reference(3), runs: 1, made: [4], reason: 'Ran 1 time, gave 1 claim.' },
      { rule: reference(4), runs: 1, made: [5], reason: 'Ran 1 time, gave 1 claim.' },
    ],
  );
  assert.match(rules[0]?.text ?? '', /^@RuleName = "Groups to roles"\ng:\[/);
});

test('A claim that came in and was made again, or made from several, is told to come from all of them', async () => {
  const text = `c:[Type == "group"] => issue(Type = "member", Value = "true");
[Type == "member"] => issue(Type = "group", Value = "all", Issuer = "${provider}", OriginalIssuer = "${provider}");`;
  const input = [
    ...stated(['group', 'all'], ['group', 'b']),
    ...claimsFrom('urn:other', [{ type: 'group', value: 'c' }]),
  ];
  const { claims, rules } = explain(await run(text, input));
  assert.deepEqual(claims[3]?.firstStatedBy, [provider, 'urn:other']);
  assert.deepEqual(claims[3]?.derivations, [{ rule: rules[0]?.rule, how: 'made', from: [0, 1, 2] }]);
  assert.deepEqual(claims[0]?.firstStatedBy, [provider, 'urn:other']);
  assert.deepEqual(claims[0]?.derivations, [{ rule: rules[1]?.rule, how: 'made', from: [3] }]);
  assert.equal(rules[0]?.reason, 'Ran 3 times, gave 3 claims.');
});

test('The explanation of a claim shows who stated it, whatever issuer a rule gave it', async () => {
  const text =
    'c:[Type == "role"] => issue(Type = "role", Value = c.Value, Issuer = "AD AUTHORITY", OriginalIssuer = "AD AUTHORITY");';
  const { claims } = explain(await run(text, stated(['role', 'admin'])));
  assert.deepEqual(claims[1]?.firstStatedBy, [provider]);
});

test('Without rules, every claim that came in is explained', async () => {
  const { claims, rules } = explain(await run('', stated(['a', '1'])));
  assert.deepEqual(
    claims.map(({ firstStatedBy }) => firstStatedBy),
    [[provider]],
  );
  assert.deepEqual(rules, []);
});

test('An explanation can be kept as JSON', async () => {
  const explanation = explain(await run('c:[Type == "a"] => issue(claim = c);', stated(['a', '1'])));
  assert.deepEqual(JSON.parse(JSON.stringify(explanation)), explanation);
});

const input = stated(['role', 'user'], ['role', 'guest'], ['mail', 'marge@jogcloud.com']);

const reasons: readonly [rule: string, reason: string][] = [
  [
    'c:[Type == "x"] => issue(claim = c);',
    'c:[Type == "x"] is not met: there were 3 claims, of these 0 with Type == "x".',
  ],
  [
    'c:[Type == "role", Value == "admin"] => issue(claim = c);',
    'c:[Type == "role", Value == "admin"] is not met: there were 3 claims, of these 2 with Type == "role", of these 0 with Value == "admin".',
  ],
  [
    'm:[Type == "mail"] && c:[Type == "role", Value == m.Value] => issue(claim = c);',
    'c:[Type == "role", Value == m.Value] is not met: there were 3 claims, of these 2 with Type == "role", compared with other claims by Value == m.Value.',
  ],
  [
    'm:[Type == "mail"] && NOT EXISTS([Type == "role"]) => issue(claim = m);',
    'NOT EXISTS([Type == "role"]) is not met: there were 3 claims, of these 2 with Type == "role".',
  ],
  [
    'EXISTS([Type =~ "^x"]) => issue(Type = "a", Value = "b");',
    'EXISTS([Type =~ "^x"]) is not met: there were 3 claims, of these 0 with Type =~ "^x".',
  ],
  [
    'COUNT([Type == "mail"]) >= 2 => issue(Type = "a", Value = "b");',
    'COUNT([Type == "mail"]) >= 2 is not met: there were 3 claims, of these 1 with Type == "mail".',
  ],
  ['COUNT([]) > 3 => issue(Type = "a", Value = "b");', 'COUNT([]) > 3 is not met: there were 3 claims.'],
  [
    'c:[Type == "mail"] => issue(Type = "a", Value = c.Properties["p"]);',
    'Ran 1 time, gave 0 claims; 1 claim without a value left out.',
  ],
];

for (const [rule, reason] of reasons) {
  test(`It is told of ${rule} why it ran or did not`, async () => {
    assert.equal(explain(await run(rule, input)).rules[0]?.reason, reason);
  });
}

test('Why a rule did not run is told from the claims that it saw, not from those made later', async () => {
  const { rules } = explain(await run('c:[Type == "a"] => issue(claim = c); => add(Type = "a", Value = "1");', []));
  assert.equal(rules[0]?.reason, 'c:[Type == "a"] is not met: there were 0 claims, of these 0 with Type == "a".');
});
