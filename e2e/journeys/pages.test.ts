// Every page of the hub that people see, reached by keyboard alone and examined in every view.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { Organization, password, type Registered } from '../peers/organization.ts';
import { launchChromium } from '../programs/chromium.ts';
import { CaughtCodes } from './caught-codes.ts';
import { type DemoHub, startDemoHub } from './demo-hub.ts';
import { Visitor } from './visitor.ts';

const habits = { hasScripts: true, usesKeyboardOnly: true, examinesPages: true };

/** Where the application would be; the browser is answered in its place. */
const application = 'https://application.example/back';

const submit = 'button[name=action][value=submit]';
const button = (action: string) => `button[name=action][value=${action}]`;
const title = (text: string) => `h1:has-text("${text}")`;

/** One flow with everything, and one for each that leads elsewhere. */
const flows: Record<string, object> = {
  members: {
    userFlowType: 'signUpOrSignIn',
    attributes: [
      { name: 'displayName', isRequired: true },
      { name: 'country', isRequired: false },
      { name: 'ageGroup', isRequired: false },
    ],
    secondFactor: { when: 'always', methods: ['passkey', 'totp', 'sms'], holdsSeconds: 0 },
    terms: { version: '2026-03', url: 'https://application.example/terms' },
    allowsConsent: true,
  },
  mailbox: { userFlowType: 'signIn', secondFactor: { when: 'always', methods: ['email'], holdsSeconds: 0 } },
  profile: { userFlowType: 'profileUpdate' },
};

/** Of a tenant that has chosen how its pages look. */
const look = {
  colours: { accent: '#7a1f5c', background: '#fdf6ec' },
  corners: 'square',
  links: [{ href: 'https://application.example/privacy', labels: { en: 'Privacy', ar: 'الخصوصية' } }],
  texts: {
    ar: {
      'password.title': 'تسجيل الدخول',
      'password.lead': 'للمتابعة إلى {application}',
      'password.name.any': 'البريد الإلكتروني أو اسم المستخدم',
      'password.name.emailAddress': 'البريد الإلكتروني',
      'password.password': 'كلمة المرور',
      'password.submit': 'دخول',
      'verifyEmail.signUp.title': 'إنشاء حساب',
    },
  },
};

let hub: DemoHub;
let browser: Browser;
let organization: Organization;
let client: Registered;
let visitor: Visitor;
let codes: CaughtCodes;

