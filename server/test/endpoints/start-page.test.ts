import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPageRoutes } from '../../src/endpoints/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey } from '../sign-in/journey.ts';
import { TestBrowser } from '../sign-in/test-browser.ts';

onEachDatabase((database) => {
  async function open() {
    const journey = await new Journey(database).begin();
    const routes = startPageRoutes(database.storage.read);
    return { journey, routes, browser: new TestBrowser([...journey.routes, ...routes]) };
  }

  test('whoever knows only the address of the hub names an organization, and comes to the account there', async () => {
    const { journey, browser } = await open();
    const { name } = journey.tenant;
    for (const typed of [name, ` ${name.toUpperCase()} `, `${name}.onmicrosoft.com`, `marge@${name}.onmicrosoft.com`]) {
      await browser.open('/');
      assert.equal(browser.page.status, 200);
      await browser.submit({ organization: typed }, 'submit');
      assert.equal(browser.page.title, 'Sign in', typed);
      assert.match(browser.page.text, /Contoso/);
    }
  });

  test('what is no organization is told at the field, in the language of the browser, with what was typed', async () => {
    const { browser } = await open();
    browser.language = 'de';
    for (const typed of [
      '',
      '@',
      'common',
      'organizations',
      'no-such-name',
      '"><script>alert(1)</script>',
      'x'.repeat(5000),
    ]) {
      await browser.open('/');
      await browser.submit({ organization: typed }, 'submit');
      const { status, text } = browser.page;
      assert.equal(status, 404, typed);
      assert.match(
        text,
        /<html lang="de"[\s\S]*aria-invalid="true"[\s\S]*Eine Organisation dieses Namens gibt es hier nicht/,
      );
      assert.equal(browser.form().fields['organization'], typed);
      assert.doesNotMatch(text, /<script>/);
    }
    assert.equal((await browser.post('/', new URLSearchParams())).status, 404);
  });

  test('the host name of a tenant leads to its account page by itself', async () => {
    const { journey, routes } = await open();
    const { id, name } = journey.tenant;
    const host = `login.${name}.example`;
    await journey.storage.write(({ tenants }) => tenants.addHost(id, host, journey.now));
    const answer = await routes[0]?.handle({
      method: 'GET',
      url: new URL(`https://${host}:8443/`),
      parameters: {},
      headers: {},
      body: undefined,
      remoteAddress: '192.0.2.1',
      requestId: crypto.randomUUID(),
      admitTenant: () => {},
    });
    assert.deepEqual([answer?.status, answer?.headers?.['location']], [303, `/${name}/account`]);
  });
});
