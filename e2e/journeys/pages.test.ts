// Every page of the hub that people see, reached by keyboard alone and examined in every view.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { Organization, password, type Registered } from '../peers/organization.ts';
import { type RunningHub, startHub } from '../peers/running-hub.ts';
import { Tenant } from '../peers/tenant.ts';
import { launchChromium } from '../programs/chromium.ts';
import { addAuthenticator } from './add-authenticator.ts';
import { application, button, Guest, submit, title } from './guest.ts';

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

let hub: RunningHub;
let browser: Browser;
let organization: Organization;
let client: Registered;

before(async () => {
  // In demo mode, which catches the messages.
  hub = await startHub(undefined, { COUNTERSIGN_DEMO: 'true', COUNTERSIGN_SAMPLES: 'false' });
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

/** The guests go in parallel, and examine each page once. */
const examined = new Set<string>();

function asGuest(name: string, work: (guest: Guest) => Promise<void>, locale?: string): void {
  test(name, async () => {
    const guest = await Guest.arrive(browser, hub.origin, examined, locale);
    try {
      await work(guest);
    } catch (error) {
      const { page } = guest.visitor;
      const shown = await page.textContent('body').catch(() => '');
      throw new Error(`At ${page.url()}:\n${shown}`, { cause: error });
    } finally {
      await guest.visitor.leave();
    }
  });
}

/** Where an application sends people to sign in. */
function authorize(
  flow: string,
  parameters: Record<string, string> = {},
  { tenant = organization.tenantId, clientId = client.appId } = {},
): string {
  const url = new URL(`${hub.origin}/${tenant}/${flow}/oauth2/v2.0/authorize`);
  url.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: application,
    response_type: 'code',
    scope: 'openid',
    ...parameters,
  }).toString();
  return url.href;
}

