// A person at a browser: looks for things on a page, presses and fills them, by pointer or by keyboard alone.
import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { examinePage } from './examine-page.ts';
import { patience } from './until.ts';

/** No page has more places that take the focus. */
const mostFocusable = 60;

export interface Habits {
  /** Whether the browser runs the pages' scripts. */
  hasScripts: boolean;
  usesKeyboardOnly?: boolean;
  /** What the browser asks for; English by default. */
  locale?: string;
  /** Whether every page is examined in every view. */
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
      locale: habits.locale ?? 'en-US',
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
    const telling = this.page.locator('h1, [role=alert]:visible, [role=status]');
    const said = (await telling.allTextContents()).join(' ').replaceAll(/\s+/g, ' ').slice(0, 100);
    if (this.#examined.has(said)) return;
    this.#examined.add(said);
    await examinePage(this.page, said);
  }
}
