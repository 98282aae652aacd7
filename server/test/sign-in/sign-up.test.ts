import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declareExtensionProperty } from '../../src/directory/index.ts';
import { customerFlow, saveFlow } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey, password } from './journey.ts';
import type { TestBrowser } from './test-browser.ts';

const flow = 'B2C_1_SignUpSignIn';
const chosen = { newPassword: password, repeatedPassword: password };

onEachDatabase((database) => {
  const setUp = () => new Journey(database).begin({ name: flow, type: 'signUpOrSignIn' });

  /** Goes to the page for the code. */
  async function askForCode(journey: Journey, address: string): Promise<TestBrowser> {
    const browser = journey.browser();
    await journey.interact(browser, { flow });
    await browser.submit({}, 'signUp');
    assert.equal(browser.page.title, 'Create an account');
    await browser.submit({ email: address }, 'submit');
    assert.equal(browser.page.title, 'Check your mail');
    return browser;
  }

  test('somebody signs up with an e-mail address that is proven by a code', async () => {
    const journey = await setUp();
    const browser = await askForCode(journey, 'marge@example.com');
    const [mail] = journey.mails;
    assert.deepEqual([mail?.to, mail?.sender], ['marge@example.com', 'Contoso']);
    await browser.submit({ code: ` ${journey.codeFor('marge@example.com')} ` }, 'submit');
    assert.equal(browser.page.title, 'About you');
    journey.pass(5);
    await browser.submit({ displayName: 'Marge', ...chosen }, 'submit');
    const signIn = await journey.completed(browser);
    assert.deepEqual([signIn.isNewUser, signIn.context, signIn.methods], [true, 'multiFactor', ['otp', 'pwd', 'mfa']]);
    const user = await journey.storage.read.objects.find(journey.tenant.id, signIn.userId);
    const issuer = `${journey.tenant.name}.onmicrosoft.com`;
    assert.deepEqual(user?.attributes['identities'], [
      { signInType: 'emailAddress', issuer, issuerAssignedId: 'marge@example.com' },
    ]);
    assert.equal(user?.attributes['userPrincipalName'], `${signIn.userId}@${issuer}`);

    const again = journey.browser();
    await journey.interact(again, { flow });
    await again.submit({ name: 'marge@example.com', password }, 'submit');
    const later = await journey.completed(again);
    assert.deepEqual([later.userId, later.isNewUser], [signIn.userId, false]);
  });

  test('OpenID Initiating User Registration 1.0: prompt=create begins with the sign-up', async () => {
    const journey = await setUp();
    const browser = journey.browser();
    await journey.interact(browser, { flow, prompts: ['create'] });
    assert.equal(browser.page.title, 'Create an account');
    await browser.submit({}, 'back');
    assert.equal(browser.page.title, 'Sign in');
  });

  test('a wrong code is refused, and after five tries the right one as well', async () => {
    const journey = await setUp();
    const browser = await askForCode(journey, 'marge@example.com');
    for (let count = 0; count < 5; count++) await browser.submit({ code: '000000' }, 'submit');
    assert.match(browser.page.text, /This code is wrong/);
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    assert.match(browser.page.text, /This code is wrong/);
    await browser.submit({}, 'again');
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    assert.equal(browser.page.title, 'About you');
  });

  test('a code is good for ten minutes', async () => {
    const journey = await setUp();
    const browser = await askForCode(journey, 'marge@example.com');
    journey.pass(600);
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    assert.match(browser.page.text, /This code is wrong/);
  });

  test('a code of another sign-in is worth nothing', async () => {
    const journey = await setUp();
    const first = await askForCode(journey, 'marge@example.com');
    const code = journey.codeFor('marge@example.com');
    await askForCode(journey, 'marge@example.com');
    const other = await askForCode(journey, 'homer@example.com');
    await other.submit({ code }, 'submit');
    assert.match(other.page.text, /This code is wrong/);
    await first.submit({ code }, 'submit');
    assert.equal(first.page.title, 'About you');
  });

  test('nobody can flood a mailbox with codes', async () => {
    const journey = await setUp();
    const browser = await askForCode(journey, 'marge@example.com');
    for (let count = 0; count < 6; count++) await browser.submit({}, 'again');
    assert.match(browser.page.text, /Too many codes were sent. Please try again in 10 min/);
    assert.equal(journey.mails.length, 5);
    const other = journey.browser();
    await journey.interact(other, { flow, prompts: ['create'] });
    await other.submit({ email: 'Marge@Example.com' }, 'submit');
    assert.match(other.page.text, /Too many codes/);
    journey.pass(600);
    await browser.submit({}, 'again');
    assert.equal(journey.mails.length, 6);
  });

  test('only the owner of an address learns that there is an account for it', async () => {
    const journey = await setUp();
    await journey.customer('marge@example.com');
    const browser = await askForCode(journey, 'marge@example.com');
    assert.doesNotMatch(browser.page.text, /already/);
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    assert.equal(browser.page.title, 'Sign in');
    assert.match(browser.page.text, /There already is an account for marge@example.com/);
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    assert.equal((await journey.completed(browser)).isNewUser, false);
  });

  test('of two sign-ups with one address that go on at once, one makes the account', async () => {
    const journey = await setUp();
    const browsers = [await askForCode(journey, 'marge@example.com')];
    const firstCode = journey.codeFor('marge@example.com');
    browsers.push(await askForCode(journey, 'marge@example.com'));
    await browsers[0]?.submit({ code: firstCode }, 'submit');
    await browsers[1]?.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    await Promise.all(browsers.map((browser) => browser.submit({ displayName: 'Marge', ...chosen }, 'submit')));
    assert.deepEqual(browsers.map(({ page }) => page.title).toSorted(), ['About you', 'One moment']);
    const refused = browsers.find(({ page }) => page.title === 'About you');
    assert.match(refused?.page.text ?? '', /Somebody already has this name/);
  });

  test('a page that is posted twice at once makes one account', async () => {
    const journey = await setUp();
    const browser = await askForCode(journey, 'marge@example.com');
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    const { action, fields } = browser.form();
    const body = () => new URLSearchParams({ ...fields, displayName: 'Marge', ...chosen, action: 'submit' });
    await Promise.all([browser.post(action, body()), browser.post(action, body())]);
    const users = await journey.storage.read.objects.count(journey.tenant.id, 'user');
    assert.equal(users, 1);
  });

  test('what is wrong with a new account stands at its field', async () => {
    const journey = await setUp();
    const browser = await askForCode(journey, 'marge@example.com');
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    const cases = [
      [{ displayName: '', ...chosen }, /id="displayName-error">Please fill this in/],
      [
        { displayName: 'M', newPassword: 'short', repeatedPassword: 'short' },
        /newPassword-error">The password has fewer than 8/,
      ],
      [
        { displayName: 'M', newPassword: 'password123', repeatedPassword: 'password123' },
        /newPassword-error">This is one of/,
      ],
      [
        { displayName: 'M', newPassword: password, repeatedPassword: 'x' },
        /repeatedPassword-error">The two passwords differ/,
      ],
      [{ displayName: 'x'.repeat(257), ...chosen }, /id="displayName-error">This cannot be saved/],
    ] as const;
    for (const [fields, expected] of cases) {
      await browser.submit(fields, 'submit');
      assert.match(browser.page.text, expected);
    }
    assert.match(browser.page.text, /marge@example.com/);
  });

  test('bad-inputs 26: a password of 100,000 characters or with a NUL costs nothing special', async () => {
    const journey = await setUp();
    const browser = await askForCode(journey, 'marge@example.com');
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    const long = 'x'.repeat(20_000);
    await browser.submit({ displayName: 'M', newPassword: long, repeatedPassword: long }, 'submit');
    assert.match(browser.page.text, /The password has more than 256/);
    const { action, fields } = browser.form();
    const tooLong = new URLSearchParams({ ...fields, newPassword: 'x'.repeat(100_000) });
    assert.equal((await browser.post(action, tooLong)).status, 413);
    await browser.open(browser.path.split('?')[0] ?? '');
    const withNul = 'correct\0horse battery';
    await browser.submit({ displayName: 'M', newPassword: withNul, repeatedPassword: withNul }, 'submit');
    await journey.completed(browser);
    const again = journey.browser();
    await journey.interact(again, { flow });
    await again.submit({ name: 'marge@example.com', password: 'correct' }, 'submit');
    assert.match(again.page.text, /We cannot sign you in/);
    await again.submit({ name: 'marge@example.com', password: withNul }, 'submit');
    await journey.completed(again);
  });

  test('a flow asks for attributes of every type, built-in and of the tenant', async () => {
    const journey = await new Journey(database).begin();
    const application = { id: crypto.randomUUID(), appId: crypto.randomUUID() };
    const prefix = `extension_${application.appId.replaceAll('-', '')}`;
    await journey.storage.write(async (stores) => {
      for (const [name, dataType] of [
        ['loyalty', 'String'],
        ['wantsNews', 'Boolean'],
        ['children', 'Integer'],
        ['born', 'DateTime'],
      ] as const) {
        await declareExtensionProperty(stores, journey.act(), application, {
          name,
          dataType,
          isMultiValued: false,
          targetKinds: ['user'],
        });
      }
      await saveFlow(stores, journey.act(), {
        ...customerFlow,
        name: flow,
        type: 'signUpOrSignIn',
        attributes: [
          { name: 'givenName', isRequired: true },
          { name: 'surname', isRequired: false },
          { name: 'ageGroup', isRequired: false },
          { name: `${prefix}_loyalty`, isRequired: false },
          { name: `${prefix}_wantsNews`, isRequired: false },
          { name: `${prefix}_children`, isRequired: false },
          { name: `${prefix}_born`, isRequired: false },
        ],
      });
    });
    const browser = await askForCode(journey, 'marge@example.com');
    await browser.submit({ code: journey.codeFor('marge@example.com') }, 'submit');
    assert.match(browser.page.text, />loyalty/);
    const typed = {
      givenName: 'Marge',
      ageGroup: 'Adult',
      [`${prefix}_loyalty`]: 'gold',
      [`${prefix}_wantsNews`]: 'true',
      [`${prefix}_children`]: 'three',
      [`${prefix}_born`]: '1956-10-01',
      ...chosen,
    };
    await browser.submit(typed, 'submit');
    assert.match(browser.page.text, /children-error">This cannot be right/);
    await browser.submit({ ...typed, [`${prefix}_children`]: '3' }, 'submit');
    const { userId } = await journey.completed(browser);
    const { attributes } = (await journey.storage.read.objects.find(journey.tenant.id, userId)) ?? {};
    const { identities: _, userPrincipalName: __, lastPasswordChangeDateTime: ___, ...rest } = attributes ?? {};
    assert.deepEqual(rest, {
      accountEnabled: true,
      ageGroup: 'Adult',
      creationType: 'LocalAccount',
      displayName: 'Marge',
      givenName: 'Marge',
      userType: 'Member',
      [`${prefix}_loyalty`]: 'gold',
      [`${prefix}_wantsNews`]: true,
      [`${prefix}_children`]: 3,
      [`${prefix}_born`]: '1956-10-01T00:00:00.000Z',
    });
  });

  test('somebody signs up with a user name when the flow has no addresses', async () => {
    const journey = await new Journey(database).begin({ name: flow, type: 'signUp', accountNames: ['userName'] });
    const browser = journey.browser();
    await journey.interact(browser, { flow });
    await browser.submit({ userName: 'marge@example.com', displayName: 'Marge', ...chosen }, 'submit');
    assert.match(browser.page.text, /userName-error">Use letters/);
    await browser.submit({ userName: 'marge', displayName: 'Marge', ...chosen }, 'submit');
    assert.equal((await journey.completed(browser)).isNewUser, true);
    assert.equal((await journey.ask(browser, { flow })).outcome, 'interaction');
  });

  for (const [type, problem] of [
    [{ attributes: [{ name: 'accountEnabled', isRequired: true }] }, /cannot ask for accountEnabled/],
    [{ attributes: [{ name: 'extension_x_y', isRequired: true }] }, /cannot ask for extension_x_y/],
    [{ name: 'no spaces' }, /must be named/],
    [{ accountNames: [] }, /at least one kind of name/],
    [{ terms: { version: '1', url: 'javascript:alert(1)' } }, /by https/],
  ] as const) {
    test(`a flow is refused that ${problem.source}`, async () => {
      const journey = await setUp();
      const saving = journey.storage.write((stores) =>
        saveFlow(stores, journey.act(), { ...customerFlow, name: 'x1', type: 'signUp', ...type }),
      );
      await assert.rejects(saving, { code: 'user-flows.flow_invalid', message: problem });
    });
  }
});