describe('the pages of', { concurrency: 3 }, () => {
  asGuest('a sign-up with terms of use, every way to confirm it, consent, and the next sign-in', async (guest) => {
    const { visitor } = guest;
    const email = 'maggie@example.com';
    const phone = '+442079460123';
    await visitor.open(authorize('members', { prompt: 'create' }));
    await visitor.sees(title('Create an account'));
    await visitor.fill('[name=email]', email);
    await visitor.press(submit);
    await visitor.sees(title('Check your mail'));
    await guest.typeCode('000000');
    await visitor.sees('[name=code][aria-invalid=true]');
    await guest.typeCode(await guest.codes.sentTo(email));
    await visitor.sees('[name=newPassword]');
    await visitor.fill('[name=displayName]', 'Maggie Simpson');
    await guest.typeNewPassword('short');
    await visitor.sees('[name=newPassword][aria-invalid=true]');
    await guest.typeNewPassword(password);

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
    await guest.typeCode(await guest.codes.sentTo(phone));
    await visitor.sees(title('Note your recovery codes'));
    await visitor.press(submit);
    await visitor.sees(title('Terms of use'));
    await visitor.press(submit);
    await visitor.sees(title('Back'));

    await visitor.open(authorize('members', { scope: 'openid api://news/Articles.Read', prompt: 'select_account' }));
    await visitor.sees(title('Choose an account'));
    await visitor.press('button[value=current]');
    await visitor.sees(title('Check your phone'));
    await guest.codes.sentTo(phone);
    await visitor.press(button('choose'));
    await visitor.sees(title('Confirm that it is you'));
    await visitor.press('button[value=recoveryCode]');
    await visitor.sees('[name=code]');
    await visitor.press(button('choose'));
    await visitor.press('button[value=sms]');
    await visitor.sees(title('Check your phone'));
    await guest.typeCode(await guest.codes.sentTo(phone));
    await visitor.sees(title('asks for your permission'));
    await visitor.press(submit);
    await visitor.sees(title('Back'));

    await visitor.open(authorize('profile'));
    await visitor.sees('[name=displayName]');
    await visitor.press(submit);
    await visitor.sees(title('Back'));
  });

  asGuest('an account, with everything that can be done there', async (guest) => {
    const { visitor } = guest;
    const email = 'lisa@example.com';
    await organization.person('Lisa Simpson', { identities: [localAccount(email)] });
    await addAuthenticator(guest.visitor.page);
    await visitor.open(`${hub.origin}/${organization.tenantId}/account`);
    await guest.signIn(email);
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
    await guest.typeCode(new TOTP({ secret: Secret.fromBase32(seed) }).generate());
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
    await guest.typeCode(await guest.codes.sentTo('lisa.simpson@example.com'));
    await visitor.sees(title('Your account'));
    await visitor.press('button[value=profile]');
    await visitor.sees(title('Your profile'));
    await visitor.press(button('cancel'));
    await visitor.press('button[value=newPassword]');
    await visitor.sees(title('Choose a new password'));
    await guest.typeNewPassword(password);
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

  asGuest('the consent of an administrator for everybody', async (guest) => {
    const { visitor } = guest;
    const { tenantId } = organization;
    const parameters = { client_id: client.appId, redirect_uri: application, scope: 'api://news/Comments.Write' };
    await visitor.open(`${hub.origin}/${tenantId}/v2.0/adminconsent?${new URLSearchParams(parameters)}`);
    await guest.signIn('admin@countersign.onmicrosoft.com', 'Sign in', 'correct horse battery');
    await visitor.sees(title('Let Springfield News in for everybody?'));
    await visitor.press(submit);
    await visitor.sees(title('Back'));
    await visitor.open(`${hub.origin}/${tenantId}/adminconsent?client_id=${crypto.randomUUID()}`);
    await visitor.sees('[role=alert]');
  });

  asGuest('a code by mail, a forgotten password, and an answer that is posted', async (guest) => {
    const { visitor } = guest;
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
    await guest.codes.sentTo(email);
    await visitor.press(button('cancel'));
    await visitor.sees('form#post button');
    await visitor.open(authorize('mailbox', { response_mode: 'form_post' }));
    await guest.signIn(email);
    await visitor.sees(title('Check your mail'));
    await guest.typeCode(await guest.codes.sentTo(email));
    await visitor.sees('form#post button');
    await visitor.press('form#post button');
    await visitor.sees(title('Back'));
    await visitor.open(`${hub.origin}/${organization.tenantId}/oauth2/v2.0/logout`);
    await visitor.sees('h1');
    await visitor.open(`${hub.origin}/-/mail`);
    await visitor.sees(title('Caught mails'));
  });

  asGuest(
    'a tenant with a look of its own, in a language that is written from right to left',
    async (guest) => {
      const { visitor } = guest;
      const { page } = visitor;
      const paper = await Tenant.make(hub, 'shopper');
      const [home] = (await paper.graph('GET', '/organization')).value;
      const id = home?.id ?? '';
      await paper.graph('PATCH', `/organization/${id}/branding`, look);
      await paper.graph('POST', '/identity/userFlows', { id: 'members', ...flows['members'] });
      const { appId: clientId } = await paper.graph('POST', '/applications', {
        displayName: 'Springfield Shopper',
        web: { redirectUris: [application] },
      });
      await paper.graph('POST', '/servicePrincipals', { appId: clientId });
      const { userPrincipalName } = await paper.person('kent');
      const begin = (parameters: Record<string, string> = {}) =>
        authorize('members', parameters, { tenant: id, clientId });
      const tenant = `${hub.origin}/${id}`;
      for (const address of [
        begin(),
        begin({ prompt: 'create' }),
        begin({ redirect_uri: 'https://attacker.example/' }),
        `${tenant}/oauth2/v2.0/deviceauth`,
        `${tenant}/oauth2/v2.0/logout`,
        `${tenant}/saml2`,
        `${tenant}/account`,
      ]) {
        await visitor.open(address);
        await visitor.sees('h1');
        assert.equal(await page.locator('html').getAttribute('dir'), 'rtl', address);
        assert.equal(await page.locator('header.cs-brand').textContent(), 'shopper');
        const corner = await page.evaluate("getComputedStyle(document.querySelector('.cs-card')).borderTopLeftRadius");
        assert.equal(corner, '0px', `${address} has the tenant's look`);
        assert.equal(await page.locator('footer a').textContent(), 'الخصوصية');
      }
      await guest.signIn(userPrincipalName, 'تسجيل الدخول');
      await visitor.sees(title('Choose a new password'));
      await guest.typeNewPassword('another horse, another staple');
      await visitor.sees('h2');
    },
    'ar',
  );

  asGuest('a device, an unknown organization, and requests that go wrong', async (guest) => {
    const { visitor } = guest;
    const { tenantId } = organization;
    const tenant = `${hub.origin}/${tenantId}`;
    await visitor.open(hub.origin);
    await visitor.sees(title('Go to your account'));
    await visitor.fill('[name=organization]', 'no such organization');
    await visitor.press(submit);
    await visitor.sees('[name=organization][aria-invalid=true]');
    await visitor.fill('[name=organization]', `somebody@${organization.domain}`);
    await visitor.press(submit);
    await visitor.sees(title('Sign in'));
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
      if (pressed === 'confirm') await guest.signIn(await organization.person('Nelson Muntz'));
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

function localAccount(email: string) {
  return { signInType: 'emailAddress', issuer: organization.domain, issuerAssignedId: email };
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
