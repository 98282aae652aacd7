import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRules, claimsFrom, claimTypes, decideAccess, limits } from '../src/index.ts';
import { compilePattern } from '../src/regular-expression.ts';
import { issued, provider, ruleError, run, stated } from './run-rules.ts';

const many = (count: number, type = 'a') =>
  stated(...Array.from({ length: count }, (_, place) => [type, `${place}`] as const));

test('Rules that feed each other end after one round', async () => {
  const text = `c:[Type == "a"] => add(Type = "b", Value = c.Value + "x");
c:[Type == "b"] => add(Type = "a", Value = c.Value + "x");
c:[] => issue(claim = c);`;
  assert.deepEqual(
    (await issued(text, stated(['a', '1']))).map(([, value]) => value),
    ['1', '1x', '1xx'],
  );
});

test('A rule that doubles what is there cannot be repeated until memory is full', async () => {
  const doubling = 'c:[Type == "a"] && d:[Type == "a"] => add(Type = "a", Value = c.Value + "." + d.Value);';
  const refused = ruleError('claims.too_many_combinations', '1:88');
  await assert.rejects(run(doubling.repeat(20), many(10)), refused);
  const growing = 'c:[Type == "a"] => add(Type = "a", Value = c.Value + c.Value);';
  await assert.rejects(run(growing.repeat(20), stated(['a', 'x'])), ruleError('claims.part_too_long'));
});

test('A rule whose conditions fit in too many ways is refused with its place', async () => {
  const text = '\nc:[Type == "a"] && d:[Type == "a"] => issue(Type = "b", Value = "x");';
  assert.equal((await run(text, many(100))).outcomes[0]?.runs, limits.combinations);
  await assert.rejects(run(text, many(101)), ruleError('claims.too_many_combinations', '2:1', /Use EXISTS/));
});

test('Conditions that fit nothing in very many ways take too much work', async () => {
  const text = `${Array.from({ length: 8 }, (_, place) => `c${place}:[Type == "a"]`).join(' && ')} && [Type == "none"]
  => issue(claim = c0);`;
  await assert.rejects(run(text, many(100)), ruleError('claims.too_much_work', '1:1', /Test Type with ==/));
});

test('Ten thousand values are too many claims', async () => {
  await assert.rejects(run('c:[] => issue(claim = c);', many(10_000)), ruleError('claims.too_many_claims'));
});

test('As many group claims as are allowed are passed in good time', async () => {
  const begin = performance.now();
  assert.equal((await issued('c:[Type == "a"] => issue(claim = c);', many(limits.claims))).length, limits.claims);
  assert.ok(performance.now() - begin < 2_000);
});

test('Patterns that make backtracking engines hang are run in good time', () => {
  const begin = performance.now();
  for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(.*a){20}$', '(a*)*b', '^([a-z]+)*@', '(x+x+)+y', '(.*)(.*)(.*)=']) {
    assert.equal(compilePattern(pattern).isIn(`${'a'.repeat(20_000)}!`), pattern === '(.*a){20}$', pattern);
  }
  assert.ok(performance.now() - begin < 2_000);
});

test('A pattern that searches the rest of the text again for each match takes too much work', async () => {
  const text = 'c:[Type == "a"] => issue(Type = "b", Value = RegExReplace(c.Value, "a(.*z)?", "b"));';
  await assert.rejects(run(text, stated(['a', 'a'.repeat(30_000)])), ruleError('claims.too_much_work', '1:1'));
});

test('A replacement that repeats the text cannot outgrow a claim', async () => {
  const text = `c:[Type == "a"] => issue(Type = "b", Value = RegExReplace(c.Value, "a", "${'$_'.repeat(1000)}"));`;
  await assert.rejects(run(text, stated(['a', 'a'.repeat(1000)])), ruleError('claims.part_too_long', '1:1'));
});

test('Attribute stores are not asked without end', async () => {
  const text = 'c:[Type == "a"] => add(store = "S", types = ("b"), query = ";b;{0}", param = c.Value);';
  let asked = 0;
  const lookUp = async () => {
    asked++;
    return [['x']];
  };
  await assert.rejects(run(text, many(1_000), lookUp), ruleError('claims.too_much_work', '1:1'));
  assert.ok(asked < 100);
});

test('A token cannot state a claim in the name of another issuer', async () => {
  const claims = claimsFrom(provider, [
    { type: 'role', value: 'admin', originalIssuer: 'AD AUTHORITY', issuer: 'AD AUTHORITY' } as {
      type: string;
      value: string;
    },
  ]);
  assert.equal(claims[0]?.issuer, provider);
  assert.deepEqual(await issued('c:[Type == "role", Issuer == "AD AUTHORITY"] => issue(claim = c);', claims), []);
});

test('A permit claim that a provider states lets nobody in, even where a rule passes everything', async () => {
  const evaluation = await run('c:[] => issue(claim = c);', stated([claimTypes.permit, 'true']));
  assert.deepEqual(decideAccess(evaluation), { isPermitted: false, because: [] });
});

test('A deny claim keeps out wherever it comes from', async () => {
  const text = `c:[] => issue(claim = c); => issue(Type = "${claimTypes.permit}", Value = "true");`;
  const { isPermitted, because } = decideAccess(await run(text, stated([claimTypes.deny, 'true'])));
  assert.equal(isPermitted, false);
  assert.equal(because.length, 1);
});

test('A rule that makes a role of a claim of any issuer is pointed out', () => {
  const text = `c:[Type == "group", Value == "admins"] => issue(Type = "${claimTypes.role}", Value = "admin");`;
  const findings = checkRules([{ name: 'rules', text }], { purpose: 'issuance', stores: new Map() });
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['claims.any_issuer'],
  );
});

test('A claim cannot choose the expression that it is matched by', async () => {
  const text = 'p:[Type == "pattern"] && c:[Type == "role", Value =~ p.Value] => issue(claim = c);';
  await assert.rejects(run(text, []), ruleError('claims.pattern_not_constant', '1:45'));
});

test('A replacement that a claim gives has the same substitutions, within the same limits', async () => {
  const text = 'c:[Type == "a"] => issue(Type = "b", Value = RegExReplace(c.Value, "(.)(.)", c.Properties["p"]));';
  const claim = (replacement: string) =>
    claimsFrom(provider, [{ type: 'a', value: 'xy', properties: { p: replacement } }]);
  assert.deepEqual(await issued(text, claim('$2$1')), [['b', 'yx']]);
  await assert.rejects(run(text, claim('$_'.repeat(16_385))), ruleError('claims.part_too_long'));
});

test('Properties named after parts of JavaScript objects are properties like others', async () => {
  const text =
    'c:[Type == "a"] => issue(Type = "b", Value = "x", Properties["__proto__"] = c.Properties["__proto__"]);';
  const claims = claimsFrom(provider, [{ type: 'a', value: '1', properties: JSON.parse('{"__proto__":"y"}') }]);
  const { issued: output } = await run(text, claims);
  assert.equal(JSON.stringify(output[0]?.claim.properties), '{"__proto__":"y"}');
});
