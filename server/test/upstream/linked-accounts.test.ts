// Accounts that are linked with one at an identity provider, with proof of both.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { updateUser } from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { type Journey, password } from '../sign-in/journey.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import { openSocialClub, socialButton } from './social-club.ts';

const marge = 'marge@example.com';

onEachDatabase((database) => {
  /** Marge has an account here, and one at the Social Club with the same verified address. */
  async function open(person: Record<string, unknown> = {}) {
    const club = await openSocialClub(database);
    const { journey, provider } = club;
    const margeHere = await journey.customer(marge);
    provider.person = { ...provider.person, email: marge, email_verified: true, ...person };
    journey.pass(60);
    return { ...club, margeHere };
  }

  /** Goes to the account page, signing in by password where that is asked. */
  async function openAccount(journey: Journey, browser: TestBrowser, name = marge): Promise<void> {
    await browser.open(`/${journey.tenant.id}/account`);
    if (browser.page.title !== 'Sign in') return;
    await browser.submit({ name, password }, 'submit');
    await back(browser);
  }

  async function back(browser: TestBrowser): Promise<void> {
    const url = browser.continuesTo();
    await browser.open(url.pathname + url.search);
    assert.equal(browser.page.title, 'Your account');
  }

  async function subjectsOf({ storage, tenant }: Journey, userId: string): Promise<string[]> {
    const user = await storage.read.objects.find(tenant.id, userId);
    return [...JSON.stringify(user?.attributes['identities']).matchAll(/"issuerAssignedId":"([^"]*)"/g)].map(
      ([, id]) => id ?? '',
    );
  }

  test('bad-inputs 17: the same verified address offers to link, and the account is proven before it is', async () => {
    const { journey, browser, asked, comeBack, margeHere } = await open();
    await journey.interact(browser, asked);
    await browser.submit({}, socialButton);
    await comeBack();
    assert.equal(browser.page.title, 'Is this your account?');
    await browser.submit({}, 'submit');
    assert.equal(browser.form().fields['name'], marge);
    assert.doesNotMatch(browser.page.text, /Social Club|Sign up/);
    await browser.submit({ password: 'a guess of somebody' }, 'submit');
    assert.match(browser.page.text, /We cannot sign you in/);
    await browser.submit({ password }, 'submit');
    assert.equal(browser.page.title, 'Link these accounts?');
    assert.deepEqual(await subjectsOf(journey, margeHere), [marge]);
    await browser.submit({}, 'submit');
    const signIn = await journey.completed(browser);
    assert.deepEqual([signIn.userId, signIn.methods, signIn.context], [margeHere, ['pwd'], 'singleFactor']);
    assert.deepEqual(await subjectsOf(journey, margeHere), [marge, 'marge-1']);
    assert.deepEqual(
      [journey.mails.at(-1)?.to, journey.mails.at(-1)?.subject.key],
      [marge, 'mail.identityLinked.subject'],
    );
    const events = await journey.storage.read.audit.list(journey.tenant.id, {}, 10);
    assert.ok(events.some(({ verb, actor }) => verb === 'user.link_identity' && actor.id === margeHere));

    const other = journey.browser();
    await journey.interact(other, asked);
    await other.submit({}, socialButton);
    await comeBack(other);
    assert.equal((await journey.completed(other)).userId, margeHere);
  });

  test('a session of somebody does not prove the account that is to be linked', async () => {
    const { journey, browser, asked, comeBack } = await open();
    await journey.customer('homer@example.com');
    await openAccount(journey, browser, 'homer@example.com');
    await journey.interact(browser, { ...asked, prompts: ['login'] });
    await browser.submit({}, socialButton);
    await comeBack();
    await browser.submit({}, 'submit');
    assert.match(browser.page.text, /name="password"/);
  });

  test('an account with a second factor is linked only when that is proven, too', async () => {
    const { journey, browser, asked, comeBack } = await open();
    const owner = journey.browser();
    await openAccount(journey, owner);
    await owner.submit({}, 'task=registerTotp');
    const seed = /<code>([A-Z2-7 ]+)<\/code>/.exec(owner.page.text)?.[1]?.replaceAll(' ', '') ?? '';
    const code = () => new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: Number(journey.now) });
    await owner.submit({ code: code() }, 'submit');
    journey.pass(60);

    await journey.interact(browser, asked);
    await browser.submit({}, socialButton);
    await comeBack();
    await browser.submit({}, 'submit');
    await browser.submit({ password }, 'submit');
    assert.equal(browser.page.title, 'Confirm that it is you');
    await browser.submit({ code: code() }, 'submit');
    assert.equal(browser.page.title, 'Link these accounts?');
  });

  test('nOAuth: an address that the provider has not verified is no reason to offer anything', async () => {
    const { journey, browser, asked, comeBack, margeHere } = await open({ email_verified: false });
    await journey.interact(browser, asked);
    await browser.submit({}, socialButton);
    await comeBack();
    const signIn = await journey.completed(browser);
    assert.deepEqual([signIn.isNewUser, signIn.userId === margeHere], [true, false]);
  });

  test('the account page links and unlinks, after a fresh proof, and tells by mail', async () => {
    const { journey, browser, comeBack, margeHere } = await open();
    await openAccount(journey, browser);
    journey.pass(3600);
    await browser.submit({}, 'link=Social');
    assert.equal(browser.page.title, 'Sign in');
    await browser.submit({ password }, 'submit');
    assert.equal(browser.page.title, 'Sign in with Social Club, too');
    await browser.submit({}, 'submit');
    await comeBack();
    assert.equal(browser.page.title, 'Link these accounts?');
    assert.match(browser.page.text, /Marge Simpson, marge@example\.com/);
    await browser.submit({}, 'submit');
    await back(browser);
    assert.match(browser.page.text, /Your change was saved[\s\S]*Known as marge-1/);
    assert.deepEqual(await subjectsOf(journey, margeHere), [marge, 'marge-1']);

    const unlink = browser.form().buttons.find((name) => name.startsWith('unlink=')) ?? '';
    journey.pass(3600);
    await browser.submit({}, unlink);
    assert.equal(browser.page.title, 'Sign in');
    await browser.submit({ password }, 'submit');
    assert.equal(browser.page.title, 'Unlink Social Club?');
    await browser.submit({}, 'submit');
    await back(browser);
    assert.deepEqual(await subjectsOf(journey, margeHere), [marge]);
    assert.equal(journey.mails.at(-1)?.subject.key, 'mail.identityUnlinked.subject');
    const events = await journey.storage.read.audit.list(journey.tenant.id, {}, 20);
    assert.ok(events.some(({ verb }) => verb === 'user.unlink_identity'));
  });

  test('an identity of somebody else is not linked, and whoever gives up at the provider is asked again', async () => {
    const { journey, provider, browser, asked, comeBack } = await open({ email: undefined });
    const other = journey.browser();
    await journey.interact(other, asked);
    await other.submit({}, socialButton);
    await comeBack(other);
    await journey.completed(other);

    await openAccount(journey, browser);
    await browser.submit({}, 'link=Social');
    await browser.submit({}, 'submit');
    await comeBack();
    assert.equal(browser.page.title, 'Sign in with Social Club, too');
    assert.match(browser.page.text, /belongs to another account here/);
    await browser.submit({}, 'submit');
    await browser.open(provider.authorize(browser.continuesTo(), { code: '', error: 'access_denied' }));
    assert.match(browser.page.text, /You did not sign in at Social Club/);
    await browser.submit({}, 'cancel');
    await back(browser);
  });

  test('the last way to sign in cannot be removed, also when two are removed at once', async () => {
    const { journey, provider, asked, comeBack } = await open({ email: undefined });
    const browsers = [journey.browser(), journey.browser()];
    const ids = new Set<string>();
    for (const browser of browsers) {
      await journey.interact(browser, asked);
      await browser.submit({}, socialButton);
      await comeBack(browser);
      ids.add((await journey.completed(browser)).userId);
    }
    const [userId = ''] = ids;
    const unlink = async (browser: TestBrowser, index: number) => {
      await openAccount(journey, browser);
      await browser.submit({}, browser.form().buttons.filter((name) => name.startsWith('unlink='))[index] ?? '');
    };
    for (const browser of browsers) {
      await unlink(browser, 0);
      assert.match((await browser.submit({}, 'submit')).text, /You could not sign in any more without it/);
    }

    const identities = ['marge-1', 'marge-2'].map((issuerAssignedId) => {
      return { signInType: 'federated', issuer: provider.issuer, issuerAssignedId };
    });
    await journey.storage.write((stores) => updateUser(stores, journey.act(), userId, { identities }));
    for (const [index, browser] of browsers.entries()) await unlink(browser, index);
    await Promise.all(browsers.map((browser) => browser.submit({}, 'submit')));
    assert.equal((await subjectsOf(journey, userId)).length, 1);
  });

  test('accounts of staff are linked by administrators', async () => {
    const { journey, browser } = await open();
    await journey.staff('homer');
    await openAccount(journey, browser, `homer@${journey.tenant.name}.onmicrosoft.com`);
    assert.doesNotMatch(browser.page.text, /Social Club/);
    const { action, fields } = browser.form();
    await browser.post(action, new URLSearchParams({ ...fields, link: 'Social' }));
    await browser.submit({}, 'submit');
    assert.match(browser.page.text, /kept by administrators/);
  });
});
