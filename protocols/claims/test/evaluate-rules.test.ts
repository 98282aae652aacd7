import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AttributeQuery,
  claimsFrom,
  claimTypes,
  compileRules,
  decideAccess,
  evaluateRules,
  limits,
  localAuthority,
  stringValueType,
} from '../src/index.ts';
import { issued, provider, ruleError, run, stated } from './run-rules.ts';

test('The Role of the Claims Engine: claims come out only because of a rule', async () => {
  assert.deepEqual(await issued('', stated(['name', 'Marge'])), []);
});

test('A claim that is copied keeps its issuer, value type and properties', async () => {
  const claims = claimsFrom(provider, [
    { type: 'id', value: '7', valueType: 'urn:int', originalIssuer: 'urn:other', properties: { 'urn:p': 'x' } },
  ]);
  const { issued: output } = await run('c:[Type == "id"] => issue(claim = c);', claims);
  assert.deepEqual(
    output.map(({ claim }) => claim),
    claims,
  );
});

test('A new claim is ours unless the rule says otherwise, and its value is a string', async () => {
  const text = `=> issue(Type = "a", Value = "x");
c:[Type == "id"] => issue(Type = "b", Value = c.Value, Issuer = c.Issuer);
c:[Type == "id"] => issue(Type = "c", Value = c.Value, Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer,
  ValueType = c.ValueType, Properties["urn:q"] = c.Properties["urn:p"], Properties["urn:none"] = c.Properties["urn:q"]);`;
  const claims = claimsFrom(provider, [
    { type: 'id', value: '7', valueType: 'urn:int', originalIssuer: 'urn:other', properties: { 'urn:p': 'x' } },
  ]);
  const own = { valueType: stringValueType, issuer: localAuthority, originalIssuer: localAuthority, properties: {} };
  assert.deepEqual(
    (await run(text, claims)).issued.map(({ claim }) => claim),
    [
      { ...own, type: 'a', value: 'x' },
      { ...own, type: 'b', value: '7', issuer: provider, originalIssuer: provider },
      {
        type: 'c',
        value: '7',
        valueType: 'urn:int',
        issuer: provider,
        originalIssuer: 'urn:other',
        properties: { 'urn:q': 'x' },
      },
    ],
  );
});

test('When to Use a Custom Claim Rule: a rule runs for the Cartesian product of what its conditions match', async () => {
  const text =
    'c1:[Type == "first"] && c2:[Type == "last"] => issue(Type = "name", Value = c1.Value + " " + c2.Value);';
  const people = stated(['first', 'Frank'], ['first', 'Alan'], ['last', 'Miller'], ['last', 'Shen']);
  assert.deepEqual(
    (await issued(text, people)).map(([, value]) => value),
    ['Frank Miller', 'Frank Shen', 'Alan Miller', 'Alan Shen'],
  );
});

test('The Role of the Claim Rule Language: a claim that is added is seen by later rules and is not in the output', async () => {
  const text = `[Type == "name"] => add(Type = "role", Value = "Editor");
c:[Type == "role"] => issue(Type = "greeting", Value = "Hello " + c.Value);
c:[Type == "greeting"] => issue(Type = "copy", Value = c.Value);`;
  assert.deepEqual(await issued(text, stated(['name', 'Marge'])), [
    ['greeting', 'Hello Editor'],
    ['copy', 'Hello Editor'],
  ]);
});

test('A rule does not see what it makes itself, nor what later rules make', async () => {
  const text = `c:[Type == "a"] => issue(Type = "a", Value = c.Value + "x");
[Type == "b"] => issue(Type = "late", Value = "x");
[Type == "a"] => add(Type = "b", Value = "x");`;
  assert.deepEqual(await issued(text, stated(['a', '1'])), [['a', '1x']]);
});

test('The Role of the Claim Rule Language: EXISTS runs a rule once, however many claims fit', async () => {
  const text = 'EXISTS([Issuer == "https://mycompany.example/idp"]) => issue(Type = "origin", Value = "MyCompany");';
  assert.deepEqual(await issued(text, stated(['a', '1'], ['b', '2'])), [['origin', 'MyCompany']]);
  assert.deepEqual(await issued(text, []), []);
});

test('NOT EXISTS runs a rule when no claim fits', async () => {
  const text = 'NOT EXISTS([Type == "a"]) => issue(Type = "b", Value = "none");';
  assert.deepEqual(await issued(text, stated(['c', '1'])), [['b', 'none']]);
  assert.deepEqual(await issued(text, stated(['a', '1'])), []);
});

test('COUNT compares the number of claims that fit', async () => {
  const claims = stated(['report', 'Homer'], ['report', 'Barney'], ['other', 'Moe']);
  const holding = { '==': [2], '!=': [1, 3], '<': [3], '<=': [2, 3], '>': [1], '>=': [1, 2] };
  for (const [comparison, numbers] of Object.entries(holding)) {
    for (const number of [1, 2, 3]) {
      const text = `COUNT([Type == "report"]) ${comparison} ${number} => issue(Type = "manager", Value = "true");`;
      assert.equal((await issued(text, claims)).length, numbers.includes(number) ? 1 : 0, text);
    }
  }
});

