import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updatePasswordPolicy } from '../../src/directory/index.ts';
import { pausedUntil } from '../../src/user-flows/attempts.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey, password } from './journey.ts';
import type { TestBrowser } from './test-browser.ts';

const flow = { name: 'B2C_1_SignIn', type: 'signIn' } as const;
const marge = 'marge@example.com';

test('a pause doubles with every failure and never grows beyond its longest', () => {
  const limit = { free: 3, firstPauseSeconds: 60, longestPauseSeconds: 300 };
  const lastAt = new Date(0);
  const seconds = [2, 3, 4, 5, 6, 1000].map((count) => pausedUntil({ count, lastAt }, limit)?.getTime());
  assert.deepEqual(seconds, [undefined, 60_000, 120_000, 240_000, 300_000, 300_000]);
});

onEachDatabase((database) => {
  async function setUp() {
    const journey = await new Journey(database).begin(flow);
    await journey.customer(marge);
    return journey;
  }

  /** Types passwords into a page of the sign-in. */
  async function tries(journey: Journey, browser: TestBrowser, ...passwords: string[]): Promise<boolean> {
    await journey.interact(browser, { flow: flow.name, prompts: ['login'] });
    for (const typed of passwords) await browser.submit({ name: marge, password: typed }, 'submit');
    return browser.page.title === 'One moment';
  }
  const wrong = (count: number) => Array<string>(count).fill('wrong password');

  test('whoever guesses from one address is paused there, while the owner signs in from elsewhere', async () => {
    const journey = await setUp();
    const attacker = journey.browser();
    assert.equal(await tries(journey, attacker, ...wrong(10), password), false);
    const owner = journey.browser();
    owner.address = '198.51.100.7';
    assert.equal(await tries(journey, owner, password), true);
    journey.pass(60);
    assert.equal(await tries(journey, attacker, password), true);
  });

  test('a tenant sets after how many wrong passwords the next must wait, and how long', async () => {
    const journey = await setUp();
    const policy = { lockoutThreshold: 2, lockoutDurationInSeconds: 7200 };
    await journey.storage.write((stores) => updatePasswordPolicy(stores, journey.act(), policy));
    const browser = journey.browser();
    assert.equal(await tries(journey, browser, ...wrong(2), password), false);
    journey.pass(7199);
    assert.equal(await tries(journey, browser, password), false);
    journey.pass(1);
    assert.equal(await tries(journey, browser, password), true);
  });

  test('bad-inputs 26: guesses from many addresses do not lock the owner out of a browser that is known', async () => {
    const journey = await setUp();
    const owner = journey.browser();
    assert.equal(await tries(journey, owner, password), true);
    for (let host = 0; host < 10; host++) {
      const attacker = journey.browser();
      attacker.address = `203.0.113.${host}`;
      await tries(journey, attacker, ...wrong(5));
    }
    const stranger = journey.browser();
    stranger.address = '198.51.100.8';
    assert.equal(await tries(journey, stranger, password), false);
    assert.equal(await tries(journey, owner, password), true);
    journey.pass(60);
    assert.equal(await tries(journey, stranger, password), true);
  });

  test('tries during a pause do not make it longer', async () => {
    const journey = await setUp();
    const browser = journey.browser();
    await tries(journey, browser, ...wrong(10));
    for (let count = 0; count < 5; count++) {
      journey.pass(10);
      assert.equal(await tries(journey, browser, 'wrong password'), false);
    }
    journey.pass(10);
    assert.equal(await tries(journey, browser, password), true);
  });

  test('of many guesses at once no more are checked than the limit allows', async () => {
    const journey = await setUp();
    const browsers = Array.from({ length: 14 }, () => journey.browser());
    await Promise.all(browsers.map((browser) => tries(journey, browser, 'wrong password')));
    const failures = await journey.storage.read.signInEvents.list(journey.tenant.id, { outcome: 'failure' }, 20);
    assert.equal(failures.filter(({ failure }) => failure === 'password_wrong').length, 10);
    assert.equal(failures.filter(({ failure }) => failure === 'paused').length, 4);
  });
});
