import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash as argon2 } from '@node-rs/argon2';
import { updateUser } from '../../src/directory/index.ts';
import { createFlow } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { browserValue, Journey, password } from './journey.ts';

const flow = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn' } as const;

onEachDatabase((database) => {
  const setUp = () => new Journey(database).begin(flow);

  test('a customer signs in with e-mail address and password', async () => {
    const journey = await setUp();
    const userId = await journey.customer('marge@example.com');
    const browser = journey.browser();
    await journey.interact(browser, { flow: 'b2c_1_signin' });
    assert.equal(browser.page.title, 'Sign in');
    await browser.submit({ name: 'Marge@Example.com', password }, 'submit');
    const result = await journey.result(browser);
    assert.equal(result.answerWith.state, 'kept');
    assert.ok(result.outcome.outcome === 'completed');
    const { sessionId, ...signIn } = result.outcome.signIn;
    assert.match(sessionId, /^[0-9a-f-]{36}$/);
    assert.deepEqual(signIn, {
      userId,
      authenticatedAt: journey.now,
      context: 'singleFactor',
      home: 'local',
      methods: ['pwd'],
      flow: 'B2C_1_SignIn',
      isNewUser: false,
      granted: [],
      accepted: [],
    });
  });

  test('staff signs in with the user principal name when no policy is named', async () => {
    const journey = await setUp();
    const userId = await journey.staff('homer');
    const browser = journey.browser();
    await journey.interact(browser);
    await browser.submit({ name: `homer@${journey.tenant.name}.onmicrosoft.com`, password }, 'submit');
    const signIn = await journey.completed(browser);
    assert.deepEqual([signIn.userId, signIn.flow], [userId, null]);
  });

  test('staff signs in with any name of a local account, and a flow takes the kinds that it names', async () => {
    const journey = await setUp();
    const issuer = journey.tenant.domains[0]?.name ?? '';
    const identities = [
      { signInType: 'userName', issuer, issuerAssignedId: 'chief' },
      { signInType: 'emailAddress', issuer, issuerAssignedId: 'chief@springfield.example' },
    ];
    const userId = await journey.staff('wiggum', { identities });
    const change = { accountNames: ['userName'] } as const;
    await journey.storage.write((stores) => createFlow(stores, journey.act(), 'names', 'signIn', change));
    const signsIn = async (flow: string | null, name: string) => {
      const browser = journey.browser();
      await journey.interact(browser, { flow });
      await browser.submit({ name, password }, 'submit');
      return browser.page.title === 'One moment' && (await journey.completed(browser)).userId === userId;
    };
    const staffName = `wiggum@${issuer}`;
    for (const name of [staffName, 'CHIEF', 'chief@springfield.example']) {
      assert.ok(await signsIn(null, name), name);
      assert.equal(await signsIn('names', name), name === 'CHIEF', name);
    }
  });

  test('a result is fetched once, by the endpoint that asked, in the browser that signed in', async () => {
    const journey = await setUp();
    await journey.customer('marge@example.com');
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    const thief = journey.browser();
    Object.assign(thief, { page: browser.page });
    thief.cookies.set('__Host-browser', 'another');
    await assert.rejects(journey.result(thief), { code: 'sign-in.result_not_found' });
    await journey.completed(browser);
    await assert.rejects(journey.result(browser), { code: 'sign-in.result_not_found' });
  });

  test('bad-inputs 26: unknown, disabled, passwordless and mistaken people read the same', async () => {
    const journey = await setUp();
    const texts = new Set<string>();
    await journey.customer('right@example.com');
    const disabled = await journey.customer('disabled@example.com');
    const passwordless = await journey.customer('passwordless@example.com');
    await journey.storage.write(async (stores) => {
      await updateUser(stores, journey.act(), disabled, { accountEnabled: false });
      await stores.passwords.remove(journey.tenant.id, passwordless);
    });
    for (const name of ['unknown', 'disabled', 'passwordless', 'right']) {
      const browser = journey.browser();
      await journey.interact(browser, { flow: flow.name });
      const used = name === 'right' ? 'wrong password' : password;
      const page = await browser.submit({ name: `${name}@example.com`, password: used }, 'submit');
      assert.match(page.text, /We cannot sign you in/);
      texts.add(
        page.text
          .replaceAll(name, '')
          .replaceAll(browser.path, '')
          .replace(/challenge&#34;:&#34;[\w-]{43}/, '')
          .replace(/value="[\w-]{43}"/, '')
          .replace(/Reference: [\w-]+/, ''),
      );
    }
    assert.equal(texts.size, 1);
    const events = await journey.storage.read.signInEvents.list(journey.tenant.id, { outcome: 'failure' }, 10);
    assert.deepEqual(events.map(({ failure }) => failure).toSorted(), [
      'account_disabled',
      'password_wrong',
      'password_wrong',
      'password_wrong',
    ]);
  });

  test('what was typed stays on the page, except the password', async () => {
    const journey = await setUp();
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    const page = await browser.submit({ name: 'typed@example.com', password: 'a secret of mine' }, 'submit');
    assert.equal(browser.form().fields['name'], 'typed@example.com');
    assert.ok(!page.text.includes('a secret of mine'));
  });

  test('bad-inputs 23: a form without the token of the page changes nothing', async () => {
    const journey = await setUp();
    await journey.customer('marge@example.com');
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    const { action } = browser.form();
    for (const csrf of ['', 'x'.repeat(43)]) {
      const body = new URLSearchParams({ csrf, name: 'marge@example.com', password, action: 'submit' });
      assert.equal((await browser.post(action, body)).status, 403);
    }
  });

  test('a sign-in goes on only in the browser in which it began', async () => {
    const journey = await setUp();
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    const other = journey.browser();
    assert.equal((await other.open(browser.path)).status, 404);
    other.cookies.set('__Host-browser', 'x'.repeat(43));
    assert.equal((await other.open(browser.path)).status, 404);
  });

  test('a sign-in ends after an hour', async () => {
    const journey = await setUp();
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    journey.pass(3600);
    assert.equal((await browser.open(browser.path)).status, 404);
  });

  test('whoever gives up goes back to the application', async () => {
    const journey = await setUp();
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    await browser.submit({}, 'cancel');
    assert.deepEqual((await journey.result(browser)).outcome, { outcome: 'refused', reason: 'access_denied' });
  });

  test('a password that was hashed with other parameters is hashed anew at the sign-in, and stays the same password', async () => {
    const journey = await setUp();
    const userId = await journey.customer('marge@example.com');
    const { id } = journey.tenant;
    const hash = await argon2(password, { memoryCost: 8192, timeCost: 1, parallelism: 1 });
    const kept = { hash, mustChange: false, changedAt: journey.now };
    await journey.storage.write(({ passwords }) => passwords.save(id, userId, kept));
    const browser = journey.browser();
    journey.pass(60);
    await journey.interact(browser, { flow: flow.name });
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    await journey.completed(browser);
    const after = await journey.storage.read.passwords.find(id, userId);
    assert.match(after?.hash ?? '', /m=19456,t=2,p=1/);
    assert.deepEqual(after?.changedAt, kept.changedAt);
    assert.equal((await journey.ask(browser, { flow: flow.name })).outcome, 'completed');
  });

  test('an unknown flow is refused', async () => {
    const journey = await setUp();
    await assert.rejects(journey.ask(journey.browser(), { flow: 'B2C_1_other' }), {
      code: 'user-flows.flow_not_found',
    });
  });

  test('the page speaks German to those who want it', async () => {
    const journey = await setUp();
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name, uiLocales: ['de-AT'] });
    assert.equal(browser.page.title, 'Anmelden');
  });

  test('a browser keeps its secret, and the session of whoever signs in next replaces the one before', async () => {
    const journey = await setUp();
    const marge = await journey.customer('marge@example.com');
    await journey.customer('homer@example.com');
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    const first = browserValue(browser, journey.tenant.id);
    await journey.interact(browser, { flow: flow.name, prompts: ['login'] });
    await browser.submit({ name: 'homer@example.com', password }, 'submit');
    const second = browserValue(browser, journey.tenant.id);
    assert.equal(second.secret, first.secret);
    assert.notEqual(second.sessionSecret, first.sessionSecret);
    assert.deepEqual(await journey.storage.read.sessions.listOfUser(journey.tenant.id, marge, journey.now), []);
  });
});