test('Deviation: EXISTS and COUNT mix with conditions that bind claims, and compare with those bound before them', async () => {
  const text = `g:[Type == "group"] && NOT EXISTS([Type == "excluded", Value == g.Value]) && EXISTS([Type == "employee"])
  && COUNT([Type == "group", Value != g.Value]) == 2 => issue(Type = "role", Value = g.Value);`;
  const groups = stated(['group', 'A'], ['group', 'B'], ['group', 'C'], ['excluded', 'B']);
  assert.deepEqual(await issued(text, groups), []);
  assert.deepEqual(await issued(text, [...groups, ...stated(['employee', 'true'])]), [
    ['role', 'A'],
    ['role', 'C'],
  ]);
});

test('A condition can compare with a claim that an earlier one matched, also by its type', async () => {
  const text = 'n:[Type == "named"] && c:[Type == n.Value, Issuer == N.Issuer] => issue(claim = C);';
  const claims = [
    ...stated(['named', 'mail'], ['mail', 'marge@mycompany.example']),
    ...claimsFrom('urn:b', [{ type: 'mail', value: 'b' }]),
  ];
  assert.deepEqual(await issued(text, claims), [['mail', 'marge@mycompany.example']]);
});

test('A condition without a variable still runs the rule once for each claim, and makes the same claim once', async () => {
  const { issued: output, outcomes } = await run(
    '[Type == "a"] => issue(Type = "b", Value = "x");',
    stated(['a', '1'], ['a', '2']),
  );
  assert.equal(outcomes[0]?.runs, 2);
  assert.equal(output.length, 1);
});

test('Claims are a set: only those that differ in some part are two', async () => {
  const claims = [
    { type: 'a', value: '1' },
    { type: 'a', value: '1' },
    { type: 'b', value: '1' },
    { type: 'a', value: '1', valueType: 'urn:int' },
    { type: 'a', value: '1', originalIssuer: 'urn:other' },
    { type: 'a', value: '1', properties: { p: 'x' } },
    { type: 'a', value: '1', properties: { p: 'y' } },
    { type: 'a', value: '1', properties: { q: 'y' } },
    { type: 'a', value: '1', properties: { q: 'y' } },
  ];
  const input = [...claimsFrom(provider, claims), ...claimsFrom('urn:other', claims.slice(0, 1))];
  assert.equal((await run('c:[] => issue(claim = c);', input)).issued.length, 8);
});

test('View Rule Language Dialog Box: comparisons tell upper from lower case, and (?i) makes a pattern not to', async () => {
  const claims = stated(['Role', 'Admin']);
  const matches = async (condition: string) =>
    (await issued(`c:[${condition}] => issue(claim = c);`, claims)).length === 1;
  assert.equal(await matches('Type == "Role", Value == "Admin"'), true);
  assert.equal(await matches('Type == "role"'), false);
  assert.equal(await matches('Value == "admin"'), false);
  assert.equal(await matches('Value != "admin"'), true);
  assert.equal(await matches('Value =~ "^admin$"'), false);
  assert.equal(await matches('Value =~ "^(?i)admin$"'), true);
  assert.equal(await matches('Value !~ "^(?i)admin$"'), false);
  assert.equal(await matches('Value =~ "dmi"'), true);
});

test('Every part of a claim can be tested, and a property that is not there is empty', async () => {
  const claims = claimsFrom(provider, [
    { type: 't', value: 'v', valueType: 'vt', originalIssuer: 'oi', properties: { p: 'x' } },
  ]);
  const text = `c:[Type == "t", Value == "v", ValueType == "vt", Issuer == "${provider}", OriginalIssuer == "oi",
  Properties["p"] == "x", Properties["q"] == "", Properties["__proto__"] == "", Properties["toString"] == ""]
  => issue(claim = c);`;
  assert.equal((await issued(text, claims)).length, 1);
});

test('A claim whose value or type turns out empty is not issued', async () => {
  const text = `c:[Type == "a"] => issue(Type = "b", Value = c.Properties["none"]);
c:[Type == "a"] => issue(Type = c.Properties["none"], Value = "x");
=> issue(Type = "c");`;
  const { issued: output, outcomes } = await run(text, stated(['a', '1']));
  assert.deepEqual(output, []);
  assert.deepEqual(
    outcomes.map(({ empty }) => empty),
    [1, 1, 1],
  );
});

test('Rules of several groups run in order as one rule set', async () => {
  const ruleSet = compileRules([
    { name: 'first', text: '=> add(Type = "a", Value = "1");' },
    { name: 'second', text: 'c:[Type == "a"] => issue(claim = c);' },
  ]);
  const evaluation = await evaluateRules(ruleSet, []);
  assert.deepEqual(
    evaluation.outcomes.map(({ rule }) => rule.reference),
    [
      { group: 'first', number: 1 },
      { group: 'second', number: 1 },
    ],
  );
  assert.equal(evaluation.issued.length, 1);
});

