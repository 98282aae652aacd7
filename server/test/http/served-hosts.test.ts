import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServedHosts } from '../../src/http/index.ts';

test('the database is asked at most once in ten seconds for each name', async () => {
  let now = 0;
  const asked: string[] = [];
  const isTenantHost = async (host: string) => asked.push(host) > 2;
  const hosts = new ServedHosts(new URL('https://hub.test'), isTenantHost, () => now);
  const serves = (host: string) => hosts.serves(new URL(`https://${host}`), 443, false);
  assert.deepEqual([await serves('a.test'), await serves('a.test'), await serves('b.test')], [false, false, false]);
  assert.equal(await serves('hub.test'), true);
  assert.deepEqual(asked, ['a.test', 'b.test']);
  now = 10_000;
  assert.equal(await serves('a.test'), true, 'the tenant has added it meanwhile');
});

test('a flood of names does not fill the memory', async () => {
  let asked = 0;
  const hosts = new ServedHosts(
    new URL('https://hub.test'),
    async () => ++asked < 0,
    () => 0,
  );
  for (let name = 0; name < 3000; name++) await hosts.isTenantHost(`${name}.test`);
  await hosts.isTenantHost('2999.test');
  assert.equal(asked, 3000, 'the last one is still known');
  await hosts.isTenantHost('0.test');
  assert.equal(asked, 3001, 'the first one is forgotten');
});
