import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sessions } from '../src/sessions.ts';

test('a session is found by its secret until nobody has asked for an hour', () => {
  let now = 0;
  const sessions = new Sessions<string>(() => now);
  const secret = sessions.start('content');
  now += 3_600_000;
  assert.equal(sessions.find(secret), 'content');
  now += 3_600_000;
  assert.equal(sessions.find(secret), 'content');
  now += 3_600_001;
  assert.equal(sessions.find(secret), undefined);
  now = 0;
  assert.equal(sessions.find(secret), undefined);
});

test('a session that was ended is gone, and no other secret finds one', () => {
  const sessions = new Sessions<string>(() => 0);
  const [one, other] = [sessions.start('one'), sessions.start('other')];
  assert.match(one, /^[\w-]{43}$/);
  sessions.end(one);
  assert.equal(sessions.find(one), undefined);
  assert.equal(sessions.find(other), 'other');
  assert.equal(sessions.find(''), undefined);
});

test('of too many sessions the one goes that was not used for the longest', () => {
  const sessions = new Sessions<number>(() => 0);
  const secrets = Array.from({ length: 10_000 }, (_, index) => sessions.start(index));
  const [first = '', second = ''] = secrets;
  assert.equal(sessions.find(first), 0);
  sessions.start(10_000);
  assert.equal(sessions.find(second), undefined);
  assert.equal(sessions.find(first), 0);
});
