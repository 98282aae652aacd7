import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServicePrincipal, grantPermission, registerApplication } from '../../src/applications/index.ts';
import type { RequestedSignIn } from '../../src/sign-in/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey, password } from './journey.ts';
import type { TestBrowser } from './test-browser.ts';

const customers = { name: 'B2C_1_SignIn', type: 'signIn' } as const;

onEachDatabase((database) => {
  /** A tenant with an API and an application that wants to call it. */
  async function setUp() {
    const journey = await new Journey(database).begin(customers);
    const userId = await journey.staff('homer');
    const scope = (value: string, type: string) => ({
      id: crypto.randomUUID(),
      value,
      type,
      isEnabled: true,
      adminConsentDisplayName: `Do ${value}`,
      adminConsentDescription: `Does ${value}.`,
      userConsentDisplayName: `Do ${value} for you`,
    });
    const [api, web] = await journey.storage.write(async (stores) => {
      const act = journey.act();
      const permissions = [scope('Read', 'User'), scope('Write', 'User'), scope('Purge', 'Admin')];
      const registered = await registerApplication(stores, act, {
        displayName: 'Insurance API',
        api: { oauth2PermissionScopes: permissions },
      });
      const client = await registerApplication(stores, act, { displayName: 'Insurance Web' });
      return [
        await createServicePrincipal(stores, act, registered.attributes.appId),
        await createServicePrincipal(stores, act, client.attributes.appId),
      ] as const;
    });
    const wanting = (...scopes: string[]): Partial<RequestedSignIn> => ({
      application: { id: web.id, appId: web.attributes.appId, displayName: 'Insurance Web' },
      scopes: [
        { resourceId: null, scopes: ['openid'] },
        { resourceId: api.id, scopes },
      ],
    });
    const browser = journey.browser();
    const signIn = () => browser.submit({ name: `homer@${journey.tenant.name}.onmicrosoft.com`, password }, 'submit');
    return { journey, browser, userId, api, web, wanting, signIn };
  }

  function granted(apiId: string, ...scopes: string[]) {
    return [
      { resourceId: null, scopes: ['openid'] },
      { resourceId: apiId, scopes },
    ];
  }

  test('a user consents once, and again when more is asked for', async () => {
    const { journey, browser, api, wanting, signIn } = await setUp();
    await journey.interact(browser, wanting('Read'));
    await signIn();
    assert.equal(browser.page.title, 'Insurance Web asks for your permission');
    assert.match(browser.page.text, /<h2>Insurance API<\/h2><ul class="cs-list"><li>Do Read for you/);
    await browser.submit({}, 'submit');
    assert.deepEqual((await journey.completed(browser)).granted, granted(api.id, 'Read'));
    const again = await journey.ask(browser, wanting('Read'));
    assert.ok(again.outcome === 'completed');
    assert.deepEqual(again.signIn.granted, granted(api.id, 'Read'));

    assert.deepEqual(await journey.ask(browser, { ...wanting('Read', 'Write'), prompts: ['none'] }), {
      outcome: 'refused',
      reason: 'consent_required',
    });
    await journey.interact(browser, wanting('Read', 'Write'));
    assert.doesNotMatch(browser.page.text, /Do Read/);
    await browser.submit({}, 'submit');
    assert.deepEqual((await journey.completed(browser)).granted, granted(api.id, 'Read', 'Write'));
  });

  test('bad-inputs 21: nothing is granted to an application whose user does not agree', async () => {
    const { journey, browser, wanting, signIn } = await setUp();
    await journey.interact(browser, wanting('Read'));
    await signIn();
    await browser.submit({}, 'cancel');
    assert.deepEqual((await journey.result(browser)).outcome, { outcome: 'refused', reason: 'access_denied' });
    assert.deepEqual(await journey.storage.read.permissionGrants.list(journey.tenant.id, {}, 10), []);
  });

  test('bad-inputs 21: a user cannot consent to what is for administrators', async () => {
    const { journey, browser, api, web, userId, wanting, signIn } = await setUp();
    await journey.interact(browser, wanting('Purge'));
    await signIn();
    assert.deepEqual((await journey.result(browser)).outcome, { outcome: 'refused', reason: 'consent_required' });
    await journey.storage.write((stores) =>
      grantPermission(stores, journey.act(), {
        clientId: web.id,
        resourceId: api.id,
        principalId: null,
        scope: 'Purge',
      }),
    );
    const other: TestBrowser = journey.browser();
    await journey.interact(other, wanting('Purge'));
    await other.submit({ name: `homer@${journey.tenant.name}.onmicrosoft.com`, password }, 'submit');
    const completed = await journey.completed(other);
    assert.deepEqual([completed.userId, completed.granted], [userId, granted(api.id, 'Purge')]);
  });

  test('customers are not asked: what no administrator has consented to is refused', async () => {
    const { journey, browser, wanting } = await setUp();
    await journey.customer('marge@example.com');
    await journey.interact(browser, { ...wanting('Read'), flow: customers.name });
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    assert.deepEqual((await journey.result(browser)).outcome, { outcome: 'refused', reason: 'consent_required' });
  });

  test('OIDC Core 3.1.2.1: prompt=consent asks although everything was consented to', async () => {
    const { journey, browser, wanting, signIn } = await setUp();
    await journey.interact(browser, { ...wanting(), prompts: ['consent'] });
    await signIn();
    assert.match(browser.page.title, /asks for your permission/);
    await browser.submit({}, 'submit');
    await journey.completed(browser);
  });

  test('a scope that the resource does not have is never granted', async () => {
    const { journey, browser, api, wanting, signIn } = await setUp();
    await journey.interact(browser, wanting('Unknown'));
    await signIn();
    assert.deepEqual((await journey.completed(browser)).granted, granted(api.id));
  });
});
