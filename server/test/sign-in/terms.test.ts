import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saveFlow } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey, password } from './journey.ts';

const marge = 'marge@example.com';
const plain = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn' } as const;
const terms = { version: '2026-03', url: 'https://contoso.example/terms' };

onEachDatabase((database) => {
  test('terms of use are asked for once, and again when their version has changed', async () => {
    const journey = await new Journey(database).begin({ ...plain, terms });
    const userId = await journey.customer(marge);
    const browser = journey.browser();
    await journey.interact(browser, { flow: plain.name });
    await browser.submit({ name: marge, password }, 'submit');
    assert.equal(browser.page.title, 'Terms of use');
    assert.match(browser.page.text, /href="https:\/\/contoso.example\/terms"/);
    await browser.submit({}, 'submit');
    await journey.completed(browser);
    const accepted = await journey.storage.read.acceptedTerms.list(journey.tenant.id, userId);
    assert.deepEqual(accepted, [{ version: '2026-03', acceptedAt: journey.now }]);
    const events = await journey.storage.read.audit.list(journey.tenant.id, {}, 20);
    const event = events.find(({ verb }) => verb === 'user.accept_terms');
    assert.deepEqual(event?.changes, [{ property: 'termsOfUse', after: '2026-03' }]);
    assert.equal((await journey.ask(browser, { flow: plain.name })).outcome, 'completed');

    const flow = await journey.storage.read.flows.find(journey.tenant.id, plain.name);
    assert.ok(flow);
    const newer = { ...flow, terms: { ...terms, version: '2026-04' } };
    await journey.storage.write((stores) => saveFlow(stores, journey.act(), newer));
    await journey.interact(browser, { flow: plain.name });
    assert.equal(browser.page.title, 'Terms of use');
    await browser.submit({}, 'cancel');
    assert.deepEqual((await journey.result(browser)).outcome, { outcome: 'refused', reason: 'access_denied' });
    assert.deepEqual(await journey.ask(browser, { flow: plain.name, prompts: ['none'] }), {
      outcome: 'refused',
      reason: 'interaction_required',
    });
  });
});
