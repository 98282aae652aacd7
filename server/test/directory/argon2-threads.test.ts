import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { argon2Threads, passwordHasher } from '../../src/directory/index.ts';

/** The niceness of every thread of this process (proc_pid_stat(5)). */
function nicenesses(): number[] {
  return readdirSync('/proc/self/task').map((id) => {
    const [, fields = ''] = readFileSync(`/proc/self/task/${id}/stat`, 'utf8').split(') ');
    return Number(fields.split(' ')[16]);
  });
}

test('threads hash and verify as the library does, several at a time, and give way to the others', async () => {
  const here = passwordHasher(1, 10);
  const there = passwordHasher(2, 10, { argon2: argon2Threads() });
  const hashes = await Promise.all(['one password', 'another password', 'ein drittes ßÄ'].map(there.hash));
  assert.equal(await here.verify(hashes[2], 'ein drittes ßÄ'), true);
  assert.equal(await there.verify(await here.hash('one password'), 'one password'), true);
  assert.equal(await there.verify(hashes[0], 'another password'), false);
  assert.equal(await there.verify(undefined, 'one password'), false);
  if (process.platform === 'linux') assert.equal(nicenesses().filter((nice) => nice === 5).length, 2);
});

test('an error of a thread is told, and others go on', async () => {
  const hasher = passwordHasher(1, 10, { argon2: argon2Threads() });
  await assert.rejects(hasher.verify('no hash at all', 'a password'));
  assert.match(await hasher.hash('a password'), /^\$argon2id\$/);
});
