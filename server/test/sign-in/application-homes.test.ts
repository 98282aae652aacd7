import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServicePrincipal, registerApplication, updateServicePrincipal } from '../../src/applications/index.ts';
import { signInByPassword } from '../../src/sign-in/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { createProvider } from '../../src/upstream-providers/index.ts';
import { customerFlow } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { FakeOidcProvider } from '../upstream/fake-oidc-provider.ts';
import { hasher, Journey, password } from './journey.ts';

const flow = {
  name: 'B2C_1_in',
  type: 'signUpOrSignIn',
  providers: null,
  accountNames: ['userPrincipalName'],
} as const;

/** A tenant with two providers, an application that takes people of one place, and another that takes all. */
async function open(database: OpenedDatabase, identityProviders: string[]) {
  const journey = await new Journey(database).begin(flow);
  await journey.staff('marge');
  const name = `marge@${journey.tenant.name}.onmicrosoft.com`;
  const provider = new FakeOidcProvider('https://idp.example', () => journey.now);
  journey.upstreamFetch = provider.fetch;
  const application = await journey.storage.write(async (stores) => {
    const act = journey.act();
    const common = { createsUsers: true, oidc: { clientId: 'hub' } };
    const company = { ...common, id: 'Company', displayName: 'Company', issuer: provider.issuer };
    await createProvider(stores, act, company, provider.secret);
    await createProvider(stores, act, {
      ...common,
      id: 'Other',
      displayName: 'Other',
      issuer: 'https://other.example',
      domains: ['other.example'],
    });
    const { attributes } = await registerApplication(stores, act, { displayName: 'Orders' });
    const { id } = await createServicePrincipal(stores, act, attributes.appId);
    await updateServicePrincipal(stores, act, id, { identityProviders });
    return { id, appId: attributes.appId, displayName: 'Orders' };
  });
  return { journey, provider, name, application };
}

onEachDatabase((database) => {
  test('an application that takes people of one provider sends everybody there, whatever the hints', async () => {
    const { journey, application } = await open(database, ['company']);
    for (const asked of [{}, { domainHint: 'other.example' }, { loginHint: 'homer@other.example' }]) {
      const browser = journey.browser();
      await journey.interact(browser, { application, ...asked });
      assert.equal(browser.continuesTo().origin, 'https://idp.example');
    }
  });

  test('a session from another place does not count there, and counts elsewhere', async () => {
    const { journey, application, provider, name } = await open(database, ['Company']);
    const browser = journey.browser();
    await journey.interact(browser);
    await browser.submit({ name }, 'submit');
    await browser.submit({ name, password }, 'submit');
    await journey.completed(browser);
    assert.equal((await journey.ask(browser)).outcome, 'completed');

    await journey.interact(browser, { application });
    provider.person = { sub: 'marge-1' };
    await browser.open(provider.authorize(browser.continuesTo()));
    await journey.completed(browser);
    assert.equal((await journey.ask(browser, { application })).outcome, 'completed', 'now it does');
  });

  test('an application for accounts of the tenant offers no provider', async () => {
    const { journey, application, name } = await open(database, ['local']);
    const browser = journey.browser();
    await journey.interact(browser, { application, domainHint: 'Company' });
    assert.doesNotMatch(browser.page.text, /Company|Other/);
    await browser.submit({ name, password }, 'submit');
    await journey.completed(browser);
  });

  test('no account is made here for an application that takes none of here', async () => {
    const { journey, application } = await open(database, ['Company', 'Other']);
    const browser = journey.browser();
    await journey.interact(browser, { application, flow: flow.name });
    assert.match(browser.page.text, /Company.*Other/s);
    assert.doesNotMatch(browser.page.text, /name="action" value="signUp"|name="password"/);
  });

  test('programs get nothing for a password, either', async () => {
    const { journey, application, name } = await open(database, ['Company']);
    const sent = { tenant: journey.tenant, flow: { ...customerFlow, ...flow, accountNames: [...flow.accountNames] } };
    const ask = (asking: typeof application) =>
      signInByPassword(journey.storage, hasher, journey.act(), {
        ...sent,
        application: asking,
        name,
        password,
        address: '192.0.2.1',
        userAgent: 'Test',
      });
    assert.equal((await ask(application)).outcome, 'refused');
    assert.equal((await ask({ id: 'web', appId: 'web-app', displayName: 'Web' })).outcome, 'completed');
  });
});
