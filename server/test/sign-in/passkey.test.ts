import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { Authenticator, cbor, type Mischief } from './authenticator.ts';
import { Journey, password } from './journey.ts';
import type { TestBrowser } from './test-browser.ts';

const origin = 'https://hub.example';
const marge = 'marge@example.com';
const plain = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn' } as const;
const strong = {
  name: 'B2C_1_SignIn_MFA',
  type: 'signUpOrSignIn',
  secondFactor: { when: 'always', methods: ['passkey'], holdsSeconds: null },
} as const;

/** The options of the page for `navigator.credentials`. */
function optionsOn({ page }: TestBrowser): string {
  const [, options] = /data-options="([^"]*)"/.exec(page.text) ?? [];
  assert.ok(options, `"${page.title}" asks for no passkey`);
  return options.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

async function registered(database: OpenedDatabase) {
  const journey = await new Journey(database).begin(plain, strong);
  const userId = await journey.customer(marge);
  const browser = journey.browser();
  const authenticator = new Authenticator(origin);
  await journey.interact(browser, { flow: strong.name });
  await browser.submit({ name: marge, password }, 'submit');
  await browser.submit({ passkey: authenticator.create(optionsOn(browser)), displayName: 'my phone' }, 'passkey');
  assert.equal(browser.page.title, 'Note your recovery codes');
  await browser.submit({}, 'submit');
  const completed = await journey.completed(browser);
  journey.pass(60);
  return { journey, userId, browser, authenticator, completed };
}

