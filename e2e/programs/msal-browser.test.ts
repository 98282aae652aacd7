// MSAL for browsers, unmodified, in Chromium against a running hub: only the host name differs.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Configuration, PublicClientApplication } from '@azure/msal-browser';
import type { Browser, Page } from 'playwright-core';
import { Organization, password } from '../peers/organization.ts';
import { type RunningHub, startHub } from '../peers/running-hub.ts';
import { type SinglePageApplication, serveSinglePageApplication } from '../peers/single-page-application.ts';

const apiName = 'https://insurance.example/api';
const scopes = [`${apiName}/Accounts.Read`];

import { launchChromium } from './chromium.ts';

let hub: RunningHub;
let organization: Organization;
let application: SinglePageApplication;
let browser: Browser;
let page: Page;
let name: string;

declare global {
  /** Of the page. */
  var app: PublicClientApplication;
}

before(async () => {
  hub = await startHub();
  organization = await Organization.of(hub);
  application = await serveSinglePageApplication();
  name = await organization.person('Marge Simpson');
  const redirectUris = [`${application.origin}/redirect`, `${application.origin}/`];
  const client = await organization.register({ spa: { redirectUris } });
  await organization.registerApi(apiName, ['Accounts.Read', 'Accounts.Write'], [client]);
  const { host } = new URL(hub.origin);
  const configuration: Configuration = {
    auth: {
      clientId: client.appId,
      authority: `${hub.origin}/${organization.tenantId}`,
      knownAuthorities: [host],
      redirectUri: `${application.origin}/redirect`,
      postLogoutRedirectUri: `${application.origin}/`,
    },
    cache: { cacheLocation: 'sessionStorage' },
  };
  browser = await launchChromium();
  page = await browser.newPage({ ignoreHTTPSErrors: true });
  page.setDefaultTimeout(120_000);
  const start = `if (globalThis.msal) globalThis.app = new msal.PublicClientApplication(${JSON.stringify(configuration)})`;
  await page.addInitScript({ content: `addEventListener('DOMContentLoaded', () => { ${start} })` });
});
after(async () => {
  await browser.close();
  application.stop();
  await hub.stop();
});

/** Opens the application, which first takes what a redirect has brought. */
async function open(): Promise<{ name?: string; error?: string }> {
  await page.goto(`${application.origin}/`);
  return settle();
}

function settle() {
  return page.evaluate(async () => {
    await app.initialize();
    const result = await app.handleRedirectPromise();
    if (result) app.setActiveAccount(result.account);
    return result ? { name: result.account.username } : {};
  });
}

test('MSAL for browsers signs somebody in by redirect, and renews the token without asking', async () => {
  await open();
  const away = page.waitForURL((url) => url.origin === hub.origin);
  await page.evaluate((wanted) => void app.loginRedirect({ scopes: wanted }), scopes);
  await away;
  await page.fill('input[name=name]', name);
  await page.fill('input[name=password]', password);
  await page.click('button[value=submit]');
  await page.waitForURL((url) => url.origin === application.origin && url.pathname === '/');
  await page.waitForFunction(() => 'app' in globalThis);
  const signedIn = await settle();
  assert.equal(signedIn.name, name);

  const [first, cached, renewed] = await page.evaluate(async (wanted) => {
    const one = await app.acquireTokenSilent({ scopes: wanted });
    const same = await app.acquireTokenSilent({ scopes: wanted });
    const other = await app.acquireTokenSilent({ scopes: wanted, forceRefresh: true });
    return [one, same, other].map(({ accessToken, fromCache }) => ({ accessToken, fromCache }));
  }, scopes);
  assert.deepEqual(cached, { accessToken: first?.accessToken, fromCache: true });
  assert.equal(renewed?.fromCache, false);
  assert.notEqual(renewed?.accessToken, first?.accessToken);
});

test('MSAL for browsers finds the session of the hub in a hidden frame', async () => {
  await page.evaluate(() => sessionStorage.clear());
  await open();
  const found = await page.evaluate(
    async (wanted) => {
      const { account, accessToken } = await app.ssoSilent(wanted);
      app.setActiveAccount(account);
      return { name: account.username, accessToken };
    },
    { scopes, loginHint: name },
  );
  assert.equal(found.name, name);
  assert.ok(found.accessToken);
});

test('MSAL for browsers signs out, and people have to sign in again', async () => {
  const back = page.waitForURL((url) => url.origin === application.origin && url.searchParams.has('state'));
  const logout = page.waitForRequest((request) => request.url().includes('/oauth2/v2.0/logout'));
  await page.evaluate(() => void app.logoutRedirect());
  assert.match((await logout).url(), /post_logout_redirect_uri=/);
  await back;
  await open();
  const error = await page.evaluate(
    (wanted) =>
      app.ssoSilent(wanted).then(
        () => 'signed in',
        (failure: { errorCode: string; name: string }) => `${failure.name} ${failure.errorCode}`,
      ),
    { scopes, loginHint: name },
  );
  assert.equal(error, 'InteractionRequiredAuthError login_required');
});
