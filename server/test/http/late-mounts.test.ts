import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LateMount, Route } from '../../src/http/index.ts';
import { openTestHttp } from './open-test-http.ts';

function saying(text: string, path: string): Route {
  return { method: 'GET', path, handle: () => ({ status: 200, body: text }) };
}

test('a late mount is loaded once, with the first request to a path that it serves', async () => {
  let loads = 0;
  const late: LateMount = {
    serves: /^\/late\//i,
    async load() {
      loads++;
      return { routes: [saying('late', '/late/:name')] };
    },
  };
  const { ask } = await openTestHttp([{ routes: [saying('early', '/early')] }, late]);

  assert.equal((await ask('/early')).body, 'early');
  assert.equal(loads, 0);
  const answers = await Promise.all(['/late/a', '/LATE/b', '/late/c'].map((path) => ask(path)));
  assert.deepEqual(
    answers.map(({ body }) => body),
    ['late', 'late', 'late'],
  );
  assert.equal(loads, 1);
});

test('which of two routes answers does not depend on which mount was loaded first', async () => {
  const broad: LateMount = { serves: /^\//, load: async () => ({ routes: [saying('broad', '/:first/:second')] }) };
  const exact: LateMount = { serves: /\/exact$/, load: async () => ({ routes: [saying('exact', '/:first/exact')] }) };
  const { ask } = await openTestHttp([broad, exact]);
  assert.equal((await ask('/a/b')).body, 'broad');
  assert.equal((await ask('/a/exact')).body, 'exact');
});

test('a mount that could not be loaded fails its request and is tried again by the next', async () => {
  let loads = 0;
  const late: LateMount = {
    serves: /^\/late$/,
    async load() {
      loads++;
      if (loads === 1) throw new Error('The file is not there.');
      return { routes: [saying('late', '/late')] };
    },
  };
  const { ask } = await openTestHttp([late]);
  // The failure is looked up once more to answer in the form of the mount, which is loaded then.
  assert.equal((await ask('/late')).status, 500);
  assert.equal((await ask('/late')).body, 'late');
});