before(async () => {
  hub = await startDemoHub('SQLite');
  browser = await launchChromium();
  organization = await Organization.of(hub);
  for (const [id, settings] of Object.entries(flows)) {
    await organization.graph('POST', '/identity/userFlows', { id, ...settings });
  }
  client = await organization.register({
    displayName: 'Springfield News',
    isFallbackPublicClient: true,
    web: { redirectUris: [application] },
  });
  const api = await organization.registerApi('api://news', ['Articles.Read', 'Comments.Write'], []);
  assert.ok(api.appId);
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

beforeEach(async () => {
  visitor = await Visitor.arrive(browser, habits);
  codes = new CaughtCodes(visitor.page, hub.origin);
  const body = '<!doctype html><html lang="en"><title>Back</title><main><h1>Back</h1></main>';
  await visitor.page.context().route('https://application.example/**', (route) => route.fulfill({ body }));
});
afterEach(() => visitor.leave());

/** Where an application sends people to sign in. */
function authorize(flow: string, parameters: Record<string, string> = {}): string {
  const url = new URL(`${hub.origin}/${organization.tenantId}/${flow}/oauth2/v2.0/authorize`);
  url.search = new URLSearchParams({
    client_id: client.appId,
    redirect_uri: application,
    response_type: 'code',
    scope: 'openid',
    ...parameters,
  }).toString();
  return url.href;
}

describe('the pages of', () => {
  test('a sign-up with terms of use, every way to confirm it, consent, and the next sign-in', async () => {
    const email = 'maggie@example.com';
    const phone = '+442079460123';
    await visitor.open(authorize('members', { prompt: 'create' }));
    await visitor.sees(title('Create an account'));
    await visitor.fill('[name=email]', email);
    await visitor.press(submit);
    await visitor.sees(title('Check your mail'));
    await typeCode('000000');
    await visitor.sees('[name=code][aria-invalid=true]');
    await typeCode(await codes.sentTo(email));
    await visitor.sees('[name=newPassword]');
    await visitor.fill('[name=displayName]', 'Maggie Simpson');
    await typeNewPassword('short');
    await visitor.sees('[name=newPassword][aria-invalid=true]');
    await typeNewPassword(password);

    await visitor.sees(title('Protect your account'));
    await visitor.press('button[value=passkey]');
    await visitor.sees(title('Set up a passkey'));
    await visitor.press(button('choose'));
    await visitor.press('button[value=totp]');
    await visitor.sees(title('Set up your authenticator app'));
    await visitor.press(button('choose'));
    await visitor.press('button[value=sms]');
    await visitor.sees(title('Set up your phone'));
    await visitor.fill('[name=phone]', phone);
    await visitor.press(submit);
    await visitor.sees(title('Check your phone'));
    await typeCode(await codes.sentTo(phone));
    await visitor.sees(title('Note your recovery codes'));
    await visitor.press(submit);
    await visitor.sees(title('Terms of use'));
    await visitor.press(submit);
    await visitor.sees(title('Back'));

    await visitor.open(authorize('members', { scope: 'openid api://news/Articles.Read', prompt: 'select_account' }));
    await visitor.sees(title('Choose an account'));
    await visitor.press('button[value=current]');
    await visitor.sees(title('Check your phone'));
    await visitor.press(button('choose'));
    await visitor.sees(title('Confirm that it is you'));
    await visitor.press('button[value=recoveryCode]');
    await visitor.sees('[name=code]');
    await visitor.press(button('choose'));
    await visitor.press('button[value=sms]');
    await visitor.sees(title('Check your phone'));
    await typeCode(await codes.sentTo(phone));
    await visitor.sees(title('asks for your permission'));
    await visitor.press(submit);
    await visitor.sees(title('Back'));

    await visitor.open(authorize('profile'));
    await visitor.sees('[name=displayName]');
    await visitor.press(submit);
    await visitor.sees(title('Back'));
  });

  test('an account, with everything that can be done there', async () => {
    const email = 'lisa@example.com';
    await organization.person('Lisa Simpson', { identities: [localAccount(email)] });
    await addAuthenticator();
    await visitor.open(`${hub.origin}/${organization.tenantId}/account`);
    await signIn(email);
    await visitor.sees(title('Your account'));

    await visitor.press('button[value=registerPasskey]');
    await visitor.sees(title('Set up a passkey'));
    await visitor.press('button[value=passkey]');
    await visitor.sees(title('Note your recovery codes'));
    await visitor.press(submit);
    await visitor.sees(title('Your account'));
    await visitor.press('button[value=registerTotp]');
    await visitor.sees(title('Set up your authenticator app'));
    const seed = (await visitor.reads('figure code')).replaceAll(/\s/g, '');
    await typeCode(new TOTP({ secret: Secret.fromBase32(seed) }).generate());
    await visitor.sees(title('Your account'));
    await visitor.press('button[value=newRecoveryCodes]');
    await visitor.sees(title('Make new recovery codes'));
    await visitor.press(submit);
    await visitor.sees(title('Note your recovery codes'));
    await visitor.press(submit);
    await visitor.press('button[value=changeEmail]');
    await visitor.sees(title('Change your e-mail address'));
    await visitor.fill('[name=email]', 'lisa.simpson@example.com');
    await visitor.press(submit);
    await visitor.sees(title('Check your mail'));
    await typeCode(await codes.sentTo('lisa.simpson@example.com'));
    await visitor.sees(title('Your account'));
    await visitor.press('button[value=profile]');
    await visitor.sees(title('Your profile'));
    await visitor.press(button('cancel'));
    await visitor.press('button[value=newPassword]');
    await visitor.sees(title('Choose a new password'));
    await typeNewPassword(password);
    await visitor.sees('[name=newPassword][aria-invalid=true]');
    await visitor.press(button('cancel'));
    await visitor.press('button[name=remove]');
    await visitor.sees(title('Remove this way to sign in?'));
    await visitor.press(button('cancel'));

    // The authenticator would answer the page for the password by itself.
    const context = visitor.page.context();
    await context.route('**/passkey.js', (route) => route.abort());
    await visitor.open(authorize('members', { prompt: 'login', login_hint: 'lisa.simpson@example.com' }));
    await visitor.sees(title('Sign in'));
    await context.unroute('**/passkey.js');
    await visitor.fill('[name=password]', password);
    await visitor.press(submit);
    await visitor.sees(title('Use your passkey'));
    await visitor.press(button('choose'));
    await visitor.press('button[value=totp]');
    await visitor.sees('[name=code]');
    await visitor.open(`${hub.origin}/${organization.tenantId}/account`);
    await visitor.press(button('signOut'));
    await visitor.sees(title('You are signed out'));
  });

  test('the consent of an administrator for everybody', async () => {
    const { tenantId } = organization;
    const parameters = { client_id: client.appId, redirect_uri: application, scope: 'api://news/Comments.Write' };
    await visitor.open(`${hub.origin}/${tenantId}/v2.0/adminconsent?${new URLSearchParams(parameters)}`);
    await signIn('admin@countersign.onmicrosoft.com', 'Sign in', 'correct horse battery');
    await visitor.sees(title('Let Springfield News in for everybody?'));
    await visitor.press(submit);
    await visitor.sees(title('Back'));
    await visitor.open(`${hub.origin}/${tenantId}/adminconsent?client_id=${crypto.randomUUID()}`);
    await visitor.sees('[role=alert]');
  });

  test('a code by mail, a forgotten password, and an answer that is posted', async () => {
    const email = 'milhouse@example.com';
    await organization.person('Milhouse Van Houten', { identities: [localAccount(email)] });
    await visitor.page.context().route('**/post.js', (route) => route.abort());
    await visitor.open(authorize('mailbox', { response_mode: 'form_post' }));
    await visitor.sees(title('Sign in'));
    await visitor.fill('[name=name]', email);
    await visitor.fill('[name=password]', 'not the password');
    await visitor.press(submit);
    await visitor.sees('[role=alert]');
    await visitor.press(button('forgotten'));
    await visitor.sees(title('Reset your password'));
    await visitor.fill('[name=email]', email);
    await visitor.press(submit);
    await visitor.sees(title('Check your mail'));
    await visitor.press(button('cancel'));
    await visitor.sees('form#post button');
    await visitor.open(authorize('mailbox', { response_mode: 'form_post' }));
    await signIn(email);
    await visitor.sees(title('Check your mail'));
    await typeCode(await codes.sentTo(email));
    await visitor.sees('form#post button');
    await visitor.press('form#post button');
    await visitor.sees(title('Back'));
    await visitor.open(`${hub.origin}/${organization.tenantId}/oauth2/v2.0/logout`);
    await visitor.sees('h1');
    await visitor.open(`${hub.origin}/-/mail`);
    await visitor.sees(title('Caught mails'));
  });

  test('a tenant with a look of its own, in a language that is written from right to left', async () => {
    const path = `/organization/${organization.tenantId}/branding`;
    await organization.graph('PATCH', path, look);
    await visitor.leave();
    visitor = await Visitor.arrive(browser, { ...habits, locale: 'ar' });
    const { page } = visitor;
    const tenant = `${hub.origin}/${organization.tenantId}`;
    for (const address of [
      authorize('members'),
      authorize('members', { prompt: 'create' }),
      authorize('members', { redirect_uri: 'https://attacker.example/' }),
      `${tenant}/oauth2/v2.0/deviceauth`,
      `${tenant}/oauth2/v2.0/logout`,
      `${tenant}/saml2`,
      `${tenant}/account`,
    ]) {
      await visitor.open(address);
      await visitor.sees('h1');
      assert.equal(await page.locator('html').getAttribute('dir'), 'rtl', address);
      assert.equal(await page.locator('header.cs-brand').textContent(), 'Countersign');
      const corner = await page.evaluate("getComputedStyle(document.querySelector('.cs-card')).borderTopLeftRadius");
      assert.equal(corner, '0px', `${address} has the tenant's look`);
      assert.equal(await page.locator('footer a').textContent(), 'الخصوصية');
    }
    await signIn('admin@countersign.onmicrosoft.com', 'تسجيل الدخول', 'correct horse battery');
    await visitor.sees('h2');
    await organization.graph('DELETE', path);
  });

  test('a device, an unknown organization, and requests that go wrong', async () => {
    const { tenantId } = organization;
    const tenant = `${hub.origin}/${tenantId}`;
    await visitor.open(`${tenant}/oauth2/v2.0/deviceauth`);
    await visitor.sees(title('Connect a device'));
    await visitor.fill('[name=user_code]', 'NOT-A-CODE');
    await visitor.press(button('continue'));
    await visitor.sees('[name=user_code][aria-invalid=true]');
    for (const [pressed, end] of [
      ['deny', 'turned away'],
      ['confirm', 'signed in'],
    ] as const) {
      await visitor.open(`${tenant}/oauth2/v2.0/deviceauth`);
      await visitor.fill('[name=user_code]', await deviceCode());
      await visitor.press(button('continue'));
      await visitor.sees(title('Let Springfield News sign in as you?'));
      await visitor.press(button(pressed));
      if (pressed === 'confirm') await signIn(await organization.person('Nelson Muntz'));
      await visitor.sees(title(end));
    }
    for (const [address, said] of [
      [`${hub.origin}/common/oauth2/v2.0/authorize?client_id=${crypto.randomUUID()}`, 'h1'],
      [authorize('no-such-flow'), '[role=alert]'],
      [authorize('members', { redirect_uri: 'https://attacker.example/' }), '[role=alert]'],
      [`${tenant}/sign-in/${crypto.randomUUID()}`, '[role=alert]'],
      [`${tenant}/saml2`, '[role=alert]'],
      [`${tenant}/wsfed?wa=wsignin1.0&wtrealm=urn:nobody`, '[role=alert]'],
      [`${tenant}/federation/nobody`, 'h1'],
      [`${hub.origin}/no-such-tenant/account`, 'h1'],
    ] as const) {
      await visitor.open(address);
      await visitor.sees(said);
    }
  });
});

async function signIn(name: string, heading = 'Sign in', typed = password): Promise<void> {
  await visitor.sees(title(heading));
  await visitor.fill('[name=name]', name);
  await visitor.fill('[name=password]', typed);
  await visitor.press(submit);
}

async function typeCode(code: string): Promise<void> {
  await visitor.fill('[name=code]', code);
  await visitor.press(submit);
}

async function typeNewPassword(text: string): Promise<void> {
  await visitor.fill('[name=newPassword]', text);
  await visitor.fill('[name=repeatedPassword]', text);
  await visitor.press(submit);
}

function localAccount(email: string) {
  return { signInType: 'emailAddress', issuer: organization.domain, issuerAssignedId: email };
}

/** Gives the browser an authenticator that says yes to everything (WebAuthn Level 3 11). */
async function addAuthenticator(): Promise<void> {
  const debug = await visitor.page.context().newCDPSession(visitor.page);
  await debug.send('WebAuthn.enable');
  await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** The code that a device would show. */
async function deviceCode(): Promise<string> {
  const response = await fetch(`${hub.origin}/${organization.tenantId}/oauth2/v2.0/devicecode`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: client.appId, scope: 'openid' }),
  });
  const { user_code: code } = (await response.json()) as { user_code?: string };
  assert.ok(code, 'no code for the device');
  return code;
}
