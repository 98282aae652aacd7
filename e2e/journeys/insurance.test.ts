// The insurance company's customer, from the sign-up to the new password, in a real browser.
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type Engine, engines } from '../peers/engines.ts';
import { launchChromium } from '../programs/chromium.ts';
import { Customer } from './customer.ts';
import { type DemoHub, startDemoHub } from './demo-hub.ts';
import { until } from './until.ts';
import { type Habits, Visitor } from './visitor.ts';

// The pages are the same on both engines, and so they are examined on one.
const journeys: Record<Engine, Record<string, Habits>> = {
  SQLite: {
    'by keyboard alone, every page examined': { hasScripts: true, usesKeyboardOnly: true, examinesPages: true },
    'without scripts': { hasScripts: false },
  },
  PostgreSQL: { 'with scripts': { hasScripts: true }, 'without scripts': { hasScripts: false } },
};

let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

for (const engine of engines) {
  describe(engine, () => {
    let hub: DemoHub;
    before(async () => {
      hub = await startDemoHub(engine);
      // The samples start after the hub.
      await until('no sample', async () => {
        const answer = await fetch(`${hub.web}/plans`).catch(() => undefined);
        return answer?.ok || undefined;
      });
    });
    after(() => hub?.stop());

    for (const [name, habits] of Object.entries(journeys[engine])) {
      test(`a customer signs up, changes the beneficiary with a second factor and resets the password, ${name}`, async () => {
        const visitor = await Visitor.arrive(browser, habits);
        try {
          await new Customer(visitor, hub).journey();
        } catch (error) {
          const shown = await visitor.page
            .locator('body')
            .textContent()
            .catch(() => '');
          throw new Error(`At ${visitor.page.url()}:\n${shown}`, { cause: error });
        } finally {
          await visitor.leave();
        }
      });
    }
  });
}
