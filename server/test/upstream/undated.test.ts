// Providers that do not say when somebody signed in: plain OAuth 2.0, and OpenID providers that leave auth_time out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { RequestedSignIn } from '../../src/sign-in/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { openSocialClub, socialButton } from './social-club.ts';

const secondFactor = { when: 'off', methods: ['totp'], holdsSeconds: null } as const;
const now: Partial<RequestedSignIn>[] = [{ prompts: ['login'] }, { maxAgeSeconds: 0 }, { maxAgeSeconds: 600 }];

async function open(database: OpenedDatabase) {
  const club = await openSocialClub(database, { secondFactor });
  club.provider.wrong = { auth_time: undefined };
  const { journey, asked, comeBack } = club;
  /** Asks, and comes back from the provider. */
  const visit = async (requested: Partial<RequestedSignIn> = {}, browser = journey.browser()) => {
    await journey.interact(browser, { ...asked, domainHint: 'Social', ...requested });
    await comeBack(browser);
    return browser;
  };
  return { ...club, visit };
}

onEachDatabase((database) => {
  test('OIDC Core 3.1.2.1: whom the provider cannot date is not taken for signed in when that was asked', async () => {
    const { journey, visit } = await open(database);
    const { userId } = await journey.completed(await visit());
    for (const requested of now) {
      journey.pass(1);
      const { outcome } = await journey.result(await visit(requested));
      assert.deepEqual(outcome, { outcome: 'refused', reason: 'login_required' }, JSON.stringify(requested));
      const [event] = await journey.storage.read.signInEvents.list(journey.tenant.id, {}, 1);
      assert.deepEqual([event?.failure, event?.userId], ['login_required', userId]);
      const trace = await journey.storage.read.signInTraces.find(journey.tenant.id, event?.correlationId ?? '');
      assert.deepEqual(
        trace?.checks.map(({ check, hasPassed }) => [check, hasPassed]),
        [['upstream_undated', false]],
      );
    }
  });

  test('a newcomer whom the provider cannot date gets no account by a sign-in that is refused for it', async () => {
    const { journey, visit } = await open(database);
    const { outcome } = await journey.result(await visit({ prompts: ['login'] }));
    assert.deepEqual(outcome, { outcome: 'refused', reason: 'login_required' });
    assert.equal((await journey.completed(await visit())).isNewUser, true);
  });

  test('whoever has a second factor here proves that in place of the time', async () => {
    const { journey, visit } = await open(database);
    const first = await visit({ contexts: ['multiFactor'] });
    const seed = /<code>([A-Z2-7 ]+)<\/code>/.exec(first.page.text)?.[1]?.replaceAll(' ', '') ?? '';
    const code = () => new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: Number(journey.now) });
    await first.submit({ code: code() }, 'submit');
    await first.submit({}, 'submit');
    await journey.completed(first);
    for (const requested of now) {
      journey.pass(60);
      const browser = await visit(requested);
      assert.equal(browser.page.title, 'Confirm that it is you');
      await browser.submit({ code: code() }, 'submit');
      const { methods, authenticatedAt } = await journey.completed(browser);
      assert.deepEqual([methods, authenticatedAt], [['fed', 'otp', 'mfa'], journey.now]);
    }
    journey.pass(60);
    assert.deepEqual((await journey.completed(await visit())).methods, ['fed']);
  });

  test('a session that began at such a provider answers where no time is asked, and not for max_age', async () => {
    const { journey, visit, asked } = await open(database);
    const browser = await visit();
    await journey.completed(browser);
    assert.equal((await journey.ask(browser, asked)).outcome, 'completed');
    const silent = await journey.ask(browser, { ...asked, maxAgeSeconds: 3600, prompts: ['none'] });
    assert.deepEqual(silent, { outcome: 'refused', reason: 'login_required' });
  });

  test('bad-inputs 24: an old session changes nothing about how somebody signs in, and the page says why', async () => {
    const { journey, browser, comeBack } = await open(database);
    await browser.open(`/${journey.tenant.id}/account`);
    await browser.submit({}, socialButton);
    await comeBack();
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
    assert.equal(browser.page.title, 'Your account');
    journey.pass(3600);
    await browser.submit({}, 'task=registerTotp');
    await comeBack();
    assert.match(browser.page.text, /Social Club does not say when you signed in there/);
  });
});
