import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failurePage } from '../../src/endpoints/failure-page.ts';
import { onEachDatabase } from '../databases.ts';
import { openTestHttp } from '../http/open-test-http.ts';
import { Journey, password } from '../sign-in/journey.ts';

onEachDatabase((database) => {
  /** Somebody before the first page of a sign-in, at a hub that takes three requests a minute and process. */
  async function atPage(limit: 'ADDRESS' | 'TENANT') {
    const journey = await new Journey(database).begin({ name: 'B2C_1_SignIn', type: 'signUpOrSignIn' });
    const userId = await journey.customer('marge@example.com');
    const browser = journey.browser();
    await journey.interact(browser, { flow: 'B2C_1_SignIn' });
    const { action, fields } = browser.form();
    const form = new URLSearchParams({ ...fields, name: 'marge@example.com', password, action: 'submit' }).toString();
    let passedSeconds = 0;
    const server = await openTestHttp(
      [{ routes: journey.routes }],
      {
        [`COUNTERSIGN_REQUESTS_PER_MINUTE_PER_${limit}`]: '3',
        COUNTERSIGN_PUBLIC_URL: 'https://hub.test',
        COUNTERSIGN_ALLOW_INSECURE_HTTP: 'false',
        COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.1',
      },
      { clock: () => passedSeconds * 1000, failurePage: async (...failure) => failurePage(...failure) },
    );
    const headers = {
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '192.0.2.7',
      accept: 'text/html',
      'accept-language': 'de',
      cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
    };
    const open = () => server.ask(browser.path, { headers });
    const post = () =>
      server.ask(action, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        body: form,
      });
    /** Expects to be told to come again, and waits as long as that says. */
    const refusedFor = ({ status, headers, body }: Awaited<ReturnType<typeof open>>) => {
      const seconds = Number(headers['retry-after']);
      assert.equal(status, 429, body);
      assert.ok(seconds > 0 && seconds <= 60, String(seconds));
      assert.match(body, /<html lang="de"/);
      assert.match(body, new RegExp(`zu viele Anfragen\\. Versuchen Sie es in ${seconds} Sekunden`));
      passedSeconds += seconds;
    };
    const pass = (seconds: number) => {
      passedSeconds += seconds;
    };
    /** That the sign-in has ended well, and who it was. */
    const isCompleted = async (page: Awaited<ReturnType<typeof open>>) => {
      browser.page = { ...browser.page, text: page.body };
      assert.equal((await journey.completed(browser)).userId, userId, page.body);
    };
    return { open, post, refusedFor, pass, isCompleted };
  }

  test('RFC 6585 4: whoever sends pages of a sign-in too often is told so in their language, and goes on where they were', async () => {
    const { open, post, refusedFor, isCompleted } = await atPage('ADDRESS');
    for (let count = 0; count < 3; count++) assert.equal((await open()).status, 200);
    refusedFor(await open());
    assert.match((await open()).body, /name="password"/);
    refusedFor(await post());
    assert.equal((await post()).status, 303, 'the browser sends the same form again');
    refusedFor(await open());
    await isCompleted(await open());
  });

  test('what a tenant has too many of is refused before it counts: a form, and the end of a sign-in', async () => {
    const { open, post, refusedFor, pass, isCompleted } = await atPage('TENANT');
    for (let count = 0; count < 3; count++) assert.equal((await open()).status, 200);
    refusedFor(await post());
    assert.equal((await post()).status, 303);
    refusedFor(await open());
    await isCompleted(await open());
    pass(60);
    assert.equal((await open()).status, 404, 'a sign-in ends once');
  });
});
