// A person at a browser: looks for things on a page, presses and fills them, by pointer or by keyboard alone.
import assert from 'node:assert/strict';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
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
  /** Pages that others have examined already, for visitors of the same hub; each is added. */
  examined?: Set<string>;
}

/** What a page has that sends the browser on without delay. */
const sendsOn = 'meta[http-equiv=refresh][content^="0;"]';

/** What the page is made of: its language, headings and notices, and everything that can be filled in or pressed. */
const build = `[
  document.documentElement.lang,
  ...[...document.querySelectorAll('h1, h2, [role=alert], [role=status]')].map((element) => element.textContent),
  ...[...document.querySelectorAll('input, select, textarea, button, a')].map(
    (element) => [element.name, element.type, element.ariaInvalid, element.textContent],
  ),
].join()`;

export class Visitor {
  readonly page: Page;
  readonly #habits: Habits;
  readonly #examined: Set<string>;

  private constructor(page: Page, habits: Habits) {
    this.page = page;
    this.#habits = habits;
    this.#examined = habits.examined ?? new Set();
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

  /**
   * Presses what leads to another page, and waits until the browser is there: otherwise what is looked for next may still be
   * found here, and a page that is opened next collides with the one that was on its way. A form is often answered by a page
   * that at once sends the browser on; that page is not yet the end.
   */
  async press(selector: string): Promise<void> {
    const target = this.page.locator(selector).first();
    const isMain = (frame: Frame) => frame === this.page.mainFrame();
    await Promise.all([this.page.waitForEvent('framenavigated', isMain), this.#press(target)]);
    await this.page.waitForLoadState('domcontentloaded');
    await this.page.locator(sendsOn).waitFor({ state: 'detached' });
  }

  async #press(target: Locator): Promise<void> {
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

  /** Once for each page that is made of other things. */
  async #examine(): Promise<void> {
    const made = await this.page.evaluate<string>(build);
    if (this.#examined.has(made)) return;
    this.#examined.add(made);
    const telling = this.page.locator('h1, [role=alert]:visible, [role=status]');
    const said = (await telling.allTextContents()).join(' ').replaceAll(/\s+/g, ' ').slice(0, 100);
    await examinePage(this.page, said);
  }
}
