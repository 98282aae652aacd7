// A person at a browser: looks for things on a page, presses and fills them, by pointer or by keyboard alone.
import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { patience } from './until.ts';

/** No page has more places that take the focus. */
const mostFocusable = 60;

export interface Habits {
  /** Whether the browser runs the pages' scripts. */
  hasScripts: boolean;
  usesKeyboardOnly?: boolean;
  /** Whether every page is examined with axe (WCAG 2.0 to 2.2, A and AA). Needs scripts. */
  examinesPages?: boolean;
}

export class Visitor {
  readonly page: Page;
  readonly #habits: Habits;
  /** Headings and notices of the pages that were examined. */
  readonly #examined = new Set<string>();

  private constructor(page: Page, habits: Habits) {
    this.page = page;
    this.#habits = habits;
  }

  /** A new visitor, whom no site knows. */
  static async arrive(browser: Browser, habits: Habits): Promise<Visitor> {
    const context = await browser.newContext({
      // The hub's own authority is not among those that the browser knows.
      ignoreHTTPSErrors: true,
      javaScriptEnabled: habits.hasScripts,
      locale: 'en-US',
      viewport: { width: 1024, height: 768 },
    });
    context.setDefaultTimeout(patience);
    return new Visitor(await context.newPage(), habits);
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
  }

  /** Waits until the page shows this (a CSS selector, with `:has-text()`), and examines the page. */
  async sees(selector: string): Promise<void> {
    await this.page.locator(selector).first().waitFor();
    await this.page.waitForLoadState();
    if (this.#habits.examinesPages) await this.#examine();
  }

  async reads(selector: string): Promise<string> {
    return (await this.page.locator(selector).first().textContent()) ?? '';
  }

  async press(selector: string): Promise<void> {
    const target = this.page.locator(selector).first();
    if (!this.#habits.usesKeyboardOnly) return target.click();
    await this.#goTo(target);
    await this.page.keyboard.press('Enter');
  }

  async fill(selector: string, text: string): Promise<void> {
    const field = this.page.locator(selector).first();
    if (!this.#habits.usesKeyboardOnly) return field.fill(text);
    await this.#goTo(field);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
  }

  /** Presses Tab until the thing has the focus, and shows that it has (WCAG 2.2 2.1.1, 2.4.7). */
  async #goTo(target: Locator): Promise<void> {
    await target.waitFor();
    await this.page.waitForLoadState();
    for (let presses = 0; presses < mostFocusable; presses++) {
      const state = await target.evaluate((element) => ({
        isFocused: element === element.ownerDocument.activeElement,
        isShown: element.matches(':focus-visible'),
      }));
      if (state.isFocused) {
        assert.ok(state.isShown, `${target} has the focus, but does not show it`);
        return;
      }
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`${target} cannot be reached by Tab`);
  }

  /** Once for each page that says something else. */
  async #examine(): Promise<void> {
    const said = (await this.page.locator('h1, [role=alert], [role=status]').allTextContents()).join();
    if (this.#examined.has(said)) return;
    this.#examined.add(said);
    await this.page.evaluate(axe.source);
    const { violations } = (await this.page.evaluate(
      `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    )) as axe.AxeResults;
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    assert.deepEqual(found, [], said);
  }
}
