import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TokenBuckets } from '../../src/http/token-buckets.ts';

test('a caller gets at most a bucket and what flows in, whenever it comes', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 200 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 100 }), (waits, perMinute) => {
      const buckets = new TokenBuckets(perMinute);
      let now = 0;
      let admitted = 0;
      for (const wait of waits) {
        now += wait;
        if (buckets.take('a', now) === 0) admitted++;
      }
      return admitted <= perMinute + (now * perMinute) / 60_000 + 1e-6;
    }),
  );
});

test('whoever waits as long as it was told is served', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), (perMinute) => {
      const buckets = new TokenBuckets(perMinute);
      let seconds = 0;
      for (let time = 0; time <= perMinute; time++) seconds = buckets.take('a', 0);
      return seconds > 0 && buckets.take('a', seconds * 1000) === 0;
    }),
  );
});

test('callers do not share a bucket, and 0 means no limit', () => {
  const buckets = new TokenBuckets(1);
  assert.deepEqual([buckets.take('a', 0), buckets.take('a', 0), buckets.take('b', 0)], [0, 60, 0]);
  const unlimited = new TokenBuckets(0);
  for (let time = 0; time < 1000; time++) assert.equal(unlimited.take('a', 0), 0);
});

test('no more callers are remembered than wanted, and the one that was not seen for longest is forgotten', () => {
  const buckets = new TokenBuckets(1, 2);
  for (const caller of ['a', 'b', 'a', 'c']) buckets.take(caller, 0);
  assert.equal(buckets.take('a', 0), 60, 'a came later than b');
  assert.equal(buckets.take('b', 0), 0);
});
