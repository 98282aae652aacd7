import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScopeClause } from '../../src/provisioning/mapping.ts';
import { countRemovals, decideQuarantine, failuresAfter } from '../../src/provisioning/quarantine.ts';
import { afterAnswer, afterComplaint, firstRate, type Rate } from '../../src/provisioning/rate.ts';
import { retryWait } from '../../src/provisioning/retry.ts';
import { clauseAgainst } from '../../src/provisioning/scope.ts';

test('a scope holds when every clause of one group holds', () => {
  const clause = (attribute: string, operator: ScopeClause['operator'], ...values: string[]) => ({
    attribute,
    operator,
    values,
  });
  const source = { country: 'DE', department: 'Sales', accountEnabled: true, age: '30', mails: ['a@x', 'b@y'] };
  const isIn = (...groups: ScopeClause[][]) => clauseAgainst(groups, source) === undefined;
  assert.ok(isIn(), 'without groups everything is in scope');
  assert.ok(isIn([clause('country', 'EQUALS', 'US', 'de'), clause('accountEnabled', 'IS TRUE')]));
  assert.ok(!isIn([clause('country', 'EQUALS', 'DE'), clause('department', 'NOT EQUALS', 'Sales')]));
  assert.ok(isIn([clause('country', 'EQUALS', 'US')], [clause('department', 'REGEX MATCH', 'S.*')]));
  assert.ok(!isIn([clause('department', 'NOT REGEX MATCH', 'S.*')]));
  assert.ok(isIn([clause('city', 'IS NULL'), clause('country', 'IS NOT NULL')]));
  assert.ok(!isIn([clause('accountEnabled', 'IS FALSE')]));
  assert.ok(isIn([clause('mails', 'INCLUDES', '@y')]));
  assert.ok(isIn([clause('age', 'GREATER THAN', '4'), clause('age', 'GREATER THAN OR EQUALS', '30')]));
  assert.ok(!isIn([clause('age', 'GREATER THAN', '30')]));
  assert.deepEqual(clauseAgainst([[clause('country', 'EQUALS', 'US')]], source)?.attribute, 'country');
});

test('RFC 5681: the rate rises one by one while the target is quick, and falls by half when it complains', () => {
  const after = (rate: Rate, count: number, milliseconds: number) =>
    Array.from({ length: count }).reduce<Rate>((next) => afterAnswer(next, milliseconds, 16), rate);
  const risen = after(firstRate, 400, 20);
  assert.equal(risen.limit, 16, 'never more than allowed');
  const told = afterComplaint(risen, 1000, 7);
  assert.deepEqual([told.limit, told.pausedUntil], [8, 8000], 'Retry-After is kept to');
  assert.equal(afterComplaint(told, 2000, undefined).limit, 8, 'one storm is one complaint');
  assert.equal(afterComplaint(told, 9000, undefined).limit, 4);
  assert.ok(after(risen, 20, 900).limit < 16, 'a target that grows slow gets less');
  assert.ok(afterComplaint(firstRate, 0, 10 ** 9).pausedUntil <= 15 * 60_000, 'no target can stop us for days');
  assert.ok(after({ ...firstRate, limit: 1 }, 100, 5000).limit >= 1);
});

test('an object that fails again and again waits longer and longer, up to a day', () => {
  const waits = [1, 2, 3, 10, 1000].map((attempts) => retryWait(attempts, 0.5));
  assert.deepEqual(waits, [10_000, 30_000, 90_000, 86_400_000, 86_400_000]);
});

test('failures of the target in a row end in quarantine, failures of objects do not', () => {
  const now = new Date();
  const failed = { kind: 'failed', detail: 'no answer' } as const;
  const refused = { kind: 'refused', detail: 'no' } as const;
  let failures = 0;
  for (let count = 0; count < 9; count++) failures = failuresAfter(failures, failed);
  assert.equal(decideQuarantine(failures, failed, now), null);
  assert.equal(failuresAfter(failures, refused), failures);
  assert.equal(failuresAfter(failures, null), 0);
  assert.equal(decideQuarantine(failuresAfter(failures, failed), failed, now)?.reason, 'unreachable');
  assert.equal(decideQuarantine(0, { kind: 'unauthorized', detail: '' }, now)?.reason, 'unauthorized');
  assert.equal(decideQuarantine(0, { kind: 'forbidden', detail: '' }, now)?.reason, 'address_forbidden');
});

test('removals within an hour are counted together', () => {
  const now = new Date('2026-03-01T10:00:00Z');
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  const first = countRemovals(null, 3, now);
  assert.equal(countRemovals(first, 2, later(59)).count, 5);
  assert.equal(countRemovals(first, 2, later(60)).count, 2);
});
