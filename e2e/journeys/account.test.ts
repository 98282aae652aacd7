// Somebody who looks after the own account, in a real browser with an authenticator of its own (WebAuthn Level 3 11).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type RunningHub, startHub } from '../peers/running-hub.ts';
import { launchChromium } from '../programs/chromium.ts';
import { addAuthenticator } from './add-authenticator.ts';
import { examinePage } from './examine-page.ts';
import { patience } from './until.ts';

const name = 'admin@countersign.onmicrosoft.com';
const password = 'correct horse battery';

let hub: RunningHub;
let browser: Browser;
before(async () => {
  hub = await startHub();
  browser = await launchChromium('--ignore-certificate-errors');
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

async function arrive(javaScriptEnabled: boolean): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled, locale: 'en-US' });
  context.setDefaultTimeout(patience);
  return { context, page: await context.newPage() };
}

/** Examines the page that has this heading, in every view. */
async function sees(page: Page, heading: string): Promise<void> {
  await page.locator('h1', { hasText: heading }).waitFor();
  await page.waitForLoadState();
  await examinePage(page, heading);
}

const press = (page: Page, text: string) => page.getByRole('button', { name: text }).first().click();

async function typePassword(page: Page): Promise<void> {
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', password);
  await page.click('[name=action][value=submit]');
}

describe('the account page', () => {
  test('a passkey is set up, signs in by itself, and is removed; every page is examined', async () => {
    const { context, page } = await arrive(true);
    await addAuthenticator(page);
    const account = `${hub.origin}/countersign/account`;
    await page.goto(account);
    await sees(page, 'Sign in');
    await typePassword(page);
    await sees(page, 'Your account');

    await press(page, 'Add a passkey');
    await sees(page, 'Set up a passkey');
    await page.fill('[name=displayName]', 'my laptop');
    await press(page, 'Create passkey');
    await sees(page, 'Note your recovery codes');
    await press(page, 'I have noted them');
    await sees(page, 'Your account');
    await page.getByText('my laptop').first().waitFor();

    await page.click('[name=action][value=signOut]');
    await sees(page, 'You are signed out');
    await page.goto(account);
    // The virtual authenticator may answer the field for the name already, which needs no button.
    const offered = page.getByRole('button', { name: 'Sign in with a passkey' });
    const isDone = page.locator('h1', { hasText: 'Your account' });
    await offered.or(isDone).first().waitFor();
    await Promise.race([offered.click().catch(() => {}), isDone.waitFor()]);
    await sees(page, 'Your account');

    await press(page, 'Add an authenticator app');
    await sees(page, 'Set up your authenticator app');
    await press(page, 'Cancel');
    await press(page, 'Add a phone');
    await sees(page, 'Set up your phone');
    await press(page, 'Cancel');
    await press(page, 'Remove');
    await sees(page, 'Remove this way to sign in?');
    await press(page, 'Remove');
    await sees(page, 'Your account');
    assert.equal(await page.getByText('my laptop').count(), 0);
    await context.close();
  });

  test('without JavaScript everything works but passkeys, which say so', async () => {
    const { context, page } = await arrive(false);
    await page.goto(`${hub.origin}/countersign/account`);
    assert.equal(await page.getByRole('button', { name: 'Sign in with a passkey' }).count(), 0);
    await typePassword(page);
    await page.locator('h1', { hasText: 'Your account' }).waitFor();
    await press(page, 'Add a passkey');
    await page.locator('h1', { hasText: 'Set up a passkey' }).waitFor();
    // Chromium does not draw what stands in `noscript` when the debugger has switched scripts off.
    assert.match(await page.content(), /Passkeys need JavaScript/);
    await press(page, 'Cancel');
    await press(page, 'Change password');
    await page.locator('h1', { hasText: 'Choose a new password' }).waitFor();
    await press(page, 'Cancel');
    await page.click('[name=action][value=signOut]');
    await page.locator('h1', { hasText: 'You are signed out' }).waitFor();
    await context.close();
  });

  test('by keyboard alone: the focus is seen, and Enter does what the button says', async () => {
    const { context, page } = await arrive(true);
    await page.goto(`${hub.origin}/countersign/account`);
    // The field for the name has the focus already.
    await page.locator('[name=name]:focus').waitFor();
    await page.keyboard.type(name);
    await tabTo(page, '[name=password]');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'Your account' }).waitFor();
    await tabTo(page, '[value=newPassword]');
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'Choose a new password' }).waitFor();
    await context.close();
  });
});

/** Presses Tab until the thing has the focus, and shows that it has (WCAG 2.2 2.1.1, 2.4.7). */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(`${selector}:focus`);
    if ((await focused.count()) === 0) continue;
    const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
    assert.notEqual(outline, 'none', `the focus on ${selector} is not seen`);
    return;
  }
  assert.fail(`${selector} is not reached by keyboard`);
}
