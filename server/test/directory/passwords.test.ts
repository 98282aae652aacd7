import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { hash as argon2 } from '@node-rs/argon2';
import {
  isCompromised,
  type PasswordPolicy,
  passwordHasher,
  preparePassword,
  usualPasswordPolicy,
  verifyPassword,
} from '../../src/directory/index.ts';
import { TemporaryFailure } from '../../src/refusal.ts';

const hasher = passwordHasher(2, 100);
const marge = { userPrincipalName: 'marge.simpson@jogcloud.com', displayName: 'Marge Simpson', givenName: 'Marge' };
const credential = (hash: string) => ({ hash, mustChange: false, changedAt: new Date(0) });
const prepare = (password: string, policy: Partial<PasswordPolicy> = {}) =>
  preparePassword(hasher, password, marge, { ...usualPasswordPolicy, ...policy });

const refused: Record<string, [password: string, code: string]> = {
  'too short': ['seven77', 'password_too_short'],
  'too short once composed': ['e\u0301'.repeat(7), 'password_too_short'],
  'too long': ['correct horse '.repeat(20), 'password_too_long'],
  'a megabyte long': ['x'.repeat(1_000_000), 'password_too_long'],
  'on the list of common ones': ['password1', 'password_common'],
  'on the list in capital letters': ['PASSWORD1', 'password_common'],
  'on the list in full-width letters': ['ｐａｓｓｗｏｒｄ１', 'password_common'],
  'the own name': ['Marge.Simpson', 'password_has_name'],
  'the own name with a little more': ['MargeSimpson1!', 'password_has_name'],
  'the own company with a year': ['Jogcloud2026', 'password_has_name'],
};

for (const [what, [password, code]] of Object.entries(refused)) {
  test(`NIST SP 800-63B-4 3.1.1.2: a password that is ${what} is refused`, async () => {
    await assert.rejects(prepare(password), { code: `directory.${code}`, status: 400 });
  });
}

test('NIST SP 800-63B-4 3.1.1.2: eight characters of any kind are enough, and 256 are not too many', async () => {
  for (const password of ['bluecow7', '😀'.repeat(8), 'a\0b c\td e', 'Marge likes blue hair', 'x y '.repeat(64)]) {
    const hash = await prepare(password);
    assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert.deepEqual(await verifyPassword(hasher, credential(hash), password), { isCorrect: true, needsRehash: false });
  }
});

test('a password is verified whole: its end, its case and what follows NUL count', async () => {
  const hash = await prepare(`${'x'.repeat(100)}end`);
  const withNul = await prepare('longenough\0end');
  const isCorrect = async (kept: string, password: string) =>
    (await verifyPassword(hasher, credential(kept), password)).isCorrect;
  assert.equal(await isCorrect(hash, `${'x'.repeat(100)}enD`), false);
  assert.equal(await isCorrect(hash, `${'x'.repeat(100)}`), false);
  assert.equal(await isCorrect(withNul, 'longenough'), false);
  assert.equal(await isCorrect(withNul, 'longenough\0end'), true);
});

test('UAX 15: a password that is typed with composed or separate accents is one password', async () => {
  const hash = await prepare('Crème brûlée');
  const typed = 'Crème brûlée'.normalize('NFD');
  assert.equal((await verifyPassword(hasher, credential(hash), typed)).isCorrect, true);
});

test('nobody, and a password that cannot be one, take the work of a wrong password', async () => {
  const started: (string | undefined)[] = [];
  const counting = { ...hasher, verify: async (hash: string | undefined) => started.push(hash) < 0 };
  assert.deepEqual(await verifyPassword(counting, undefined, 'whatever it is'), {
    isCorrect: false,
    needsRehash: false,
  });
  await verifyPassword(counting, credential('kept'), 'x'.repeat(1_000_000));
  assert.deepEqual(started, [undefined, 'kept']);
  assert.equal(await hasher.verify(undefined, ''), false, 'the hash of nobody is a hash that can be verified');
});

test('a hash that was made with other parameters is verified, and asks to be made anew', async () => {
  const old = await argon2('an old password', { memoryCost: 8192, timeCost: 1, parallelism: 1 });
  assert.deepEqual(await verifyPassword(hasher, credential(old), 'an old password'), {
    isCorrect: true,
    needsRehash: true,
  });
  assert.deepEqual(await verifyPassword(hasher, credential(old), 'another'), { isCorrect: false, needsRehash: false });
});

test('no more passwords are hashed at once than allowed, and no more wait', async () => {
  const small = passwordHasher(1, 2);
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => small.hash('some password')));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  );
  const [refusedOne] = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.ok(refusedOne?.reason instanceof TemporaryFailure);
  assert.match(await small.hash('and afterwards'), /^\$argon2id/);
});

test('a tenant may want longer passwords, and none that are built on its own words', async () => {
  const policy = { minimumLength: 14, bannedWords: ['Springfield', 'isotopes'] };
  const code = (name: string) => ({ code: `directory.${name}` });
  await assert.rejects(prepare('thirteen char', policy), code('password_too_short'));
  await assert.rejects(prepare('SpringfieldIsotopes1', policy), code('password_has_banned_word'));
  await assert.rejects(prepare('ｓｐｒｉｎｇｆｉｅｌｄ2026', policy), code('password_has_banned_word'));
  await prepare('springfield battery staple', policy);
  await prepare('SpringfieldIsotopes1');
});

test('a leaked password is refused, of whose hash the service sees five digits', async () => {
  const asked: string[] = [];
  const hash = createHash('sha1').update('leaked horse battery').digest('hex').toUpperCase();
  const rangeOf = async (prefix: string) => {
    asked.push(prefix);
    return `${'0'.repeat(35)}:3\r\n${hash.slice(5)}:17\r\n`;
  };
  assert.equal(await isCompromised(rangeOf, 'leaked horse battery'), true);
  assert.deepEqual(asked, [hash.slice(0, 5)]);
  assert.equal(await isCompromised(rangeOf, 'another horse battery'), false);
  const padding = async () => `${hash.slice(5)}:0`;
  assert.equal(await isCompromised(padding, 'leaked horse battery'), false, 'a line with the count 0 is padding');

  const asking = passwordHasher(1, 10, { isLeaked: (password) => isCompromised(rangeOf, password) });
  const prepared = preparePassword(asking, 'leaked horse battery', marge, usualPasswordPolicy);
  await assert.rejects(prepared, { code: 'directory.password_leaked' });
});
