// No container engine runs in the tests: this reads what the recipes name, and looks whether it is there.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '../../..');
const isThere = (file: string) => existsSync(path.join(root, file));

/** Everything that stands at a place of the text, without a trailing slash. */
function named(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name.replace(/\/$/, ''));
}

for (const recipe of ['Dockerfile', 'samples/insurance-api/Dockerfile', 'samples/insurance-web/Dockerfile']) {
  const text = readFileSync(path.join(root, recipe), 'utf8');

  test(`${recipe} copies, installs and starts what there is`, () => {
    const copied = named(text, /^COPY (?!--from)(\S+) /gm);
    const workspaces = named(text, / -w (\S+)/g).map((folder) => `${folder}/package.json`);
    const started = named(text, /^CMD \[.*"(\S+\.ts)"\]$/gm);
    assert.ok(copied.length > 0 && workspaces.length > 0 && started.length === 1, text);
    assert.deepEqual(
      [...copied, ...workspaces, ...started].filter((file) => !isThere(file)),
      [],
    );
  });

  test(`${recipe} does not run its program as root, and keeps data where that user may write`, () => {
    assert.match(text, /^USER node$/m);
    for (const volume of named(text, /^VOLUME (\S+)$/gm)) {
      assert.match(text, new RegExp(`install -d -o node -g node [^\n]*${volume}`));
    }
  });
}

test('compose.yaml builds and runs what there is', () => {
  const text = readFileSync(path.join(root, 'compose.yaml'), 'utf8');
  const files = named(text, /(?:dockerfile: |command: \[(?:node, .*, )?)(\S+?)[ \],]/g);
  assert.equal(files.length, 5, text);
  assert.deepEqual(
    files.filter((file) => !isThere(file)),
    [],
  );
});
