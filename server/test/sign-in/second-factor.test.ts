import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { UserFlow } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey, password } from './journey.ts';
import type { TestBrowser } from './test-browser.ts';

const plain = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn' } as const;
const mfa = 'B2C_1_SignIn_MFA';
const secondFactor = { when: 'always', methods: ['totp', 'email'], holdsSeconds: null } as const;
const marge = 'marge@example.com';

onEachDatabase((database) => {
  async function setUp(rule: Partial<UserFlow['secondFactor']> = {}) {
    const reset = { name: 'B2C_1_Reset', type: 'passwordReset' } as const;
    const strong = { name: mfa, type: 'signUpOrSignIn', secondFactor: { ...secondFactor, ...rule } } as const;
    const journey = await new Journey(database).begin(plain, reset, strong);
    return { journey, userId: await journey.customer(marge), browser: journey.browser() };
  }

  async function signIn(journey: Journey, browser: TestBrowser, flow = mfa): Promise<void> {
    await journey.interact(browser, { flow });
    await browser.submit({ name: marge, password }, 'submit');
  }

  /** Registers an authenticator app in a flow that allows only that; gives its seed and the recovery codes. */
  async function enrolled() {
    const setting = await setUp({ methods: ['totp'] });
    const { journey, browser } = setting;
    await signIn(journey, browser);
    const seed = seedOn(browser);
    await browser.submit({ code: codeOf(seed, journey.now) }, 'submit');
    const codes = recoveryCodesOn(browser);
    await browser.submit({}, 'submit');
    const completed = await journey.completed(browser);
    journey.pass(60);
    return { ...setting, seed, codes, completed };
  }

  test('the first sign-in with a second factor registers an authenticator app and shows recovery codes once', async () => {
    const { journey, browser, completed, codes, seed, userId } = await enrolled();
    assert.deepEqual([completed.context, completed.methods], ['multiFactor', ['pwd', 'otp', 'mfa']]);
    assert.equal(new Set(codes).size, 10);
    assert.match(codes[0] ?? '', /^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
    assert.equal(journey.mails.at(-1)?.subject.key, 'mail.factorAdded.subject');
    const [method] = await journey.storage.read.authenticationMethods.list(journey.tenant.id, userId);
    assert.equal(method?.kind, 'totp');

    await journey.interact(browser, { flow: mfa, prompts: ['login'] });
    await browser.submit({ name: marge, password }, 'submit');
    assert.equal(browser.page.title, 'Confirm that it is you');
    await browser.submit({ code: codeOf(seed, journey.now) }, 'submit');
    assert.equal((await journey.completed(browser)).context, 'multiFactor');
  });

  test('step-up: a session without second factor is asked for it by a flow that wants one', async () => {
    const { journey, browser, userId } = await setUp();
    await signIn(journey, browser, plain.name);
    const first = await journey.completed(browser);
    assert.equal(first.context, 'singleFactor');
    journey.pass(60);
    await journey.interact(browser, { flow: mfa });
    assert.equal(browser.page.title, 'Check your mail');
    assert.match(browser.page.text, /m•••@example.com/);
    await browser.submit({ code: journey.codeFor(marge) }, 'submit');
    const second = await journey.completed(browser);
    assert.deepEqual([second.userId, second.context, second.sessionId], [userId, 'multiFactor', first.sessionId]);
    assert.deepEqual(second.authenticatedAt, first.authenticatedAt);
    const third = await journey.ask(browser, { flow: mfa });
    assert.ok(third.outcome === 'completed' && third.signIn.context === 'multiFactor');
  });

  test('a second factor holds within the session as long as the flow says', async () => {
    const { journey, browser } = await setUp({ methods: ['email'], holdsSeconds: 600 });
    await signIn(journey, browser);
    await browser.submit({ code: journey.codeFor(marge) }, 'submit');
    await journey.completed(browser);
    journey.pass(599);
    assert.equal((await journey.ask(browser, { flow: mfa })).outcome, 'completed');
    journey.pass(1);
    assert.deepEqual(await journey.ask(browser, { flow: mfa, prompts: ['none'] }), {
      outcome: 'refused',
      reason: 'interaction_required',
    });
    await journey.interact(browser, { flow: mfa });
    assert.equal(browser.page.title, 'Check your mail');
    const always = await setUp({ methods: ['email'], holdsSeconds: 0 });
    await signIn(always.journey, always.browser);
    await always.browser.submit({ code: always.journey.codeFor(marge) }, 'submit');
    await always.journey.completed(always.browser);
    await always.journey.interact(always.browser, { flow: mfa });
  });

  test('a flow asks conditionally in browsers in which the user has not signed in before', async () => {
    const { journey, browser } = await setUp({ when: 'conditional', methods: ['email'] });
    await signIn(journey, browser);
    assert.equal(browser.page.title, 'Check your mail');
    await browser.submit({ code: journey.codeFor(marge) }, 'submit');
    await journey.completed(browser);
    journey.pass(60);
    await journey.interact(browser, { flow: mfa, prompts: ['login'] });
    await browser.submit({ name: marge, password }, 'submit');
    assert.equal((await journey.completed(browser)).context, 'singleFactor');
  });

  test('an application asks for a stronger context than its flow', async () => {
    const { journey, browser } = await setUp();
    await journey.interact(browser, { flow: plain.name, contexts: ['multiFactor'] });
    await browser.submit({ name: marge, password }, 'submit');
    assert.equal(browser.page.title, 'Check your mail');
    const weak = await new Journey(database).begin({
      ...plain,
      secondFactor: { when: 'off', methods: [], holdsSeconds: null },
    });
    await weak.customer(marge);
    const other = weak.browser();
    const asked = { flow: plain.name, contexts: ['multiFactor'] as const };
    await weak.interact(other, asked);
    await other.submit({ name: marge, password }, 'submit');
    assert.equal((await weak.completed(other)).context, 'singleFactor');
    weak.pass(10);
    assert.deepEqual(await weak.ask(other, { ...asked, mustReachContext: true }), {
      outcome: 'refused',
      reason: 'unmet_authentication_requirements',
    });
  });

  test('RFC 6238 5.2: a code is taken once, also by two sign-ins at the same time', async () => {
    const { journey, seed } = await enrolled();
    const browsers = [journey.browser(), journey.browser()];
    for (const browser of browsers) await signIn(journey, browser);
    const code = codeOf(seed, journey.now);
    await Promise.all(browsers.map((browser) => browser.submit({ code }, 'submit')));
    assert.deepEqual(browsers.map(({ page }) => page.title).toSorted(), ['Confirm that it is you', 'One moment']);
  });

  test('bad-inputs 24: codes of two steps ago or ahead are refused', async () => {
    const { journey, seed } = await enrolled();
    for (const [steps, title] of [
      [-2, 'Confirm that it is you'],
      [2, 'Confirm that it is you'],
      [-1, 'One moment'],
    ] as const) {
      const browser = journey.browser();
      await signIn(journey, browser);
      await browser.submit({ code: codeOf(seed, new Date(journey.now.getTime() + steps * 30_000)) }, 'submit');
      assert.equal(browser.page.title, title, String(steps));
    }
  });

  test('bad-inputs 24: guesses of codes are counted per user over all browsers and addresses', async () => {
    const { journey, seed, userId } = await enrolled();
    for (let count = 0; count < 11; count++) {
      const browser = journey.browser();
      browser.address = `192.0.2.${count}`;
      await signIn(journey, browser);
      await browser.submit({ code: '000000' }, 'submit');
      assert.match(browser.page.text, count < 10 ? /This code is wrong/ : /Too many wrong codes/);
    }
    const browser = journey.browser();
    await signIn(journey, browser);
    await browser.submit({ code: codeOf(seed, journey.now) }, 'submit');
    assert.match(browser.page.text, /Please try again in 1 min\./);
    journey.pass(60);
    await browser.submit({ code: codeOf(seed, journey.now) }, 'submit');
    await journey.completed(browser);
    const failures = await journey.storage.read.signInEvents.list(
      journey.tenant.id,
      { userId, outcome: 'failure' },
      20,
    );
    assert.deepEqual([...new Set(failures.map(({ failure }) => failure))].toSorted(), [
      'second_factor_paused',
      'second_factor_wrong',
    ]);
  });

  test('a recovery code stands in for the app, once', async () => {
    const { journey, codes, userId } = await enrolled();
    for (const title of ['One moment', 'Confirm that it is you']) {
      const browser = journey.browser();
      await signIn(journey, browser);
      await browser.submit({}, 'choose');
      await browser.submit({}, 'method=recoveryCode');
      await browser.submit({ code: (codes[3] ?? '').toUpperCase().replaceAll('-', ' ') }, 'submit');
      assert.equal(browser.page.title, title);
    }
    assert.equal(await journey.storage.read.recoveryCodes.count(journey.tenant.id, userId), 9);
    assert.ok(journey.mails.some(({ subject }) => subject.key === 'mail.recoveryCodeUsed.subject'));
  });

  test('bad-inputs 24: nothing is registered with an old session alone', async () => {
    const { journey, browser } = await setUp({ methods: ['totp'] });
    await signIn(journey, browser, plain.name);
    await journey.completed(browser);
    journey.pass(599);
    await journey.interact(browser, { flow: mfa });
    assert.equal(browser.page.title, 'Set up your authenticator app');
    journey.pass(1);
    await browser.submit({ code: codeOf(seedOn(browser), journey.now) }, 'submit');
    assert.equal(browser.page.title, 'Sign in');
    assert.equal(browser.form().fields['name'], marge);
    await browser.submit({ password }, 'submit');
    assert.equal(browser.page.title, 'Set up your authenticator app');
  });

  test('bad-inputs 24: a mailbox alone does not get past a second factor by resetting the password', async () => {
    const { journey, seed } = await enrolled();
    const browser = journey.browser();
    await journey.interact(browser, { flow: 'B2C_1_Reset' });
    await browser.submit({ email: marge }, 'submit');
    await browser.submit({ code: journey.codeFor(marge) }, 'submit');
    assert.equal(browser.page.title, 'Confirm that it is you');
    assert.doesNotMatch(browser.page.text, /sent a code/);
    await browser.submit({ code: codeOf(seed, journey.now) }, 'submit');
    assert.equal(browser.page.title, 'Choose a new password');
  });

  test('bad-inputs 24: the page of another step changes nothing', async () => {
    const { journey } = await enrolled();
    const browser = journey.browser();
    await signIn(journey, browser);
    const { fields } = browser.form();
    const path = browser.path.split('?')[0];
    for (const step of ['newPassword', 'profile', 'recoveryCodes', 'signUp', 'password']) {
      const body = new URLSearchParams({ ...fields, name: marge, password, action: 'submit' });
      const page = await browser.post(`${path}?step=${step}`, body);
      assert.equal(page.title, 'Confirm that it is you');
    }
  });

  test('a second factor of one user is nothing for another who signs in meanwhile in the same browser', async () => {
    const { journey, browser, seed } = await enrolled();
    await journey.customer('homer@example.com');
    const other = { name: 'homer@example.com', password };
    const strict = { flow: plain.name, contexts: ['multiFactor'] as const };
    const fresh = journey.browser();
    await signIn(journey, fresh, plain.name);
    await journey.interact(fresh, { ...strict, flow: mfa });
    assert.equal(fresh.page.title, 'Confirm that it is you');
    const pending = fresh.path;
    await journey.interact(fresh, { flow: plain.name, prompts: ['login'] });
    await fresh.submit(other, 'submit');
    await fresh.open(pending);
    assert.equal(fresh.page.title, 'Set up your authenticator app');
    await fresh.submit({ code: codeOf(seed, journey.now) }, 'submit');
    assert.match(fresh.page.text, /This is not the code/);
    assert.equal((await journey.ask(browser, { flow: mfa })).outcome, 'completed');
  });

  test('the person chooses what to register and what to use', async () => {
    const { journey, browser } = await setUp();
    await signIn(journey, browser);
    assert.equal(browser.page.title, 'Check your mail');
    assert.ok(!browser.form().buttons.includes('action=choose'));
    const staff = await new Journey(database).begin({
      name: '',
      type: 'signIn',
      accountNames: ['userPrincipalName'],
      secondFactor: { when: 'always', methods: ['totp', 'email'], holdsSeconds: null },
    });
    await staff.staff('homer', { mail: 'homer@example.com' });
    const desk = staff.browser();
    await staff.interact(desk);
    await desk.submit({ name: `homer@${staff.tenant.name}.onmicrosoft.com`, password }, 'submit');
    await desk.submit({ code: staff.codeFor('homer@example.com') }, 'submit');
    await staff.completed(desk);
  });
});

function seedOn({ page }: TestBrowser): string {
  const secret = /<code>([A-Z2-7 ]+)<\/code>/.exec(page.text)?.[1];
  assert.ok(secret, page.text);
  assert.match(page.text, /<img src="data:image\/svg\+xml;base64,/);
  return secret.replaceAll(' ', '');
}

function codeOf(seed: string, at: Date): string {
  return new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: at.getTime() });
}

function recoveryCodesOn({ page }: TestBrowser): string[] {
  assert.equal(page.title, 'Note your recovery codes');
  return [...page.text.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, code = '']) => code);
}
