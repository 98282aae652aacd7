// Looks at a page as different people do: wide and narrow, light and dark, with the help of axe.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** How a page is looked at, and for what. 320 px without scrolling sideways: WCAG 2.2 1.4.10. */
const views = [
  {
    width: 1024,
    colorScheme: 'light',
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
  // Of another size and other colours; what the page says is as it was.
  {
    width: 320,
    colorScheme: 'dark',
    runOnly: ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable'],
  },
] as const;

/** When set, a picture of every view goes into this folder, for whoever has changed the look of pages. */
const pictures = process.env['COUNTERSIGN_TEST_PICTURES'];

/** Finds what is wrong with the page in each view: axe's rules, too wide, scripts or styles within the page. */
export async function examinePage(page: Page, name: string): Promise<void> {
  for (const { width, colorScheme, runOnly } of views) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const where = `"${name}" at ${width} px, ${colorScheme}`;
    // `evaluate` goes through the debugger, so that it works under the pages' own content security policy.
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    assert.ok(overflow <= 0, `${where} is ${overflow} px too wide`);
    assert.deepEqual(await page.evaluate(withinPage), [], `${where} holds scripts or styles of its own`);
    if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(axe.source);
    // Of what is in order nothing is reported, which takes longest.
    const options = JSON.stringify({ runOnly, resultTypes: ['violations'] });
    const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${options})`);
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    assert.deepEqual(found, [], where);
    if (pictures) await keepPicture(page, `${name} ${width} ${colorScheme}`, pictures);
  }
}

/** What the policy of the pages forbids anyway. */
const withinPage = `[...document.querySelectorAll('*')]
  .filter((element) => element.matches('script:not([src]), style, [style]:not([style=""])')
    || element.getAttributeNames().some((name) => name.startsWith('on')))
  .map((element) => element.outerHTML.slice(0, 200))`;

async function keepPicture(page: Page, name: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const file = `${name.toLowerCase().replaceAll(/[^\p{L}\d]+/gu, '-')}.png`;
  await page.screenshot({ path: path.join(folder, file), fullPage: true });
}
