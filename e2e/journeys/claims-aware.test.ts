// Three parties in a real browser: an application, the hub that it trusts, and the organizations that the hub trusts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Tenant } from '../peers/tenant.ts';
import { launchChromium } from '../programs/chromium.ts';
import { type DemoHub, startDemoHub } from './demo-hub.ts';
import { Partner, type Person } from './partner.ts';
import { until } from './until.ts';
import { type Habits, Visitor } from './visitor.ts';

const ned: Person = {
  name: 'ned@mycompany.example',
  displayName: 'Ned Flanders',
  provider: 'MyCompany',
  organization: 'MyCompany',
  isApprover: true,
};
const marge: Person = {
  name: 'marge@jogcloud.com',
  displayName: 'Marge Simpson',
  provider: 'Jogcloud',
  organization: 'Jogcloud',
  isApprover: true,
};
const carl: Person = { ...marge, name: 'carl@jogcloud.com', displayName: 'Carl Carlson', isApprover: false };
const moe: Person = {
  ...ned,
  name: 'moe@mycompany.example',
  displayName: 'Moe Szyslak',
  provider: 'MyCompany-OIDC',
  isApprover: false,
};

const protocols = { 'ws-federation': 'WS-Federation', saml: 'SAML 2.0' } as const;

let hub: DemoHub;
let browser: Browser;
before(async () => {
  hub = await startDemoHub('SQLite');
  browser = await launchChromium('--ignore-certificate-errors');
  // The sample starts after the hub, and after the trusts between the demo tenants.
  await until('no sample', async () => (await fetch(hub.claims).catch(() => undefined))?.ok || undefined);
  await trustByOpenIdConnect();
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

/** MyCompany a second time, by a third protocol. */
async function trustByOpenIdConnect(): Promise<void> {
  const [company, gateway] = [await Tenant.of(hub, 'mycompany'), await Tenant.of(hub, 'myoc')];
  const [organization] = (await company.graph('GET', '/organization')).value;
  const { id, appId } = await company.graph('POST', '/applications', { displayName: 'MyOC by OpenID Connect' });
  await company.graph('POST', '/servicePrincipals', { appId });
  const { secretText } = await company.graph('POST', `/applications/${id}/addPassword`, { passwordCredential: {} });
  const { returnAddress } = await gateway.graph('POST', '/identity/identityProviders', {
    id: moe.provider,
    displayName: 'MyCompany by OpenID Connect',
    issuer: `${hub.origin}/${organization?.id}/v2.0`,
    clientId: appId,
    clientSecret: secretText,
    createsUsers: true,
    oidc: { readsUserInfo: true },
    acceptanceRules: `
      c:[Type == "name"] => issue(Type = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", Value = c.Value);
      => issue(Type = "http://schemas.microsoft.com/accesscontrolservice/2010/07/claims/identityprovider", Value = "MyCompany");
    `,
  });
  await company.graph('PATCH', `/applications/${id}`, { web: { redirectUris: [returnAddress] } });
}

/** Somebody with a browser of their own. What the browser shows when something fails stands in the error. */
async function withPartner(
  person: Person,
  habits: Habits,
  work: (partner: Partner, visitor: Visitor) => Promise<void>,
): Promise<void> {
  const visitor = await Visitor.arrive(browser, habits);
  try {
    await work(new Partner(visitor, hub, person), visitor);
  } catch (error) {
    const shown = await visitor.page
      .locator('body')
      .textContent()
      .catch(() => '');
    throw new Error(`At ${visitor.page.url()}:\n${shown}`, { cause: error });
  } finally {
    await visitor.leave();
  }
}

const withScripts: Habits = { hasScripts: true };
const everyPage: Habits = { ...withScripts, examinesPages: true, examined: new Set() };

describe('an application, the hub and the organization at home', () => {
  for (const [name, protocol, person, habits] of [
    ['WS-Federation all the way', 'ws-federation', ned, { ...everyPage, usesKeyboardOnly: true }],
    ['SAML all the way', 'saml', marge, everyPage],
    ['WS-Federation, behind it SAML', 'ws-federation', carl, withScripts],
    ['SAML, behind it OpenID Connect', 'saml', moe, withScripts],
    ['SAML, behind it WS-Federation', 'saml', ned, withScripts],
    ['WS-Federation, behind it OpenID Connect', 'ws-federation', moe, withScripts],
  ] as const) {
    test(`${name}: somebody chooses the organization, signs in there, comes back with the claims of the rules, and signs out`, () =>
      withPartner(person, habits, async (partner) => {
        await partner.asksToSignIn(protocol);
        await partner.choosesOrganization();
        await partner.signsInAtHome();
        await partner.seesClaims(protocols[protocol]);
        await partner.looksAtOrders();
        await partner.signsOut();
      }));
  }

  test('without scripts every answer is posted by a button', () =>
    withPartner(ned, { hasScripts: false }, async (partner, visitor) => {
      await partner.asksToSignIn('ws-federation');
      await partner.choosesOrganization();
      await partner.signsInAtHome();
      // From the home organization to the hub, and from the hub to the application.
      for (let posts = 0; posts < 2; posts++) {
        await visitor.sees('form#post button');
        await visitor.press('form#post button');
      }
      await partner.seesClaims('WS-Federation');
    }));
});

describe('where somebody is at home', () => {
  for (const protocol of ['ws-federation', 'saml'] as const) {
    test(`the application says it by \`whr\`, ${protocols[protocol]}`, () =>
      withPartner(ned, withScripts, async (partner) => {
        await partner.asksToSignIn(protocol, { home: 'mycompany.example' });
        await partner.signsInAtHome();
        await partner.seesClaims(protocols[protocol]);
      }));
  }

  test('the domain of the name says it', () =>
    withPartner(marge, withScripts, async (partner) => {
      await partner.asksToSignIn('ws-federation');
      await partner.typesNameAtHub();
      await partner.signsInAtHome();
      await partner.seesClaims('WS-Federation');
    }));

  test('the browser remembers it, and home who it was, unless a new proof is wanted', () =>
    withPartner(ned, withScripts, async (partner) => {
      await partner.asksToSignIn('ws-federation');
      await partner.choosesOrganization();
      await partner.signsInAtHome();
      await partner.seesClaims('WS-Federation');
      await partner.signsOut();
      await partner.asksToSignIn('saml');
      await partner.seesClaims('SAML 2.0');
      await partner.signsOut();
      await partner.asksToSignIn('ws-federation', { isFresh: true });
      await partner.signsInAtHome();
      await partner.seesClaims('WS-Federation');
    }));
});

describe('a sign-out that begins at the hub', () => {
  test('ends the session with the application by SAML', () =>
    withPartner(ned, withScripts, async (partner) => {
      await partner.asksToSignIn('saml', { home: 'mycompany.example' });
      await partner.signsInAtHome();
      await partner.seesClaims('SAML 2.0');
      await partner.signsOutAtHub();
      await partner.isUnknown();
    }));

  // Whether the frame has a cookie is for the browser to decide: this application has http, and so is another site.
  test('reaches the application by WS-Federation in a frame', () =>
    withPartner(ned, withScripts, async (partner, { page }) => {
      await partner.asksToSignIn('ws-federation', { home: 'mycompany.example' });
      await partner.signsInAtHome();
      await partner.seesClaims('WS-Federation');
      const answered = page.waitForResponse(`${hub.claims}/signin?wa=wsignoutcleanup1.0`);
      await partner.signsOutAtHub();
      assert.equal((await answered).status(), 200);
    }));
});

const lenny = { givenName: 'Lenny', userPrincipalName: '', password: 'springfield nuclear' };

/** Contoso knows one of its staff, and takes MyOC as an application. */
async function trustGateway(metadataAddress: string): Promise<void> {
  const contoso = await Tenant.of(hub, 'contoso');
  lenny.userPrincipalName = `lenny@${contoso.domain}`;
  const { password, ...person } = lenny;
  const passwordProfile = { password, forceChangePasswordNextSignIn: false };
  await contoso.graph('POST', '/users', {
    ...person,
    displayName: 'Lenny Leonard',
    surname: 'Leonard',
    mailNickname: 'lenny',
    accountEnabled: true,
    passwordProfile,
  });
  const { appId } = await contoso.graph('POST', '/applications', { displayName: 'MyOC' });
  const { id } = await contoso.graph('POST', '/servicePrincipals', { appId });
  const metadata = await (await fetch(metadataAddress)).text();
  await contoso.graph('POST', `/servicePrincipals/${id}/relyingParty/importMetadata`, { metadata });
}

test('an administrator elsewhere connects an identity provider by a setup link, and tries it first', async () => {
  const gateway = await Tenant.of(hub, 'myoc');
  const { address } = await gateway.graph('POST', '/identity/setupLinks', {
    identityProviderType: 'SAML',
    id: 'Contoso',
    displayName: 'Contoso Insurance',
  });
  const metadata = await (await fetch(`${hub.origin}/contoso/saml2/metadata`)).text();
  const visitor = await Visitor.arrive(browser, { ...everyPage, usesKeyboardOnly: true });
  await visitor.open(address);
  await visitor.sees('h1:has-text("Connect Contoso Insurance with MyOC")');
  await visitor.page.fill('[name=metadata]', '<html/>');
  await visitor.press('button[name=action][value=submit]');
  await visitor.sees('.cs-notice:has-text("This does not work yet")');
  await visitor.page.fill('[name=metadata]', metadata);
  await visitor.press('button[name=action][value=submit]');
  await visitor.sees('h1:has-text("Try Contoso Insurance with MyOC")');
  await trustGateway(
    `${hub.origin}${new URL(address).pathname.replace(/setup-link.*/, 'federation/Contoso/metadata')}`,
  );
  await visitor.press('button[name=action][value=try]');
  await visitor.fill('[name=name]', lenny.userPrincipalName);
  await visitor.fill('[name=password]', lenny.password);
  await visitor.press('button[name=action][value=submit]');
  await visitor.sees('h1:has-text("What Contoso Insurance said")');
  await visitor.sees('.cs-success:has-text("The answer is trusted")');
  await visitor.sees('li:has-text("claims/givenname: Lenny")');
  await visitor.open(address);
  await visitor.press('button[name=action][value=enable]');
  await visitor.sees('h1:has-text("Connected")');
  await visitor.press('a[href$="/account"]');
  await visitor.sees('button[name=provider][value=Contoso]');
  await visitor.open(address);
  await visitor.sees('h1:has-text("This link is no longer good")');
  await visitor.leave();
});
