// Codes that were sent, as the page of caught messages shows them in demo mode.
import type { Page } from 'playwright-core';
import { until } from './until.ts';

/** Reads codes from the page of caught messages, each once. */
export class CaughtCodes {
  readonly #page: Page;
  readonly #hubOrigin: string;
  readonly #used = new Set<string>();

  constructor(page: Page, hubOrigin: string) {
    this.#page = page;
    this.#hubOrigin = hubOrigin;
  }

  /** The newest code that was sent to this address or number. */
  async sentTo(receiver: string): Promise<string> {
    const page = await this.#page.context().newPage();
    const code = await until('no message with a new code', async () => {
      await page.goto(`${this.#hubOrigin}/-/mail`);
      const messages = await page.locator(`dl:has-text("${receiver}")`).allTextContents();
      const codes = messages.flatMap((message) => /(?<!\d)\d{6}(?!\d)/.exec(message) ?? []);
      return codes.find((found) => !this.#used.has(found));
    });
    await page.close();
    this.#used.add(code);
    return code;
  }
}
