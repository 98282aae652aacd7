import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../src/command.ts';
import { readSettings } from '../src/read-settings.ts';

test('settings are JSON where they are JSON, and text otherwise; dots lead into objects', () => {
  assert.deepEqual(readSettings(['when=always', 'session.idleSeconds=60', 'session.sharedBy=flow', 'claims=["a"]']), {
    when: 'always',
    session: { idleSeconds: 60, sharedBy: 'flow' },
    claims: ['a'],
  });
  assert.deepEqual(readSettings(['text=a=b', 'none=null']), { text: 'a=b', none: null });
  assert.deepEqual(readSettings(undefined), {});
});

test('a setting without name or value is refused', () => {
  for (const wrong of ['when', '=always', 'a b=1']) assert.throws(() => readSettings([wrong]), UsageError);
});

test('a setting cannot reach what every object has', () => {
  readSettings(['__proto__.polluted=1', 'constructor.prototype.polluted=1']);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});
