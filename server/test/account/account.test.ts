import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import {
  assignAppRole,
  createServicePrincipal,
  grantPermission,
  registerApplication,
  saveRelyingParty,
  updateServicePrincipal,
} from '../../src/applications/index.ts';
import { onEachDatabase } from '../databases.ts';
import { browserValue, Journey, password } from '../sign-in/journey.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';

const plain = { name: 'B2C_1_SignIn', type: 'signUpOrSignIn' } as const;
const marge = 'marge@example.com';

onEachDatabase((database) => {
  async function signedIn() {
    const journey = await new Journey(database).begin(plain);
    const userId = await journey.customer(marge);
    journey.pass(60);
    const browser = journey.browser();
    await open(journey, browser);
    return { journey, userId, browser };
  }

  /** Goes to the account page, signing in where that is asked. */
  async function open(journey: Journey, browser: TestBrowser, name = marge, used = password): Promise<void> {
    await browser.open(`/${journey.tenant.name}.onmicrosoft.com/account`);
    if (browser.page.title !== 'Sign in') return;
    await browser.submit({ name, password: used }, 'submit');
    await back(browser);
    assert.equal(browser.page.title, 'Your account');
  }

  /** Follows the page that ends a sign-in. */
  async function back(browser: TestBrowser): Promise<void> {
    const url = browser.continuesTo();
    assert.match(url.pathname, /\/account\/back$/);
    await browser.open(url.pathname + url.search);
  }

  /** Registers an authenticator app; gives its seed. */
  async function withApp(journey: Journey, browser: TestBrowser): Promise<string> {
    await browser.submit({}, 'task=registerTotp');
    assert.equal(browser.page.title, 'Set up your authenticator app');
    const seed = /<code>([A-Z2-7 ]+)<\/code>/.exec(browser.page.text)?.[1]?.replaceAll(' ', '') ?? '';
    await browser.submit({ code: codeOf(seed, journey.now) }, 'submit');
    assert.equal(browser.page.title, 'Note your recovery codes');
    await browser.submit({}, 'submit');
    await back(browser);
    assert.match(browser.page.text, /Your change was saved/);
    return seed;
  }

  test('the account page shows details, ways to sign in, sessions and consents, after a sign-in', async () => {
    const { journey, browser } = await signedIn();
    for (const text of ['Marge Simpson', marge, 'Password', 'This device', 'Add a passkey', 'None.']) {
      assert.ok(browser.page.text.includes(text), text);
    }
    assert.equal(browser.page.headers['cache-control'], 'no-store');
    const nobody = journey.browser();
    await nobody.open('/no-such-tenant/account');
    assert.equal(nobody.page.status, 404);
  });

  test('details are changed in the open session; the session of another user does not do it', async () => {
    const { journey, userId, browser } = await signedIn();
    journey.pass(3600);
    await browser.submit({}, 'task=profile');
    assert.equal(browser.page.title, 'Your profile');
    await browser.submit({ displayName: 'Marge Bouvier' }, 'submit');
    await back(browser);
    assert.match(browser.page.text, /Your change was saved[\s\S]*Marge Bouvier/);
    const user = await journey.storage.read.objects.find(journey.tenant.id, userId);
    assert.equal(user?.attributes['displayName'], 'Marge Bouvier');
  });

  test('bad-inputs 24: an open session is not enough to change how somebody signs in', async () => {
    const { journey, browser } = await signedIn();
    const seed = await withApp(journey, browser);
    journey.pass(3600);
    for (const task of [
      'newPassword',
      'changeEmail',
      'registerTotp',
      'registerPhone',
      'registerPasskey',
      'newRecoveryCodes',
    ]) {
      await open(journey, browser);
      await browser.submit({}, `task=${task}`);
      assert.equal(browser.page.title, 'Sign in', task);
    }
    await browser.submit({ name: marge, password }, 'submit');
    assert.equal(browser.page.title, 'Confirm that it is you');
    await browser.submit({ code: codeOf(seed, journey.now) }, 'submit');
    assert.equal(browser.page.title, 'Make new recovery codes');
    // Cancelling leaves everything as it was.
    await browser.submit({}, 'cancel');
    await back(browser);
    assert.equal(browser.page.title, 'Your account');
  });

  test('a password is changed, told by mail, and ends the sessions on other devices', async () => {
    const { journey, browser } = await signedIn();
    const other = journey.browser();
    await open(journey, other);
    journey.pass(60);
    await browser.open(browser.path);
    await browser.submit({}, 'task=newPassword');
    assert.match(browser.page.text, /replaces your present one/);
    const next = 'another horse battery';
    await browser.submit({ newPassword: next, repeatedPassword: next }, 'submit');
    await back(browser);
    assert.equal(journey.mails.at(-1)?.subject.key, 'mail.password.subject');
    await other.open(`/${journey.tenant.id}/account`);
    assert.equal(other.page.title, 'Sign in');
    await other.submit({ name: marge, password: next }, 'submit');
    await back(other);
  });

  test('an e-mail address changes when a code has proven the new one, and the old one is told', async () => {
    const { journey, userId, browser } = await signedIn();
    await journey.customer('homer@example.com');
    await browser.submit({}, 'task=changeEmail');
    await browser.submit({ email: 'homer@example.com' }, 'submit');
    await browser.submit({ code: journey.codeFor('homer@example.com') }, 'submit');
    assert.match(browser.page.text, /Somebody already has this name/);
    await browser.submit({}, 'other');
    await browser.submit({ email: 'marge@bouvier.example' }, 'submit');
    await browser.submit({ code: '000000' }, 'submit');
    assert.match(browser.page.text, /This code is wrong/);
    await browser.submit({ code: journey.codeFor('marge@bouvier.example') }, 'submit');
    await back(browser);
    const told = journey.mails.at(-1);
    assert.deepEqual([told?.to, told?.subject.key], [marge, 'mail.email.subject']);
    const user = await journey.storage.read.objects.find(journey.tenant.id, userId);
    assert.match(JSON.stringify(user?.attributes['identities']), /marge@bouvier.example/);
    const desk = journey.browser();
    await open(journey, desk, 'marge@bouvier.example');
  });

  test('a second factor is removed after it was proven; recovery codes go with the last one', async () => {
    const { journey, userId, browser } = await signedIn();
    const seed = await withApp(journey, browser);
    const methods = () => journey.storage.read.authenticationMethods.list(journey.tenant.id, userId);
    const [method] = await methods();
    journey.pass(3600);
    await open(journey, browser);
    await browser.submit({}, `remove=${method?.id}`);
    await browser.submit({ name: marge, password }, 'submit');
    await browser.submit({ code: codeOf(seed, journey.now) }, 'submit');
    assert.equal(browser.page.title, 'Remove this way to sign in?');
    await browser.submit({}, 'submit');
    await back(browser);
    assert.deepEqual(await methods(), []);
    assert.equal(await journey.storage.read.recoveryCodes.count(journey.tenant.id, userId), 0);
    assert.equal(journey.mails.at(-1)?.subject.key, 'mail.factorRemoved.subject');
  });

  test('sessions elsewhere are ended, one or all; this one by signing out', async () => {
    const { journey, userId, browser } = await signedIn();
    const others = [journey.browser(), journey.browser()];
    for (const other of others) await open(journey, other);
    const list = () => journey.storage.read.sessions.listOfUser(journey.tenant.id, userId, journey.now);
    assert.equal((await list()).length, 3);
    await browser.open(browser.path);
    const [end = ''] = browser.form().buttons.filter((button) => button.startsWith('end=') && button !== 'end=others');
    await browser.submit({}, end);
    assert.equal((await list()).length, 2);
    await browser.submit({}, 'end=others');
    assert.equal((await list()).length, 1);
    await browser.submit({}, 'signOut');
    assert.equal(browser.page.title, 'You are signed out');
    assert.deepEqual(await list(), []);
    assert.equal(browserValue(browser, journey.tenant.id).sessionSecret, null);
  });

  test('bad-inputs 24: nobody presses the buttons for somebody else', async () => {
    const { journey, userId, browser } = await signedIn();
    const homer = await journey.customer('homer@example.com');
    const desk = journey.browser();
    await open(journey, desk, 'homer@example.com');
    const [session] = await journey.storage.read.sessions.listOfUser(journey.tenant.id, homer, journey.now);
    const { csrf = '' } = browser.form().fields;
    const path = `/${journey.tenant.id}/account`;
    await browser.post(path, new URLSearchParams({ csrf, end: session?.id ?? '' }));
    assert.match(browser.page.text, /This session has ended already/);
    await browser.post(path, new URLSearchParams({ csrf: desk.form().fields['csrf'] ?? '', action: 'signOut' }));
    assert.equal(browser.page.title, 'Your account', 'a form of somebody else is not taken');
    const left = await journey.storage.read.sessions.listOfUser(journey.tenant.id, homer, journey.now);
    assert.equal(left.length, 1);
    // A task that was begun by one user is not done by another one who signs in on the way.
    journey.pass(3600);
    await open(journey, browser);
    await browser.submit({}, 'task=newPassword');
    await browser.submit({ name: 'homer@example.com', password }, 'submit');
    const url = browser.continuesTo();
    await browser.open(url.pathname + url.search);
    const before = await journey.storage.read.passwords.find(journey.tenant.id, userId);
    assert.ok(before && before.changedAt < journey.now);
  });

  test('signing out tells the applications of the session, each in its own way', async () => {
    const { journey, browser } = await signedIn();
    const { tenant, storage } = journey;
    const makeClient = (displayName: string, logoutUrl?: string) =>
      storage.write(async (stores) => {
        const act = journey.act();
        const { attributes } = await registerApplication(stores, act, {
          displayName,
          ...(logoutUrl !== undefined && { web: { redirectUris: [], logoutUrl } }),
        });
        const { id } = await createServicePrincipal(stores, act, attributes.appId);
        return { id, appId: attributes.appId, displayName, issuer: 'https://hub.example/issuer' };
      });
    for (const client of [await makeClient('Web', 'https://web.example/out'), await makeClient('Desk')]) {
      assert.equal((await journey.ask(browser, { application: client })).outcome, 'completed');
    }
    await browser.open(`/${tenant.id}/account`);
    await browser.submit({}, 'signOut');
    assert.equal(browser.page.title, 'You are signed out');
    assert.match(browser.page.text, /<iframe src="https:\/\/web\.example\/out\?iss=https[^"]*sid=[^"]+"/);
    assert.match(browser.page.text, /You may still be signed in[\s\S]*<li>Desk<\/li>/);
    assert.match(String(browser.page.headers['content-security-policy']), /frame-src https:\/\/web\.example/);
    assert.equal((await storage.read.logoutNotices.listDue(journey.now, 10)).length >= 2, true);
    await browser.open(`/${tenant.id}/account`);
    assert.equal(browser.page.title, 'Sign in');
  });

  test('applications that are assigned to somebody are opened from the account page, each in its own way', async () => {
    const { journey, userId, browser } = await signedIn();
    assert.doesNotMatch(browser.page.text, /Your applications/);
    const act = journey.act();
    const ids = await journey.storage.write(async (stores) => {
      const made = async (
        displayName: string,
        attributes: Parameters<typeof registerApplication>[2],
        isAssigned = true,
      ) => {
        const { attributes: registered } = await registerApplication(stores, act, { displayName, ...attributes });
        const { id } = await createServicePrincipal(stores, act, registered.appId);
        const assignment = { principalId: userId, resourceId: id, appRoleId: '00000000-0000-0000-0000-000000000000' };
        if (isAssigned) await assignAppRole(stores, act, assignment);
        return id;
      };
      const oauthClient = { initiateLoginUri: 'https://claims.example/login' };
      const claims = await made('Claims <b>', { oauthClient, web: { homePageUrl: 'https://claims.example/' } });
      const saml = await made('Books', {});
      await saveRelyingParty(stores, act, saml, {
        protocol: 'saml',
        identifier: 'urn:books',
        replyAddresses: [{ binding: 'post', index: 0, location: 'https://books.example/acs' }],
        isUnsolicitedAllowed: true,
      });
      await made('Wiki', { web: { homePageUrl: 'https://wiki.example/' } });
      await made('API', {});
      await updateServicePrincipal(stores, act, await made('Hidden', { oauthClient }), { tags: ['HideApp'] });
      await made('Of others', { oauthClient }, false);
      return { claims, saml };
    });
    await browser.open(browser.path);
    const section = /<h2>Your applications<\/h2>[\s\S]*?<\/section>/.exec(browser.page.text)?.[0] ?? '';
    const links = [...section.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)].map(([, href, name]) => [name, href]);
    const { id: tenantId } = journey.tenant;
    assert.deepEqual(links, [
      ['Books', `/${tenantId}/saml2/start/${ids.saml}`],
      ['Claims &#60;b&#62;', `/${tenantId}/oauth2/v2.0/start/${ids.claims}`],
      ['Wiki', 'https://wiki.example/'],
    ]);
  });

  test('a consent is shown and taken back; nobody takes back those of others', async () => {
    const { journey, userId, browser } = await signedIn();
    const { storage } = journey;
    const act = journey.act();
    const { grant, ofAll } = await storage.write(async (stores) => {
      const scope = { id: crypto.randomUUID(), value: 'Read', type: 'User', isEnabled: true };
      const texts = { adminConsentDisplayName: 'Read', adminConsentDescription: 'Reads.' };
      const oauth2PermissionScopes = [{ ...scope, ...texts }];
      const api = await registerApplication(stores, act, {
        displayName: 'Insurance API',
        api: { oauth2PermissionScopes },
      });
      const web = await registerApplication(stores, act, { displayName: 'Insurance Web' });
      const resource = await createServicePrincipal(stores, act, api.attributes.appId);
      const client = await createServicePrincipal(stores, act, web.attributes.appId);
      const both = { clientId: client.id, resourceId: resource.id, scope: 'Read' };
      return {
        grant: await grantPermission(stores, act, { ...both, principalId: userId }),
        ofAll: await grantPermission(stores, act, { ...both, principalId: null }),
      };
    });
    await browser.open(browser.path);
    assert.match(browser.page.text, /<strong>Insurance Web<\/strong><small>Insurance API: Read<\/small>/);
    const { csrf = '' } = browser.form().fields;
    const post = (revoke: string) =>
      browser.post(`/${journey.tenant.id}/account`, new URLSearchParams({ csrf, revoke }));
    await post(ofAll.id);
    await browser.submit({}, `revoke=${grant.id}`);
    assert.match(browser.page.text, /None\./);
    const left = await storage.read.permissionGrants.list(journey.tenant.id, {}, 10);
    assert.deepEqual(left, [ofAll]);
  });
});

function codeOf(seed: string, now: Date): string {
  return new TOTP({ secret: Secret.fromBase32(seed) }).generate({ timestamp: now.getTime() });
}
