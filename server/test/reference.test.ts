import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { referencePages } from '../../tools/docs/pages.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/reference');

for (const { file, build } of referencePages) {
  test(`docs/reference/${file} says what the code says: \`npm run docs\` writes it anew`, async () => {
    assert.equal(readFileSync(path.join(folder, file), 'utf8'), await build());
  });
}

test('docs/reference holds nothing but generated pages', () => {
  assert.deepEqual(readdirSync(folder).toSorted(), referencePages.map(({ file }) => file).toSorted());
});
