import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateUser } from '../../src/directory/index.ts';
import { provePassword } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { browserValue, hasher, Journey, password } from './journey.ts';

const flow = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn' } as const;
const profile = { name: 'B2C_1_Profile', type: 'profileEditing' } as const;
const marge = 'marge@example.com';

onEachDatabase((database) => {
  const setUp = () => new Journey(database).begin(flow, profile);

  test('bad-inputs 23: no page of a sign-in can be framed, loads from elsewhere, posts elsewhere or is kept', async () => {
    const journey = await setUp();
    await journey.customer(marge);
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    const pages = [browser.page];
    for (const action of ['signUp', 'cancel']) pages.push(await browser.submit({}, action));
    pages.push(await browser.open(`/${journey.tenant.id}/sign-in/${crypto.randomUUID()}`));
    for (const { title, headers } of pages) {
      const policy = String(headers['content-security-policy']);
      for (const rule of ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]) {
        assert.ok(policy.split('; ').includes(rule), `${title}: ${rule}`);
      }
      assert.doesNotMatch(policy, /unsafe|https?:|\*/, title);
    }
  });

  test('bad-inputs 23: a form is answered by a redirect that drops what was posted', async () => {
    const journey = await setUp();
    await journey.customer(marge);
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    const { action, fields } = browser.form();
    const route = journey.routes.find(({ method, path }) => method === 'POST' && path.includes('/sign-in/'));
    assert.ok(route);
    const url = new URL(action, 'https://hub.example');
    const [, tenant = '', , id = ''] = url.pathname.split('/');
    const answer = await route.handle({
      method: 'POST',
      url,
      parameters: { tenant, id },
      headers: {
        cookie: [...browser.cookies].map((pair) => pair.join('=')).join('; '),
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new TextEncoder().encode(new URLSearchParams({ ...fields, name: marge, password }).toString()),
      remoteAddress: '192.0.2.1',
      requestId: crypto.randomUUID(),
      admitTenant: () => {},
    });
    // RFC 9110 15.4.8: after 307 or 308 a browser would post the password again.
    assert.equal(answer.status, 303);
    assert.equal(answer.headers?.['location'], url.pathname);
  });

  test('bad-inputs 23: cookies that other hosts of the domain can set are not read', async () => {
    const journey = await setUp();
    await journey.customer(marge);
    const browser = journey.browser();
    await journey.interact(browser, { flow: flow.name });
    await browser.submit({ name: marge, password }, 'submit');
    await journey.completed(browser);
    const { secret, sessionSecret } = browserValue(browser, journey.tenant.id);
    const victim = journey.browser();
    // RFC 6265bis 4.1.3.2: only the names with the prefix cannot be set for a whole domain.
    victim.cookies.set('browser', secret ?? '').set(`session-${journey.tenant.id}`, sessionSecret ?? '');
    await journey.interact(victim, { flow: flow.name });
    assert.equal(victim.page.title, 'Sign in');
  });

  test('bad-inputs 26: whoever cannot sign in takes the work of a wrong password: one hash is computed', async () => {
    const journey = await setUp();
    const { tenant, storage, now } = journey;
    await journey.customer(marge);
    await journey.customer('locked@example.com');
    const disabled = await journey.customer('disabled@example.com');
    const federated = await journey.customer('federated@example.com');
    await storage.write(async (stores) => {
      await updateUser(stores, journey.act(), disabled, { accountEnabled: false });
      await stores.passwords.remove(tenant.id, federated);
    });
    let verified = 0;
    const counting = {
      ...hasher,
      verify: (...given: Parameters<typeof hasher.verify>) => {
        verified++;
        return hasher.verify(...given);
      },
    };
    const proves = async (name: string, typed: string) => {
      verified = 0;
      const means = { stores: storage.read, write: storage.write.bind(storage), hasher: counting };
      const shared = { tenant, kinds: ['emailAddress'] as const, browserDigest: undefined, now };
      const tried = { ...shared, name: `${name}@example.com`, password: typed, address: '192.0.2.1' };
      const { isProven } = await provePassword(means, tried);
      assert.equal(verified, 1, name);
      return isProven;
    };
    for (let failure = 0; failure < 10; failure++) await proves('locked', 'wrong password');
    for (const name of ['unknown', 'disabled', 'federated', 'locked'])
      assert.equal(await proves(name, password), false);
    assert.equal(await proves('marge', password), true);
  });

  test('bad-inputs 24: whatever is posted to the profile, only what it asks for is changed', async () => {
    const journey = await setUp();
    const userId = await journey.customer(marge);
    const app = { id: crypto.randomUUID(), kind: 'totp', displayName: 'App', counter: 0, lastUsedAt: null } as const;
    await journey.storage.write(({ authenticationMethods }) =>
      authenticationMethods.insert(journey.tenant.id, userId, { ...app, createdAt: journey.now }, 'seed'),
    );
    const browser = journey.browser();
    await journey.interact(browser, { flow: profile.name });
    await browser.submit({ name: marge, password }, 'submit');
    const { action, fields } = browser.form();
    const more = {
      remove: app.id,
      accountEnabled: 'false',
      userPrincipalName: 'admin@example.com',
      mail: 'a@b.example',
    };
    await browser.post(action, new URLSearchParams({ ...fields, ...more, displayName: 'Marjorie', action: 'submit' }));
    await journey.completed(browser);
    const user = await journey.storage.read.objects.find(journey.tenant.id, userId);
    const { displayName, accountEnabled, mail, userPrincipalName } = user?.attributes ?? {};
    assert.deepEqual([displayName, accountEnabled, mail], ['Marjorie', true, undefined]);
    assert.notEqual(userPrincipalName, more.userPrincipalName);
    assert.equal((await journey.storage.read.authenticationMethods.list(journey.tenant.id, userId)).length, 1);
  });
});
