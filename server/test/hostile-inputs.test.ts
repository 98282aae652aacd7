import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/hostile-inputs.md'), 'utf8');
const rows = [...page.matchAll(/^\| .+? \| (\S+\.test\.ts) +\| (.+?) +\|$/gm)];

test('docs/hostile-inputs.md names tests that there are', () => {
  assert.ok(rows.length > 30);
  for (const [, file = '', name = ''] of rows) {
    assert.ok(readFileSync(path.join(root, file), 'utf8').includes(`'${name}'`), `${file}: ${name}`);
  }
});
