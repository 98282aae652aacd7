import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../databases.ts';
import { Journey, password } from './journey.ts';

const marge = 'marge@example.com';
const flow = {
  name: 'B2C_1_Sms',
  type: 'signUpOrSignIn',
  secondFactor: { when: 'always', methods: ['sms'], holdsSeconds: null },
} as const;

onEachDatabase((database) => {
  async function enrolled() {
    const journey = await new Journey(database).begin(flow);
    const userId = await journey.customer(marge);
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    await browser.submit({ name: marge, password }, 'submit');
    assert.equal(browser.page.title, 'Set up your phone');
    return { journey, userId, browser };
  }

  test('a phone is registered by a code that is sent to it, and asked for at the next sign-in', async () => {
    const { journey, userId, browser } = await enrolled();
    await browser.submit({ phone: '020 7946 0000' }, 'submit');
    assert.match(browser.page.text, /with the code of the country/);
    await browser.submit({ phone: '+44 20 7946 0000' }, 'submit');
    const [text] = journey.texts;
    assert.equal(text?.to, '+442079460000');
    assert.match(browser.page.text, /number ••• 00/);
    await browser.submit({ code: '000000' }, 'submit');
    assert.match(browser.page.text, /This code is wrong/);
    await browser.submit({ code: text?.code ?? '' }, 'submit');
    assert.equal(browser.page.title, 'Note your recovery codes');
    await browser.submit({}, 'submit');
    assert.deepEqual((await journey.completed(browser)).methods, ['pwd', 'sms', 'mfa']);
    const [method] = await journey.storage.read.authenticationMethods.list(journey.tenant.id, userId);
    assert.ok(method?.kind === 'phone' && method.number === '+442079460000');

    const desk = journey.browser();
    await journey.interact(desk, { flow: flow.name });
    await desk.submit({ name: marge, password }, 'submit');
    assert.equal(desk.page.title, 'Check your phone');
    const first = journey.texts.at(-1)?.code ?? '';
    await desk.submit({}, 'again');
    await desk.submit({ code: first }, 'submit');
    assert.match(desk.page.text, /This code is wrong/, 'a new code takes the place of the one before');
    await desk.submit({ code: journey.texts.at(-1)?.code ?? '' }, 'submit');
    assert.equal((await journey.completed(desk)).context, 'multiFactor');
  });

  test('bad-inputs 24: nobody can have many texts sent', async () => {
    const { journey, browser } = await enrolled();
    await browser.submit({ phone: '+442079460001' }, 'submit');
    for (let times = 0; times < 2; times++) await browser.submit({}, 'again');
    assert.equal(journey.texts.length, 3);
    await browser.submit({}, 'again');
    assert.match(browser.page.text, /Too many codes were sent/);
    for (let other = 2; other < 20; other++) {
      await browser.submit({}, 'other');
      await browser.submit({ phone: `+4420794600${10 + other}` }, 'submit');
      if (/Too many/.test(browser.page.text)) break;
    }
    assert.equal(journey.texts.length, 10);
  });
});