onEachDatabase((database) => {
  test('a passkey is registered as second factor, told by mail, and asked for at the next sign-in', async () => {
    const { journey, userId, authenticator, completed } = await registered(database);
    assert.deepEqual([completed.context, completed.methods], ['phishingResistant', ['pwd', 'pop', 'user', 'mfa']]);
    assert.equal(journey.mails.at(-1)?.subject.key, 'mail.factorAdded.subject');
    const [method] = await journey.storage.read.authenticationMethods.list(journey.tenant.id, userId);
    assert.ok(method?.kind === 'passkey');
    assert.deepEqual([method.displayName, method.rpId, method.counter], ['my phone', 'hub.example', 0]);

    const desk = journey.browser();
    await journey.interact(desk, { flow: strong.name });
    await desk.submit({ name: marge, password }, 'submit');
    assert.equal(desk.page.title, 'Use your passkey');
    const options = optionsOn(desk);
    assert.deepEqual(
      JSON.parse(options).allowCredentials.map(({ id }: { id: string }) => id),
      [authenticator.credentialId],
    );
    await desk.submit({ passkey: authenticator.get(options) }, 'passkey');
    assert.equal((await journey.completed(desk)).context, 'phishingResistant');
  });

  test('a passkey signs in by itself, without name and password, and counts as two factors', async () => {
    const { journey, userId, authenticator } = await registered(database);
    const desk = journey.browser();
    await journey.interact(desk, { flow: plain.name });
    assert.match(desk.page.text, /autocomplete="username webauthn"/);
    assert.equal(JSON.parse(optionsOn(desk)).allowCredentials, undefined);
    await desk.submit({ passkey: authenticator.get(optionsOn(desk)) }, 'passkey');
    const completed = await journey.completed(desk);
    assert.deepEqual([completed.userId, completed.context], [userId, 'phishingResistant']);
    assert.equal((await journey.ask(desk, { flow: strong.name })).outcome, 'completed');
  });

  test('an application that asks for a phishing-resistant sign-in gets one, or a refusal where it must', async () => {
    const { journey, authenticator } = await registered(database);
    const desk = journey.browser();
    const contexts = ['phishingResistant'] as const;
    await journey.interact(desk, { flow: plain.name, contexts, mustReachContext: true });
    await desk.submit({ name: marge, password }, 'submit');
    await desk.submit({ passkey: authenticator.get(optionsOn(desk)) }, 'passkey');
    assert.equal((await journey.completed(desk)).context, 'phishingResistant');
    const none = {
      ...plain,
      name: 'B2C_1_None',
      offersPasskeys: false,
      secondFactor: { ...strong.secondFactor, methods: [] },
    };
    const other = await new Journey(database).begin({ ...none, secondFactor: { ...none.secondFactor, when: 'off' } });
    await other.customer(marge);
    const browser = other.browser();
    await other.interact(browser, { flow: none.name, contexts, mustReachContext: true });
    await browser.submit({ name: marge, password }, 'submit');
    assert.deepEqual((await other.result(browser)).outcome, {
      outcome: 'refused',
      reason: 'unmet_authentication_requirements',
    });
  });

  test('bad-inputs 25: a passkey answer that is wrong in any part proves nothing', async () => {
    const { journey, authenticator } = await registered(database);
    const desk = journey.browser();
    await journey.interact(desk, { flow: plain.name });
    const stranger = new Authenticator(origin);
    const hostile: Record<string, (options: string) => string> = {
      'origin of a look-alike': (options) => authenticator.get(options, { origin: 'https://badhub.example' }),
      'origin of a suffix': (options) => authenticator.get(options, { origin: 'https://hub.example.evil.example' }),
      'origin of another port': (options) => authenticator.get(options, { origin: 'https://hub.example:8443' }),
      'origin without TLS': (options) => authenticator.get(options, { origin: 'http://hub.example' }),
      'hash of another relying party': (options) => authenticator.get(options, { rpId: 'example' }),
      'no user verification': (options) => authenticator.get(options, { isUserVerified: false }),
      'challenge of another page': (options) => authenticator.get(options, { challenge: 'A'.repeat(43) }),
      'user handle of somebody else': (options) => authenticator.get(options, { userHandle: 'c29tZWJvZHk' }),
      'unknown credential': (options) => stranger.get(options),
      'signature of another key': (options) => stranger.get(options, { credentialId: authenticator.credentialId }),
      'no JSON': () => '{',
      'JSON of another form': () => '[[]]',
      'null parts': () => JSON.stringify({ id: authenticator.credentialId, response: null }),
      'huge parts': () =>
        JSON.stringify({
          id: authenticator.credentialId,
          type: 'public-key',
          response: { clientDataJSON: 'A'.repeat(30_000) },
        }),
    };
    for (const [name, answer] of Object.entries(hostile)) {
      await desk.submit({ passkey: answer(optionsOn(desk)) }, 'passkey');
      assert.match(desk.page.text, /The passkey was not used/, name);
      assert.equal(desk.page.status, 200, name);
    }
    const answer = authenticator.get(optionsOn(desk));
    await desk.submit({ name: 'somebody', password: 'wrong' }, 'submit');
    await desk.submit({ passkey: answer }, 'passkey');
    assert.match(desk.page.text, /The passkey was not used/, 'a challenge is good for one page');
  });

  test('WebAuthn Level 3 6.1.1: a counter that does not grow tells of a copy', async () => {
    const { journey, userId, authenticator } = await registered(database);
    const signIn = async (mischief: Mischief) => {
      const desk = journey.browser();
      await journey.interact(desk, { flow: plain.name });
      await desk.submit({ passkey: authenticator.get(optionsOn(desk), mischief) }, 'passkey');
      return desk.page.title;
    };
    assert.equal(await signIn({ counter: 5 }), 'One moment');
    assert.equal(await signIn({ counter: 5 }), 'Sign in');
    assert.equal(await signIn({ counter: 4 }), 'Sign in');
    assert.equal(await signIn({ counter: 0 }), 'Sign in');
    assert.equal(await signIn({ counter: 6 }), 'One moment');
    const events = await journey.storage.read.signInEvents.list(journey.tenant.id, { userId }, 10);
    assert.equal(events.filter(({ failure }) => failure === 'passkey_copied').length, 3);
  });

  test('bad-inputs 25: a passkey is nothing for another user, tenant or host', async () => {
    const { journey, browser, authenticator } = await registered(database);
    await journey.customer('homer@example.com');
    const desk = journey.browser();
    await journey.interact(desk, { flow: strong.name });
    await desk.submit({ name: 'homer@example.com', password }, 'submit');
    // Homer has none: he is asked to register one, and cannot register Marge's.
    assert.equal(desk.page.title, 'Set up a passkey');
    await desk.submit({ passkey: authenticator.create(optionsOn(desk)) }, 'passkey');
    assert.match(desk.page.text, /This passkey is registered already/);

    const other = await new Journey(database).begin(plain);
    await other.customer(marge);
    const there = other.browser();
    await other.interact(there, { flow: plain.name });
    await there.submit({ passkey: authenticator.get(optionsOn(there)) }, 'passkey');
    assert.match(there.page.text, /The passkey was not used/);

    await journey.interact(browser, { flow: plain.name, prompts: ['login'] });
    const stored = optionsOn(browser);
    assert.equal(JSON.parse(stored).rpId, 'hub.example');
  });

  test('bad-inputs 25: a new passkey with a wrong origin, relying party, key or without its owner is not taken', async () => {
    const journey = await new Journey(database).begin(strong);
    const userId = await journey.customer(marge);
    const browser = journey.browser();
    await journey.interact(browser, { flow: strong.name });
    await browser.submit({ name: marge, password }, 'submit');
    const authenticator = new Authenticator(origin);
    // COSE algorithms that are not offered: ES256K, RS1, and none at all.
    const keys = [-47, -65535, 0].map((algorithm) =>
      cbor(
        new Map<number, unknown>([
          [1, 2],
          [3, algorithm],
        ]),
      ),
    );
    const hostile: Mischief[] = [
      { origin: 'https://badhub.example' },
      { rpId: 'example' },
      { isUserVerified: false },
      { challenge: 'A'.repeat(43) },
      ...keys.map((coseKey) => ({ coseKey })),
      { coseKey: Buffer.alloc(20_000, 0x9f) },
      { coseKey: Buffer.alloc(20_000, 0x81) },
    ];
    for (const mischief of hostile) {
      await browser.submit({ passkey: authenticator.create(optionsOn(browser), mischief) }, 'passkey');
      assert.match(browser.page.text, /No passkey was created/, JSON.stringify(mischief).slice(0, 60));
    }
    assert.deepEqual(await journey.storage.read.authenticationMethods.list(journey.tenant.id, userId), []);
  });

  test('bad-inputs 24: nobody registers a factor past one that is there already', async () => {
    const { journey } = await registered(database);
    const totp = {
      ...strong,
      name: 'B2C_1_Totp',
      secondFactor: { ...strong.secondFactor, methods: ['totp'] },
    } as const;
    const flow = { ...(await journey.storage.read.flows.find(journey.tenant.id, strong.name)), ...totp };
    await journey.storage.write(({ flows }) => flows.save(journey.tenant.id, flow as never, new Date(0)));
    const thief = journey.browser();
    await journey.interact(thief, { flow: totp.name });
    await thief.submit({ name: marge, password }, 'submit');
    assert.equal(thief.page.title, 'Use your passkey');
  });
});
