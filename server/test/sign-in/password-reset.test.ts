import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordHasher, preparePassword, updateUser, usualPasswordPolicy } from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey, password } from './journey.ts';

const signIn = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn' } as const;
const reset = { name: 'B2C_1_PasswordReset', type: 'passwordReset' } as const;
const profile = {
  name: 'B2C_1_ProfileEditing',
  type: 'profileEditing',
  attributes: [
    { name: 'displayName', isRequired: true },
    { name: 'city', isRequired: false },
  ],
} as const;
const changed = 'staple battery horse';
const chosen = { newPassword: changed, repeatedPassword: changed };

onEachDatabase((database) => {
  async function setUp() {
    const journey = await new Journey(database).begin(signIn, reset, profile);
    return { journey, userId: await journey.customer('marge@example.com', { city: 'Springfield' }) };
  }

  test('a forgotten password is replaced after a code was typed, from a flow of its own or from the sign-in page', async () => {
    for (const flow of [reset.name, signIn.name]) {
      const { journey, userId } = await setUp();
      const browser = journey.browser();
      await journey.interact(browser, { flow });
      if (flow === signIn.name) await browser.submit({}, 'forgotten');
      assert.equal(browser.page.title, 'Reset your password');
      await browser.submit({ email: 'marge@example.com' }, 'submit');
      await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
      assert.equal(browser.page.title, 'Choose a new password');
      assert.equal(browser.form().fields['name'], 'marge@example.com');
      journey.pass(30);
      await browser.submit(chosen, 'submit');
      const completed = await journey.completed(browser);
      assert.deepEqual([completed.userId, completed.isNewUser, completed.flow], [userId, false, flow]);
      assert.equal(journey.mails.at(-1)?.subject.key, 'mail.password.subject');
      const again = journey.browser();
      await journey.interact(again, { flow: signIn.name });
      await again.submit({ name: 'marge@example.com', password }, 'submit');
      assert.match(again.page.text, /We cannot sign you in/);
      await again.submit({ name: 'marge@example.com', password: changed }, 'submit');
      await journey.completed(again);
    }
  });

  test('bad-inputs 26: nobody learns from a reset who has an account', async () => {
    const { journey, userId } = await setUp();
    const texts = [];
    for (const address of ['marge@example.com', 'nobody@example.com', 'disabled@example.com']) {
      if (address.startsWith('disabled')) {
        await journey.storage.write((stores) => updateUser(stores, journey.act(), userId, { accountEnabled: false }));
      }
      const browser = journey.browser();
      await journey.interact(browser, { flow: reset.name });
      const asked = address.startsWith('disabled') ? 'marge@example.com' : address;
      await browser.submit({ email: asked }, 'submit');
      await browser.submit({ code: '999999' }, 'submit');
      texts.push(/<h1>[\s\S]*<form/.exec(browser.page.text)?.[0].replaceAll(asked, '').replaceAll(browser.path, ''));
    }
    assert.equal(new Set(texts).size, 1);
    assert.equal(journey.mails.length, 1);
  });

  test('sessions elsewhere end when the password was reset', async () => {
    const { journey } = await setUp();
    const other = journey.browser();
    await journey.interact(other, { flow: signIn.name });
    await other.submit({ name: 'marge@example.com', password }, 'submit');
    await journey.completed(other);
    journey.pass(60);
    const browser = journey.browser();
    await journey.interact(browser, { flow: reset.name });
    await browser.submit({ email: 'marge@example.com' }, 'submit');
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    await browser.submit(chosen, 'submit');
    await journey.completed(browser);
    assert.equal((await journey.ask(other, { flow: signIn.name })).outcome, 'interaction');
    assert.equal((await journey.ask(browser, { flow: signIn.name })).outcome, 'completed');
  });

  test('the old password is no new one', async () => {
    const { journey } = await setUp();
    const browser = journey.browser();
    await journey.interact(browser, { flow: reset.name });
    await browser.submit({ email: 'marge@example.com' }, 'submit');
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    await browser.submit({ newPassword: password, repeatedPassword: password }, 'submit');
    assert.match(browser.page.text, /This is the password that you had before/);
  });

  test('a password that an administrator has set must be changed at the next sign-in', async () => {
    const { journey, userId } = await setUp();
    const hash = await preparePassword(passwordHasher(1, 1), 'set by somebody else', {}, usualPasswordPolicy);
    await journey.storage.write((stores) =>
      updateUser(stores, journey.act(), userId, {}, { password: { hash, mustChange: true } }),
    );
    const browser = journey.browser();
    await journey.interact(browser, { flow: signIn.name });
    await browser.submit({ name: 'marge@example.com', password: 'set by somebody else' }, 'submit');
    assert.match(browser.page.text, /You must change your password/);
    await browser.submit(chosen, 'submit');
    await journey.completed(browser);
    await journey.interact(browser, { flow: signIn.name, prompts: ['login'] });
    await browser.submit({ name: 'marge@example.com', password: changed }, 'submit');
    await journey.completed(browser);
  });

  test('a profile is shown and saved by whoever is signed in', async () => {
    const { journey, userId } = await setUp();
    const browser = journey.browser();
    await journey.interact(browser, { flow: profile.name });
    assert.equal(browser.page.title, 'Sign in');
    assert.ok(!browser.form().buttons.includes('action=signUp'));
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    assert.deepEqual(
      [browser.form().fields['displayName'], browser.form().fields['city']],
      ['Marge Simpson', 'Springfield'],
    );
    await browser.submit({ displayName: '' }, 'submit');
    assert.match(browser.page.text, /displayName-error/);
    await browser.submit({ displayName: 'Marge Bouvier', city: '' }, 'submit');
    assert.equal((await journey.completed(browser)).userId, userId);
    const user = await journey.storage.read.objects.find(journey.tenant.id, userId);
    assert.deepEqual([user?.attributes['displayName'], user?.attributes['city']], ['Marge Bouvier', undefined]);
    const [event] = await journey.storage.read.audit.list(
      journey.tenant.id,
      { objectId: userId, verb: 'user.update' },
      1,
    );
    assert.deepEqual([event?.actor.kind, event?.actor.id], ['user', userId]);

    await journey.interact(browser, { flow: profile.name });
    assert.equal(browser.page.title, 'Your profile');
    await browser.submit({}, 'cancel');
    assert.deepEqual((await journey.result(browser)).outcome, { outcome: 'refused', reason: 'access_denied' });
  });
});
