import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDomain, updateUser, verifyDomain } from '../../src/directory/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { createProvider, federateDomains, removeProvider } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey, password } from '../sign-in/journey.ts';
import { FakeOidcProvider } from './fake-oidc-provider.ts';

async function open(database: OpenedDatabase) {
  const journey = await new Journey(database).begin();
  const domain = `${journey.tenant.name}.example`;
  const name = `marge@${domain}`;
  const userId = await journey.staff('marge');
  const provider = new FakeOidcProvider('https://idp.example', () => journey.now);
  journey.upstreamFetch = provider.fetch;
  const trust = await journey.storage.write(async (stores) => {
    const act = journey.act();
    await addDomain(stores, act, domain);
    await verifyDomain(stores, act, domain, { by: 'operator' });
    await updateUser(stores, act, userId, { userPrincipalName: name });
    const input = { id: 'Company', displayName: 'Company', issuer: provider.issuer, oidc: { clientId: 'hub' } };
    return createProvider(stores, act, input, provider.secret);
  });
  const federate = (domains: string[], isConfirmed: boolean) =>
    journey.storage.write((stores) => federateDomains(stores, journey.act(), trust, domains, isConfirmed));
  return { journey, domain, name, provider, federate, userId };
}

onEachDatabase((database) => {
  test('who moves a domain to a provider is told first what changes', async () => {
    const { federate, domain } = await open(database);
    await assert.rejects(federate([domain], false), {
      code: 'upstream-providers.federation_unconfirmed',
      message: /how 1 people sign in.*Company only: .*passwords, passkeys and sessions here stop working/,
    });
    await federate([domain], true);
    await federate([domain], false);
  });

  test('only verified domains of the tenant can be moved, and never the initial one', async () => {
    const { federate, journey } = await open(database);
    for (const domain of ['other.example', `${journey.tenant.name}.onmicrosoft.com`]) {
      await assert.rejects(federate([domain], true), { code: 'upstream-providers.domain_not_own' });
    }
  });

  test('people of a moved domain keep their account, sign in at the provider only, and are told apart afterwards', async () => {
    const { journey, federate, domain, name, provider, userId } = await open(database);
    const before = journey.browser();
    await journey.interact(before);
    await before.submit({ name }, 'submit');
    await before.submit({ name, password }, 'submit');
    assert.equal((await journey.completed(before)).userId, userId);

    await federate([domain], true);
    assert.equal((await journey.ask(before)).outcome, 'interaction', 'the session from before ends');
    const browser = journey.browser();
    await journey.interact(browser);
    await browser.submit({ name }, 'submit');
    provider.person = { sub: 'marge-1', upn: name.toUpperCase() };
    await browser.open(provider.authorize(browser.continuesTo()));
    assert.equal((await journey.completed(browser)).userId, userId);

    // bad-inputs 17: another subject with the same name is somebody else.
    provider.person = { sub: 'stranger', upn: name };
    const stranger = journey.browser();
    await journey.interact(stranger, { domainHint: domain });
    assert.match((await stranger.open(provider.authorize(stranger.continuesTo()))).text, /belongs to somebody else/);
  });

  test('no way around leads to a password that stopped working', async () => {
    const { journey, federate, domain, name } = await open(database);
    await federate([domain], true);
    const browser = journey.browser();
    await journey.interact(browser);
    await browser.submit({ name: 'somebody' }, 'submit');
    await browser.submit({ name, password }, 'submit');
    assert.match(browser.page.text, /We cannot sign you in/);
    const [event] = await journey.storage.read.signInEvents.list(journey.tenant.id, {}, 1);
    assert.equal(event?.failure, 'account_federated');
  });

  test('a provider to which domains were moved stays until they are back', async () => {
    const { journey, federate, domain } = await open(database);
    await federate([domain], true);
    const remove = () => journey.storage.write((stores) => removeProvider(stores, journey.act(), 'Company'));
    await assert.rejects(remove(), { code: 'upstream-providers.federates_domains' });
    await federate([], true);
    await remove();
  });
});
