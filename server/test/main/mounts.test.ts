import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { endpointsOf } from '../../src/http/endpoints.ts';
import type { LateMount, Route } from '../../src/http/index.ts';
import { lateMounts, type MountParts } from '../../src/main/mounts.ts';

/** May be read and called in any way: the routes are only listed here, none is asked. */
const anything: object = new Proxy(() => {}, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => 'x' : name === 'then' ? undefined : anything),
  apply: () => anything,
});

let loaded: { mount: LateMount; routes: readonly Route[] }[];

before(async () => {
  const publicUrl = new URL('https://hub.test');
  const targetAccess = { allowedPrivateNetworks: [], authorities: [], now: () => new Date() };
  const parts = new Proxy(
    { publicUrl, targetAccess, storage: anything },
    {
      get: (known, name) => (name in known ? Reflect.get(known, name) : anything),
      ownKeys: () => ['publicUrl', 'targetAccess', 'storage'],
    },
  ) as unknown as MountParts;
  loaded = await Promise.all(lateMounts(parts).map(async (mount) => ({ mount, routes: (await mount.load()).routes })));
});

test('every route of a mount has a path at which the mount is loaded', () => {
  const lost = loaded.flatMap(({ mount, routes }) =>
    routes
      .map(({ path }) => path.replaceAll(/:\w+/g, 'some.thing').replace(/\*$/, 'else/and-more'))
      .filter((path) => !mount.serves.test(path.replace(/(?<=.)\/$/, ''))),
  );
  assert.deepEqual(lost, []);
});

test('no two mounts serve the same path, in whichever order they are loaded', () => {
  assert.doesNotThrow(() => endpointsOf(loaded.map(({ routes }) => ({ routes }))));
  const paths = loaded.flatMap(({ routes }) => [...new Set(routes.map(({ path }) => path.toLowerCase()))]);
  assert.deepEqual(
    paths.filter((path, index) => paths.indexOf(path) !== index),
    [],
  );
});
