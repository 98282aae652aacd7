// A sign-in that began with one identity of a provider, and to which another one comes back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../databases.ts';
import { password } from '../sign-in/journey.ts';
import { openSocialClub, socialButton } from './social-club.ts';

const marge = 'marge@example.com';
const chosen = { newPassword: 'another good passphrase', repeatedPassword: 'another good passphrase' };

onEachDatabase((database) => {
  /** Marge has an account here; the first answer of the provider is hers, the second one is of somebody else. */
  async function open() {
    const club = await openSocialClub(database);
    const { journey, provider, browser, asked } = club;
    const margeHere = await journey.customer(marge);
    journey.pass(60);
    const identitiesOf = async (userId: string) => JSON.stringify((await club.user(userId))?.['identities']);
    await journey.interact(browser, asked);
    await browser.submit({}, socialButton);
    const there = browser.continuesTo();
    /** What the provider says when this person comes back, by the same request. */
    const comeAs = (sub: string, email: string) => {
      provider.person = { sub, name: sub, email, email_verified: true };
      return browser.open(provider.authorize(there));
    };
    return { ...club, margeHere, identitiesOf, comeAs };
  }

  /** Proves the account by a code that is sent to its address. */
  async function resetPassword({ journey, browser }: Awaited<ReturnType<typeof open>>) {
    await browser.submit({}, 'forgotten');
    await browser.submit({ email: marge }, 'submit');
    await browser.submit({ code: journey.codeFor(marge) }, 'submit');
  }

  test('CVE-2026-9087: at no page of a sign-in the identity that is to be linked is changed for another one', async () => {
    const parts = await open();
    const { journey, browser, margeHere, identitiesOf, comeAs } = parts;
    await comeAs('marge-1', marge);
    const shown: string[] = [];
    const intrude = async () => {
      const { title } = browser.page;
      shown.push(title);
      await comeAs('mallory', 'mallory@evil.example');
      assert.equal(browser.page.title, title);
      assert.doesNotMatch(browser.page.text, /mallory/);
    };
    await intrude();
    await browser.submit({}, 'submit');
    await intrude();
    await resetPassword(parts);
    await intrude();
    await browser.submit(chosen, 'submit');
    await intrude();
    assert.deepEqual(shown, ['Is this your account?', 'Sign in', 'Choose a new password', 'Link these accounts?']);
    await browser.submit({}, 'submit');
    assert.equal((await journey.completed(browser)).userId, margeHere);
    assert.match(await identitiesOf(margeHere), /marge-1/);
    assert.doesNotMatch(await identitiesOf(margeHere), /mallory/);
  });

  test('CVE-2026-9087: from the page at which an account is proven for one identity nobody leaves for another', async () => {
    const { journey, browser, margeHere, identitiesOf, comeAs } = await open();
    await comeAs('marge-1', marge);
    await browser.submit({}, 'submit');
    const { action, fields } = browser.form();
    // No button leads to the provider, so the field is made up.
    await browser.post(action, new URLSearchParams({ ...fields, provider: 'Social' }));
    assert.equal(browser.page.title, 'Sign in');
    await comeAs('mallory', 'mallory@evil.example');
    await browser.submit({ password }, 'submit');
    await browser.submit({}, 'submit');
    assert.equal((await journey.completed(browser)).userId, margeHere);
    assert.match(await identitiesOf(margeHere), /marge-1/);
    assert.doesNotMatch(await identitiesOf(margeHere), /mallory/);
  });

  test('CVE-2026-9087: an address that was proven to sign up is no property of an identity that comes after', async () => {
    const attributes = [{ name: 'city', isRequired: true }];
    const { journey, provider, browser, asked, user, comeBack } = await openSocialClub(database, { attributes });
    provider.person = { sub: 'mallory', name: 'Mallory', email: marge, email_verified: false };
    await journey.interact(browser, asked);
    await browser.submit({}, 'signUp');
    await browser.submit({ email: marge }, 'submit');
    await browser.submit({ code: journey.codeFor(marge) }, 'submit');
    assert.equal(browser.page.title, 'About you');
    await browser.submit({}, 'back');
    await browser.submit({}, socialButton);
    await comeBack();
    await browser.submit({ city: 'Springfield' }, 'submit');
    const { userId, methods, context } = await journey.completed(browser);
    assert.deepEqual([methods, context], [['fed'], 'singleFactor']);
    const made = await user(userId);
    assert.deepEqual(made?.['identities'], [
      { signInType: 'federated', issuer: provider.issuer, issuerAssignedId: 'mallory' },
    ]);
    assert.equal(made?.['mail'], undefined);
  });
});