test('The Role of the Claim Rule Language: an attribute store makes one claim of each value it answers', async () => {
  const asked: AttributeQuery[] = [];
  const text = `c:[Type == "account"]
  => issue(store = "Active Directory", types = ("mail", "name", "none"), query = ";mail,displayName,x;{0}", param = c.Value, param = "y");
=> add(store = "Active Directory", types = ("hidden"), query = ";h;x");`;
  const output = await issued(text, stated(['account', 'JOG\\marge']), async (query) => {
    asked.push(query);
    return [
      ['marge@jogcloud.com', 'm@jogcloud.com'],
      ['Marge', ''],
    ];
  });
  assert.deepEqual(asked, [
    {
      store: 'Active Directory',
      types: ['mail', 'name', 'none'],
      query: ';mail,displayName,x;{0}',
      parameters: ['JOG\\marge', 'y'],
    },
    { store: 'Active Directory', types: ['hidden'], query: ';h;x', parameters: [] },
  ]);
  assert.deepEqual(output, [
    ['mail', 'marge@jogcloud.com'],
    ['mail', 'm@jogcloud.com'],
    ['name', 'Marge'],
  ]);
});

test('Without attribute stores, a rule that asks one is refused with its place', async () => {
  const text = '\n=> issue(store = "S", types = ("a"), query = ";a;b");';
  await assert.rejects(
    run(text, []),
    ruleError('claims.no_attribute_stores', '2:1', /^group "rules", line 2, column 1: /),
  );
});

test('A failure of an attribute store goes through as it is', async () => {
  const failure = new Error('The directory is down.');
  const lookUp = () => Promise.reject(failure);
  await assert.rejects(
    run('=> issue(store = "S", types = ("a"), query = ";a;b");', [], lookUp),
    (error) => error === failure,
  );
});

test('When to Use an Authorization Claim Rule: nobody is let in without a permit claim, and a deny claim outweighs it', async () => {
  const permit = `c:[Type == "role", Value == "auditor"] => issue(Type = "${claimTypes.permit}", Value = "PermitUsersWithClaim");`;
  const deny = `c:[Type == "role", Value == "guest"] => issue(Type = "${claimTypes.deny}", Value = "DenyUsersWithClaim");`;
  const decide = async (...roles: string[]) => {
    const claims = stated(...roles.map((role) => ['role', role] as const));
    const { isPermitted, because } = decideAccess(await run(deny + permit, claims));
    return { isPermitted, because: because.map(({ claim }) => claim.value) };
  };
  assert.deepEqual(await decide(), { isPermitted: false, because: [] });
  assert.deepEqual(await decide('auditor'), { isPermitted: true, because: ['PermitUsersWithClaim'] });
  assert.deepEqual(await decide('auditor', 'guest'), { isPermitted: false, because: ['DenyUsersWithClaim'] });
});

test('A permit claim that a rule added, and a later one issued, lets in', async () => {
  const text = `=> add(Type = "${claimTypes.permit}", Value = "true"); c:[Type == "${claimTypes.permit}"] => issue(claim = c);`;
  assert.equal(decideAccess(await run(text, [])).isPermitted, true);
});

test('As many claims are taken as the limits allow, and not one more', async () => {
  const claims = (count: number) => stated(...Array.from({ length: count }, (_, place) => ['a', `${place}`] as const));
  assert.equal((await run('', claims(limits.claims))).claims.length, limits.claims);
  await assert.rejects(run('', claims(limits.claims + 1)), ruleError('claims.too_many_claims'));
  await assert.rejects(
    run('=> add(Type = "b", Value = "x");', claims(limits.claims)),
    ruleError('claims.too_many_claims', '1:1'),
  );
});

test('A part of a claim is as long as the limits allow, and not longer, wherever it comes from', async () => {
  const long = 'x'.repeat(limits.partLength);
  const copy = 'c:[] => issue(claim = c);';
  assert.equal((await run(copy, stated(['a', long]))).issued.length, 1);
  await assert.rejects(run(copy, stated(['a', `${long}x`])), ruleError('claims.part_too_long'));
  const withProperty = claimsFrom(provider, [{ type: 'a', value: '1', properties: { [`${long}x`]: '' } }]);
  await assert.rejects(run(copy, withProperty), ruleError('claims.part_too_long'));
  const join = 'c:[] => issue(Type = "b", Value = c.Value + "x");';
  await assert.rejects(run(join, stated(['a', long])), ruleError('claims.part_too_long', '1:1'));
  const literal = `=> issue(Type = "b", Value = "${long}x");`;
  await assert.rejects(run(literal, []), ruleError('claims.part_too_long', '1:1'));
  const store = '=> issue(store = "S", types = ("b"), query = ";b;x");';
  await assert.rejects(
    run(store, [], async () => [[`${long}x`]]),
    ruleError('claims.part_too_long', '1:1'),
  );
});
