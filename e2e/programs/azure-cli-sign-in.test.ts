// People who sign in to the Azure CLI, unmodified, at the hub's pages in Chromium: by a code on another device, and in the
// browser that az opens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type AzureCli, callGraph, openAzureCli, tenantHost } from './azure-cli.ts';
import { launchChromium } from './chromium.ts';

const name = 'marge@fabrikam.onmicrosoft.com';
const password = 'correct horse battery staple';

let cli: AzureCli;
let browser: Browser;

before(async () => {
  cli = await openAzureCli();
  const { hub } = cli;
  await callGraph(hub, hub.token, 'POST', '/tenants', {
    name: 'fabrikam',
    displayName: 'Fabrikam',
    hosts: [tenantHost],
  });
  const token = await hub.run('token', '--tenant', 'fabrikam');
  await callGraph(hub, token, 'POST', '/users', {
    accountEnabled: true,
    displayName: 'Marge Simpson',
    mailNickname: 'marge',
    userPrincipalName: name,
    passwordProfile: { password, forceChangePasswordNextSignIn: false },
  });
  browser = await launchChromium(`--proxy-server=${cli.proxy}`);
});
after(async () => {
  await browser?.close();
  await cli.stop();
});

/** A browser that nobody has used. */
async function newPage(): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  context.setDefaultTimeout(120_000);
  return context.newPage();
}

async function signIn(page: Page): Promise<void> {
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('button[value=submit]');
}

async function whoIsSignedIn(): Promise<string> {
  return (await cli.az`ad signed-in-user show`).userPrincipalName;
}

test('az login --use-device-code signs in who enters the code on another device', async () => {
  const login = cli.begin('login', '--use-device-code', '--allow-no-subscriptions');
  const [, address = '', code = ''] = await login.told(/open the page (\S+) and enter the code (\S+) to/);
  const page = await newPage();
  await page.goto(address);
  await page.fill('input[name=user_code]', code);
  await page.click('button[value=continue]');
  await page.click('button[value=confirm]');
  await signIn(page);
  await login.ended;
  assert.equal(await whoIsSignedIn(), name);
});

test('az login signs in who goes through the browser that it opens', async () => {
  await cli.az`logout`;
  const login = cli.begin('login', '--allow-no-subscriptions');
  const [, address = ''] = await login.told(/^open (https:\S+)$/m);
  const page = await newPage();
  await page.goto(address);
  await signIn(page);
  // The listener of az ends with the answer.
  await page.waitForURL(/^http:\/\/localhost:\d+\//, { waitUntil: 'commit' });
  await login.ended;
  assert.equal(await whoIsSignedIn(), name);
});
