import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateUser } from '../../src/directory/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { changeProvider, createProvider, type ProviderInput } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { Journey } from '../sign-in/journey.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import { FakeOidcProvider } from './fake-oidc-provider.ts';

const flow = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn', providers: ['MyCompany'] } as const;
const asked = { flow: flow.name, domainHint: 'MyCompany' };

async function open(database: OpenedDatabase, input: ProviderInput = {}) {
  const journey = await new Journey(database).begin(flow);
  const provider = new FakeOidcProvider('https://idp.example', () => journey.now);
  journey.upstreamFetch = provider.fetch;
  const trust = {
    id: 'MyCompany',
    displayName: 'My Company',
    issuer: provider.issuer,
    createsUsers: true,
    oidc: { clientId: provider.clientId },
    ...input,
  };
  await journey.storage.write((stores) => createProvider(stores, journey.act(), trust, provider.secret));
  return { journey, provider };
}

/** Goes to the provider and comes back. */
async function visit(browser: TestBrowser, provider: FakeOidcProvider, answer: Record<string, string> = {}) {
  return browser.open(provider.authorize(browser.continuesTo(), answer));
}

onEachDatabase((database) => {
  test('OIDC Core 3.1: a person who signed in at the provider is signed in here, with an account of her own', async () => {
    const { journey, provider } = await open(database);
    const browser = journey.browser();
    await journey.interact(browser, asked);
    await visit(browser, provider);
    const first = await journey.completed(browser);
    assert.deepEqual([first.isNewUser, first.methods, first.context], [true, ['fed'], 'singleFactor']);
    const user = await journey.storage.read.objects.find(journey.tenant.id, first.userId);
    const { displayName, givenName, surname, identities } = user?.attributes ?? {};
    assert.deepEqual([displayName, givenName, surname], ['Marge Simpson', 'Marge', 'Simpson']);
    assert.deepEqual(identities, [{ signInType: 'federated', issuer: provider.issuer, issuerAssignedId: 'marge-1' }]);

    const other = journey.browser();
    await journey.interact(other, asked);
    await visit(other, provider);
    const second = await journey.completed(other);
    assert.deepEqual([second.userId, second.isNewUser], [first.userId, false]);
  });

  test('OIDC Core 5.4: of whom the ID token says nothing, the user information is asked', async () => {
    const { journey, provider } = await open(database);
    provider.wrong = { name: undefined, given_name: undefined, family_name: undefined };
    const browser = journey.browser();
    await journey.interact(browser, asked);
    await visit(browser, provider);
    const { userId } = await journey.completed(browser);
    const user = await journey.storage.read.objects.find(journey.tenant.id, userId);
    assert.equal(user?.attributes['displayName'], 'Marge Simpson');
  });

  test('a session that began at the provider answers for another application', async () => {
    const { journey, provider } = await open(database);
    const browser = journey.browser();
    await journey.interact(browser, asked);
    await visit(browser, provider);
    const { userId } = await journey.completed(browser);
    const begun = await journey.ask(browser, { flow: flow.name });
    assert.ok(begun.outcome === 'completed');
    assert.equal(begun.signIn.userId, userId);
  });

  test('OIDC Core 3.1.2.1: what was asked of us is asked of the provider', async () => {
    const { journey, provider } = await open(database, { isMultiFactorTrusted: true });
    const browser = journey.browser();
    const wanted = {
      prompts: ['login'],
      loginHint: 'marge@example.com',
      contexts: ['multiFactor'],
      uiLocales: ['de'],
    } as const;
    await journey.interact(browser, { ...asked, ...wanted });
    const { searchParams } = browser.continuesTo();
    assert.deepEqual(
      ['scope', 'login_hint', 'prompt', 'max_age', 'ui_locales'].map((name) => searchParams.get(name)),
      ['openid profile email', 'marge@example.com', 'login', '0', 'de en'],
    );
    assert.match(searchParams.get('acr_values') ?? '', /refeds/);
    provider.person = { ...provider.person, amr: ['pwd', 'mfa'] };
    await visit(browser, provider);
    const signIn = await journey.completed(browser);
    assert.deepEqual([signIn.context, signIn.methods], ['multiFactor', ['fed', 'mfa']]);
  });

  test('several factors at a provider that is not trusted for them do not count', async () => {
    const { journey, provider } = await open(database);
    provider.person = { ...provider.person, amr: ['mfa'] };
    const browser = journey.browser();
    await journey.interact(browser, asked);
    await visit(browser, provider);
    assert.equal((await journey.completed(browser)).context, 'singleFactor');
  });

  test('OIDC Core 3.1.2.1: the time of authentication is the provider’s, and a passed max_age asks it again', async () => {
    const { journey, provider } = await open(database);
    const browser = journey.browser();
    await journey.interact(browser, asked);
    const earlier = Number(journey.now) / 1000 - 3000;
    provider.wrong = { auth_time: earlier };
    await visit(browser, provider);
    assert.equal(Number((await journey.completed(browser)).authenticatedAt), earlier * 1000);
    await journey.interact(browser, { ...asked, maxAgeSeconds: 600 });
    assert.equal(browser.continuesTo().searchParams.get('max_age'), '600');
    assert.match((await visit(browser, provider)).text, /cannot be trusted/);
  });

  for (const [what, wrong] of [
    ['RFC 9207 2.4: an answer of another issuer is refused (bad-inputs 21)', { iss: 'https://attacker.example' }],
    ['RFC 9207 2.4: an answer without issuer is refused where the provider says that it names itself', { iss: '' }],
    ['OIDC Core 3.1.2.5: a code that the provider does not know is refused', { code: 'guessed' }],
  ] as const) {
    test(what, async () => {
      const { journey, provider } = await open(database);
      const browser = journey.browser();
      await journey.interact(browser, asked);
      const page = await visit(browser, provider, wrong);
      assert.match(page.text, /cannot be trusted|did not let you in/);
      assert.equal(provider.asked.get('/keys'), undefined);
    });
  }

  for (const [what, wrong] of [
    ['issuer', { iss: 'https://attacker.example' }],
    ['audience', { aud: 'another client' }],
    ['authorized party', { aud: ['hub', 'another client'], azp: 'another client' }],
    ['nonce', { nonce: 'of another sign-in' }],
    ['time of expiry', { exp: 1 }],
    ['subject', { sub: '' }],
  ] as const) {
    test(`OIDC Core 3.1.3.7: an ID token with a wrong ${what} is refused`, async () => {
      const { journey, provider } = await open(database);
      provider.wrong = wrong;
      const browser = journey.browser();
      await journey.interact(browser, asked);
      assert.match((await visit(browser, provider)).text, /cannot be trusted/);
    });
  }

  test('bad-inputs 14: an ID token with an algorithm that the trust does not allow is refused', async () => {
    const { journey, provider } = await open(database, { oidc: { clientId: 'hub', algorithms: ['ES256'] } });
    const browser = journey.browser();
    await journey.interact(browser, asked);
    assert.match((await visit(browser, provider)).text, /cannot be trusted/);
  });

  test('OIDC Core 10.1.1: a new key of the provider is found, and a key that it does not publish is refused', async () => {
    const { journey, provider } = await open(database);
    const signIn = async () => {
      const browser = journey.browser();
      await journey.interact(browser, asked);
      return { browser, page: await visit(browser, provider) };
    };
    await journey.completed((await signIn()).browser);
    provider.signWithAnotherKey();
    assert.match((await signIn()).page.text, /cannot be trusted/);
  });

  test('bad-inputs 21: an answer counts in the sign-in and in the browser that asked for it only', async () => {
    const { journey, provider } = await open(database);
    const [victim, attacker] = [journey.browser(), journey.browser()];
    await journey.interact(attacker, asked);
    const answer = provider.authorize(attacker.continuesTo());
    await journey.interact(victim, asked);
    assert.equal((await victim.open(answer)).status, 404);
    const foreign = new URL(answer, 'https://hub.example');
    foreign.searchParams.set('state', `${foreign.searchParams.get('state')?.split('.')[0]}.forged`);
    assert.equal((await attacker.open(foreign.pathname + foreign.search)).status, 403);
  });

  test('an answer that comes twice changes nothing the second time', async () => {
    const { journey, provider } = await open(database);
    const browser = journey.browser();
    await journey.interact(browser, asked);
    const answer = provider.authorize(browser.continuesTo());
    await browser.open(answer);
    assert.equal((await journey.completed(browser)).isNewUser, true);
    assert.equal((await browser.open(answer)).status, 404);
  });

  test('whoever gives up at the provider chooses again', async () => {
    const { journey, provider } = await open(database);
    const browser = journey.browser();
    await journey.interact(browser, asked);
    const page = await visit(browser, provider, { code: '', error: 'access_denied' });
    assert.match(page.text, /You did not sign in at My Company/);
    await browser.submit({}, 'provider=MyCompany');
    await visit(browser, provider);
    await journey.completed(browser);
  });

  test('a provider that is away leaves the other ways open', async () => {
    const { journey, provider } = await open(database);
    provider.isAway = true;
    const browser = journey.browser();
    await journey.interact(browser, asked);
    assert.match(browser.page.text, /cannot be reached right now/);
    await browser.submit({ name: 'homer@example.com' }, 'submit');
    assert.match(browser.page.text, /name="password"/);
  });

  test('whom nobody here knows is let in only where the provider makes users', async () => {
    const { journey, provider } = await open(database, { createsUsers: false });
    const browser = journey.browser();
    await journey.interact(browser, asked);
    assert.match((await visit(browser, provider)).text, /There is no account here/);
    const [event] = await journey.storage.read.signInEvents.list(journey.tenant.id, {}, 1);
    assert.deepEqual([event?.failure, event?.failedStep], ['upstream_unknown_user', 'upstream']);
  });

  test('bad-inputs 17: an e-mail address that equals that of somebody here never leads to that account', async () => {
    const { journey, provider } = await open(database);
    const margeHere = await journey.customer('marge@example.com', { mail: 'marge@example.com' });
    provider.person = {
      ...provider.person,
      email: 'marge@example.com',
      email_verified: true,
      upn: 'marge@example.com',
    };
    const browser = journey.browser();
    await journey.interact(browser, asked);
    assert.match((await visit(browser, provider)).text, /There is an account for marge@example\.com here/);
    await browser.submit({}, 'create');
    await browser.submit({}, 'submit');
    const signIn = await journey.completed(browser);
    assert.notEqual(signIn.userId, margeHere);
    assert.equal(signIn.isNewUser, true);
  });

  test('bad-inputs 17: subjects that differ in case are different people', async () => {
    const { journey, provider } = await open(database);
    const users = new Set<string>();
    for (const sub of ['abc', 'ABC']) {
      provider.person = { ...provider.person, sub };
      const browser = journey.browser();
      await journey.interact(browser, asked);
      await visit(browser, provider);
      users.add((await journey.completed(browser)).userId);
    }
    assert.equal(users.size, 2);
  });

  test('a disabled user is told so and does not come in', async () => {
    const { journey, provider } = await open(database);
    const first = journey.browser();
    await journey.interact(first, asked);
    await visit(first, provider);
    const { userId } = await journey.completed(first);
    await journey.storage.write((stores) => updateUser(stores, journey.act(), userId, { accountEnabled: false }));
    const browser = journey.browser();
    await journey.interact(browser, asked);
    assert.match((await visit(browser, provider)).text, /Your account here is disabled/);
  });

  test('a disabled provider, or one that the flow does not have, is not gone to', async () => {
    const { journey } = await open(database);
    await journey.storage.write((stores) => changeProvider(stores, journey.act(), 'mycompany', { isEnabled: false }));
    const browser = journey.browser();
    await journey.interact(browser, asked);
    assert.match(browser.page.text, /name="password"/);
  });

  test('OAuth 2.0 without OpenID Connect is known by its user information', async () => {
    const endpoints = {
      authorization: 'https://idp.example/authorize',
      token: 'https://idp.example/token',
      userInfo: 'https://idp.example/userinfo',
      jwks: null,
    };
    const oidc = {
      clientId: 'hub',
      endpoints,
      identifiedBy: 'userInfo',
      subjectClaim: 'id',
      scopes: ['read:user'],
    } as const;
    const { journey, provider } = await open(database, { issuer: 'code.example', oidc });
    provider.person = { id: 4711, login: 'marge', name: 'Marge Simpson' };
    const browser = journey.browser();
    await journey.interact(browser, asked);
    assert.equal(browser.continuesTo().searchParams.get('nonce'), null);
    await browser.open(provider.authorize(browser.continuesTo(), { iss: '' }));
    const { userId } = await journey.completed(browser);
    const user = await journey.storage.read.objects.find(journey.tenant.id, userId);
    assert.deepEqual(user?.attributes['identities'], [
      { signInType: 'federated', issuer: 'code.example', issuerAssignedId: '4711' },
    ]);
  });
});
