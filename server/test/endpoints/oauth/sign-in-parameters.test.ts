// What an authorization request says about the sign-in itself, and what the person then sees (OIDC Core 3.1.2.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import type { TestBrowser } from '../../sign-in/test-browser.ts';
import { TestHub } from './test-hub.ts';

const callback = 'http://localhost:5000/getAToken';
const flow = 'B2C_1_customers';
const marge = 'marge@example.com';

onEachDatabase((database) => {
  /** A customer who has just signed in, and how an application asks for her again. */
  async function setUp() {
    const hub = new TestHub(database);
    await hub.begin({ name: flow, type: 'signUpOrSignIn' });
    const web = await hub.client({ web: { redirectUris: [callback] } });
    await hub.customer(marge);
    const ask = async (browser: TestBrowser, parameters: Record<string, string> = {}) => {
      const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
      await browser.open(
        `/${hub.tenant.name}/${flow}/oauth2/v2.0/authorize?${new URLSearchParams({ ...query, ...parameters })}`,
      );
      return browser.page;
    };
    const browser = hub.browser();
    await ask(browser);
    await hub.signIn(browser, marge);
    const isAnswered = async (parameters: Record<string, string>) => {
      const { headers } = await ask(browser, parameters);
      return String(headers['location'] ?? '').startsWith(callback);
    };
    return { hub, browser, ask, isAnswered };
  }

  test('OIDC Core 3.1.2.1: prompt=login and prompt=select_account ask although there is a session', async () => {
    const { browser, ask, isAnswered } = await setUp();
    assert.ok(await isAnswered({}));
    assert.ok(await isAnswered({ prompt: 'none' }));
    assert.equal((await ask(browser, { prompt: 'login' })).title, 'Sign in');
    assert.equal((await ask(browser, { prompt: 'select_account' })).title, 'Choose an account');
  });

  test('OIDC Core 3.1.2.1: after max_age, and always with 0, the person is asked again', async () => {
    const { hub, browser, ask, isAnswered } = await setUp();
    assert.ok(await isAnswered({ max_age: '60' }));
    assert.equal((await ask(browser, { max_age: '0' })).title, 'Sign in');
    hub.pass(61);
    assert.equal((await ask(browser, { max_age: '60' })).title, 'Sign in');
    assert.ok(await isAnswered({ max_age: '120' }));
  });

  test('OIDC Core 3.1.2.1: login_hint stands in the form, and somebody else’s session does not answer it', async () => {
    const { hub, browser, ask, isAnswered } = await setUp();
    assert.ok(await isAnswered({ login_hint: marge }));
    await hub.customer('lisa@example.com');
    assert.equal((await ask(browser, { login_hint: 'lisa@example.com' })).title, 'Sign in');
    assert.equal(browser.form().fields['name'], 'lisa@example.com');
  });

  test('OIDC Core 3.1.2.1: ui_locales come before the languages of the browser', async () => {
    const { hub, ask } = await setUp();
    const browser = hub.browser();
    assert.match((await ask(browser, { ui_locales: 'fr-CA de' })).text, /<html lang="de" dir="ltr">/);
    browser.language = 'de';
    assert.match((await ask(browser, { ui_locales: 'en-GB' })).text, /<html lang="en"/);
    assert.match((await ask(browser)).text, /<html lang="de"/);
  });
});
