import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOnSignal } from '../../src/main/stop-signal.ts';

test('the first signal stops, its echoes are ignored, and a later one ends the program at once', () => {
  assert.equal(decideOnSignal(undefined, 5_000), 'stop');
  assert.equal(decideOnSignal(5_000, 5_001), 'ignore');
  assert.equal(decideOnSignal(5_000, 5_999), 'ignore');
  assert.equal(decideOnSignal(5_000, 6_000), 'exit');
});
