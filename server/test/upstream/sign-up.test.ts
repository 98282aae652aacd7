// People who come from an identity provider to flows in which one can sign up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../databases.ts';
import { password } from '../sign-in/journey.ts';
import { openSocialClub, socialButton } from './social-club.ts';

const attributes = [
  { name: 'displayName', isRequired: true },
  { name: 'givenName', isRequired: false },
  { name: 'city', isRequired: true },
];

onEachDatabase((database) => {
  test('the page for the password offers the providers of the flow, and a newcomer is asked for what they do not say', async () => {
    const { journey, browser, comeBack, user, provider, asked } = await openSocialClub(database, { attributes });
    await journey.interact(browser, asked);
    assert.deepEqual([/name="password"/.test(browser.page.text), /Social Club/.test(browser.page.text)], [true, true]);
    await browser.submit({}, socialButton);
    await comeBack();
    assert.equal(browser.page.title, 'About you');
    const { displayName, givenName, city } = browser.form().fields;
    assert.deepEqual([displayName, givenName, city], ['Marge Simpson', 'Marge', '']);
    assert.match((await browser.submit({ displayName: 'Marjorie' }, 'submit')).text, /Please fill this in/);
    await browser.submit({ city: 'Springfield' }, 'submit');
    const { userId, isNewUser, methods } = await journey.completed(browser);
    assert.deepEqual([isNewUser, methods], [true, ['fed']]);
    const made = await user(userId);
    assert.deepEqual(
      [made?.['displayName'], made?.['city'], made?.['surname']],
      ['Marjorie', 'Springfield', 'Simpson'],
    );
    assert.deepEqual(made?.['identities'], [
      { signInType: 'federated', issuer: provider.issuer, issuerAssignedId: 'marge-1' },
    ]);

    const other = journey.browser();
    await journey.interact(other, asked);
    await other.submit({}, socialButton);
    await comeBack(other);
    const again = await journey.completed(other);
    assert.deepEqual([again.userId, again.isNewUser], [userId, false]);
  });

  test('a newcomer of whom the provider says everything is asked nothing', async () => {
    const { journey, browser, comeBack, asked } = await openSocialClub(database, {
      attributes: [{ name: 'displayName', isRequired: true }],
    });
    await journey.interact(browser, asked);
    await browser.submit({}, socialButton);
    await comeBack();
    assert.equal((await journey.completed(browser)).isNewUser, true);
  });

  test('a flow for sign-ups begins with the providers too, and does not let in who has an account', async () => {
    const { journey, browser, comeBack, asked } = await openSocialClub(database, { attributes, type: 'signUp' });
    await journey.interact(browser, asked);
    assert.equal(browser.page.title, 'Create an account');
    await browser.submit({}, socialButton);
    await comeBack();
    await browser.submit({ city: 'Springfield' }, 'submit');
    assert.equal((await journey.completed(browser)).isNewUser, true);

    const other = journey.browser();
    await journey.interact(other, asked);
    await other.submit({}, socialButton);
    await comeBack(other);
    assert.match(other.page.text, /You have an account here already/);
    assert.equal(other.page.title, 'Create an account');
  });

  test('a flow for sign-ups by user name, or by providers alone, offers them', async () => {
    const named = await openSocialClub(database, { attributes, type: 'signUp', accountNames: ['userName'] });
    await named.journey.interact(named.browser, named.asked);
    assert.match(named.browser.page.text, /name="userName"/);
    await named.browser.submit({}, socialButton);
    assert.equal(named.browser.continuesTo().hostname, 'idp.example');

    const only = await openSocialClub(database, { attributes, type: 'signUp', accountNames: [] });
    await only.journey.interact(only.browser, only.asked);
    assert.equal(only.browser.continuesTo().hostname, 'idp.example');
  });

  test('an e-mail address of a provider’s domain is signed up there', async () => {
    const { journey, browser, asked } = await openSocialClub(
      database,
      { attributes },
      { domains: ['partner.example'] },
    );
    await journey.interact(browser, asked);
    await browser.submit({}, 'signUp');
    await browser.submit({ email: 'lisa@partner.example' }, 'submit');
    assert.equal(browser.continuesTo().searchParams.get('login_hint'), 'lisa@partner.example');
    assert.equal(journey.mails.length, 0);
  });

  test('a session does not answer for a newcomer, who may give up', async () => {
    const { journey, browser, comeBack, asked } = await openSocialClub(database, { attributes });
    await journey.customer('homer@example.com');
    await journey.interact(browser, asked);
    await browser.submit({ name: 'homer@example.com', password }, 'submit');
    await journey.completed(browser);
    await journey.interact(browser, { ...asked, prompts: ['login'] });
    await browser.submit({}, socialButton);
    await comeBack();
    assert.equal(browser.page.title, 'About you');
    await browser.submit({}, 'cancel');
    assert.deepEqual((await journey.result(browser)).outcome, { outcome: 'refused', reason: 'access_denied' });
  });

  test('a provider that the flow does not list is neither shown nor gone to', async () => {
    const { journey, browser, asked } = await openSocialClub(database, { attributes, providers: [] });
    await journey.interact(browser, asked);
    assert.doesNotMatch(browser.page.text, /Social Club/);
    const { action, fields } = browser.form();
    await browser.post(action, new URLSearchParams({ ...fields, provider: 'Social' }));
    assert.match(browser.page.text, /Please fill this in/);
  });
});
