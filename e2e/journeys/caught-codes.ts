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

  /**
   * A code that was sent to this address or number, and is new here. Whoever lets several be sent reads each as soon as it
   * is sent: the page may still lack the last one.
   */
  async sentTo(receiver: string): Promise<string> {
    const code = await until('no message with a new code', async () => {
      const answer = await this.#page.request.get(`${this.#hubOrigin}/-/mail`);
      const messages = (await answer.text()).split('<dl').filter((message) => message.includes(receiver));
      // An address may have six digits in a row, too.
      const codes = messages.flatMap((message) => /(\d{6}) is your code/.exec(message)?.[1] ?? []);
      return codes.find((found) => !this.#used.has(found));
    });
    this.#used.add(code);
    return code;
  }
}
