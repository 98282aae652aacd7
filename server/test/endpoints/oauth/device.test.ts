import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { password } from '../../sign-in/journey.ts';
import type { TestBrowser } from '../../sign-in/test-browser.ts';
import { apiName, decode, origin, TestHub } from './test-hub.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';

onEachDatabase((database) => {
  async function waitingDevice() {
    const hub = new TestHub(database);
    await hub.begin();
    const api = await hub.api();
    const tool = await hub.client({ displayName: 'Insurance Tool', isFallbackPublicClient: true });
    await hub.consent(tool, api, 'Accounts.Read');
    const userId = await hub.staff('marge');
    const name = `marge@${hub.tenant.name}.onmicrosoft.com`;
    const form = { client_id: tool.appId, scope: 'openid offline_access Accounts.Read', resource: apiName };
    const { status, json, text } = await hub.fetch(hub.path('devicecode'), { form });
    assert.equal(status, 200, text);
    const poll = () =>
      hub.fetch(hub.path('token'), {
        form: { grant_type: grantType, client_id: tool.appId, device_code: String(json['device_code']) },
      });
    return { hub, tool, userId, name, json, poll };
  }

  type Waiting = Awaited<ReturnType<typeof waitingDevice>>;

  async function openComplete({ hub, json }: Waiting): Promise<TestBrowser> {
    const browser = hub.browser();
    const { pathname, search } = new URL(String(json['verification_uri_complete']));
    await browser.open(pathname + search);
    return browser;
  }

  async function letIn(waiting: Waiting, browser: TestBrowser): Promise<void> {
    await browser.submit({}, 'confirm');
    await browser.submit({ name: waiting.name, password }, 'submit');
    const { pathname, search } = browser.continuesTo();
    await browser.open(pathname + search);
  }

  test('RFC 8628 3.2: the device gets a code for itself, one to type, where to type it, and how often to ask', async () => {
    const { hub, json } = await waitingDevice();
    assert.match(String(json['user_code']), /^[B-Z]{4}-[B-Z]{4}$/);
    assert.equal(json['verification_uri'], origin + hub.path('deviceauth'));
    assert.equal(json['verification_uri_complete'], `${json['verification_uri']}?user_code=${json['user_code']}`);
    assert.deepEqual([json['expires_in'], json['interval']], [900, 5]);
  });

  test('RFC 8628 3.3: a person types the code, confirms it, signs in, and the device gets tokens', async () => {
    const waiting = await waitingDevice();
    const { hub, json, poll, userId } = waiting;
    assert.deepEqual([(await poll()).status, (await poll()).json['error']], [400, 'slow_down']);
    const browser = hub.browser();
    await browser.open(hub.path('deviceauth'));
    assert.equal(browser.page.title, 'Connect a device');
    await browser.submit({ user_code: String(json['user_code']).toLowerCase().replace('-', ' ') }, 'continue');
    await letIn(waiting, browser);
    assert.equal(browser.page.title, 'The device is signed in');
    const answer = await poll();
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(
      [decode(answer.json['access_token']).claims['scope'], decode(answer.json['id_token']).claims['sub']],
      ['Accounts.Read', userId],
    );
    assert.equal(typeof answer.json['refresh_token'], 'string');
    assert.equal((await poll()).json['error'], 'invalid_grant');
  });

  test('RFC 8628 3.5: whoever polls waits, is told to slow down, and is not when it keeps the interval', async () => {
    const { hub, poll } = await waitingDevice();
    for (let round = 0; round < 4; round++) {
      assert.equal((await poll()).json['error'], 'authorization_pending');
      hub.pass(5);
    }
    const parallel = await Promise.all(Array.from({ length: 6 }, poll));
    const answered = parallel.map(({ json }) => json['error']).toSorted();
    assert.equal(answered.filter((error) => error === 'slow_down').length >= 4, true, answered.join());
  });

  test('RFC 8628 5.4: the page shows which application asks and from where, before anybody signs in', async () => {
    const waiting = await waitingDevice();
    const browser = await openComplete(waiting);
    assert.equal(browser.form().fields['user_code'], waiting.json['user_code'], 'and waits for the person to go on');
    await browser.submit({}, 'continue');
    assert.equal(browser.page.title, 'Let Insurance Tool sign in as you?');
    assert.match(browser.page.text, /192\.0\.2\.1/);
    await browser.submit({}, 'deny');
    assert.equal(browser.page.title, 'The device was turned away');
    assert.equal((await waiting.poll()).json['error'], 'access_denied');
    const later = await openComplete(waiting);
    await later.submit({}, 'continue');
    assert.match(later.page.text, /No device waits/);
  });

  test('RFC 8628 5.1: whoever guesses codes has to wait, and the right code is not found meanwhile', async () => {
    const waiting = await waitingDevice();
    const browser = await openComplete(waiting);
    for (let guess = 0; guess < 11; guess++) {
      // A client has a whole IPv6 network to itself.
      browser.address = `2001:db8::${guess}`;
      await browser.submit({ user_code: 'BBBB-BBBB' }, 'continue');
    }
    await browser.submit({ user_code: String(waiting.json['user_code']) }, 'continue');
    assert.match(browser.page.text, /Too many wrong codes/);
  });

  test('RFC 8628 3.3: the page of another site cannot let a device in', async () => {
    const { hub, json, poll } = await waitingDevice();
    const browser = hub.browser();
    await browser.open(hub.path('deviceauth'));
    const forged = new URLSearchParams({ user_code: String(json['user_code']), action: 'confirm', csrf: 'guessed' });
    await browser.post(hub.path('deviceauth'), forged);
    assert.equal(browser.page.title, 'Connect a device');
    assert.equal((await poll()).json['error'], 'authorization_pending');
  });

  test('RFC 8628 3.4: of two people who let one device in, the first one counts', async () => {
    const waiting = await waitingDevice();
    const browsers = await Promise.all([openComplete(waiting), openComplete(waiting)]);
    for (const browser of browsers) await browser.submit({}, 'continue');
    for (const browser of browsers) await browser.submit({}, 'confirm');
    const [first, second] = browsers;
    for (const browser of browsers) await browser.submit({ name: waiting.name, password }, 'submit');
    const go = async (browser: TestBrowser | undefined) => {
      const { pathname = '', search = '' } = browser?.continuesTo() ?? {};
      await browser?.open(pathname + search);
      return browser?.page.title;
    };
    assert.equal(await go(first), 'The device is signed in');
    assert.equal(await go(second), 'The device is not signed in');
    assert.equal((await waiting.poll()).status, 200);
  });

  test('RFC 8628 3.4: of 16 parallel redemptions of a device code one succeeds, and its family is revoked', async () => {
    const waiting = await waitingDevice();
    const browser = await openComplete(waiting);
    await browser.submit({}, 'continue');
    await letIn(waiting, browser);
    const answers = await Promise.all(Array.from({ length: 16 }, waiting.poll));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const { status, json } of answers.filter((each) => each !== won[0]))
      assert.deepEqual([status, json['error']], [400, 'invalid_grant']);
    const refreshed = await waiting.hub.fetch(waiting.hub.path('token'), {
      form: {
        grant_type: 'refresh_token',
        client_id: waiting.tool.appId,
        refresh_token: String(won[0]?.json['refresh_token']),
      },
    });
    assert.equal(refreshed.json['error'], 'invalid_grant');
  });

  test('RFC 8628 3.1: an application that is no program without secret gets no device code', async () => {
    const hub = new TestHub(database);
    await hub.begin();
    const web = await hub.client({ web: { redirectUris: ['https://app.example/callback'] } });
    const form = { client_id: web.appId, client_secret: web.secret, scope: 'openid' };
    const { status, json } = await hub.fetch(hub.path('devicecode'), { form });
    assert.deepEqual([status, json['device_code']], [400, undefined]);
  });
});
