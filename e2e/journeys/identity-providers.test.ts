// People whose home is another organization: a second tenant of the hub, which is trusted by OpenID Connect and by SAML.
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type RunningHub, startHub } from '../peers/running-hub.ts';
import { Tenant } from '../peers/tenant.ts';
import { launchChromium } from '../programs/chromium.ts';
import { Visitor } from './visitor.ts';

/** As `Tenant.person` makes people. */
const password = 'correct horse battery staple';

const submit = 'button[name=action][value=submit]';
const title = (text: string) => `h1:has-text("${text}")`;
const choice = (id: string) => `button[name=provider][value="${id}"]`;

let hub: RunningHub;
let browser: Browser;
let company: Tenant;
let gateway: Tenant;
let visitor: Visitor;

before(async () => {
  hub = await startHub();
  browser = await launchChromium('--ignore-certificate-errors');
  company = await Tenant.make(hub, 'mycompany');
  gateway = await Tenant.make(hub, 'myoc');
  for (const name of ['marge', 'homer']) await person(company, name);
  await trustByOpenIdConnect();
  await trustBySaml();
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

beforeEach(async () => {
  visitor = await Visitor.arrive(browser, { hasScripts: true, usesKeyboardOnly: true, examinesPages: true });
});
afterEach(() => visitor.leave());

/** Somebody who need not change the password first. */
async function person(tenant: Tenant, name: string): Promise<string> {
  const { id, userPrincipalName } = await tenant.person(name);
  const passwordProfile = { password, forceChangePasswordNextSignIn: false };
  await tenant.graph('PATCH', `/users/${id}`, { passwordProfile });
  return userPrincipalName;
}

async function trustByOpenIdConnect(): Promise<void> {
  const [organization] = (await company.graph('GET', '/organization')).value;
  const { id, appId } = await company.graph('POST', '/applications', { displayName: 'Gateway' });
  await company.graph('POST', '/servicePrincipals', { appId });
  const { secretText } = await company.graph('POST', `/applications/${id}/addPassword`, { passwordCredential: {} });
  const { returnAddress } = await gateway.graph('POST', '/identity/identityProviders', {
    id: 'MyCompany',
    displayName: 'My Company',
    issuer: `${hub.origin}/${organization?.id}/v2.0`,
    clientId: appId,
    clientSecret: secretText,
    createsUsers: true,
  });
  await company.graph('PATCH', `/applications/${id}`, { web: { redirectUris: [returnAddress] } });
}

async function trustBySaml(): Promise<void> {
  const metadata = await (await fetch(`${hub.origin}/mycompany/saml2/metadata`)).text();
  const { metadataAddress } = await gateway.graph('POST', '/identity/identityProviders', {
    id: 'Partner',
    displayName: 'Partner by SAML',
    identityProviderType: 'SAML',
    metadata,
    domains: ['partner.example'],
    createsUsers: true,
  });
  const { appId } = await company.graph('POST', '/applications', { displayName: 'Gateway by SAML' });
  const { id } = await company.graph('POST', '/servicePrincipals', { appId });
  const own = await (await fetch(metadataAddress)).text();
  await company.graph('POST', `/servicePrincipals/${id}/relyingParty/importMetadata`, { metadata: own });
}

async function signInAtCompany(name: string): Promise<void> {
  await visitor.sees(`.cs-brand:has-text("mycompany")`);
  await visitor.fill('[name=name]', `${name}@${company.domain}`);
  await visitor.fill('[name=password]', password);
  await visitor.press(submit);
}

describe('somebody from another organization', () => {
  test('chooses the organization, signs in there by OpenID Connect, and is recognised the next time', async () => {
    const account = `${hub.origin}/myoc/account`;
    await visitor.open(account);
    await visitor.sees(title('Sign in'));
    await visitor.press(choice('MyCompany'));
    await signInAtCompany('marge');
    await visitor.sees(title('Your account'));
    await visitor.press('button[name=action][value=signOut]');
    await visitor.sees(title('You are signed out'));
    // The browser remembers where, and the organization who it was.
    await visitor.open(account);
    await visitor.sees(title('Your account'));
  });

  test('is led by the domain of a name to the provider that speaks for it, by SAML', async () => {
    await visitor.open(`${hub.origin}/myoc/account`);
    await visitor.fill('[name=name]', 'homer@partner.example');
    await visitor.press(submit);
    await signInAtCompany('homer');
    await visitor.sees(title('Your account'));
  });

  test('may have an account of the tenant itself, too', async () => {
    const name = await person(gateway, 'lisa');
    await visitor.open(`${hub.origin}/myoc/account`);
    await visitor.fill('[name=name]', name);
    await visitor.press(submit);
    await visitor.fill('[name=password]', password);
    await visitor.press(submit);
    await visitor.sees(title('Your account'));
  });
});
