// People whose home is another organization: a second tenant of the hub, which is trusted by OpenID Connect and by SAML.
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type RunningHub, startHub } from '../peers/running-hub.ts';
import { Tenant } from '../peers/tenant.ts';
import { launchChromium } from '../programs/chromium.ts';
import { Visitor } from './visitor.ts';

/** Each page is examined once. */
const examined = new Set<string>();

/** As `Tenant.person` makes people. */
const password = 'correct horse battery staple';

/** Where the application would be; the browser is answered in its place. */
const application = 'https://application.example/back';

const submit = 'button[name=action][value=submit]';
const button = (action: string) => `button[name=action][value=${action}]`;
const title = (text: string) => `h1:has-text("${text}")`;
const choice = (id: string) => `button[name=provider][value="${id}"]`;

/** Claims of a person, by their types. */
const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const subject = { displayName: `${claims}/name`, emailAddress: `${claims}/emailaddress` };

let hub: RunningHub;
let browser: Browser;
let company: Tenant;
let gateway: Tenant;
let visitor: Visitor;
let clientId: string;

before(async () => {
  hub = await startHub();
  browser = await launchChromium('--ignore-certificate-errors');
  company = await Tenant.make(hub, 'mycompany');
  gateway = await Tenant.make(hub, 'myoc');
  for (const name of ['marge', 'homer', 'bart', 'maggie']) await person(company, name);
  await trustByOpenIdConnect();
  await trustBySaml();
  await offerToMembers();
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

beforeEach(async () => {
  visitor = await Visitor.arrive(browser, { hasScripts: true, usesKeyboardOnly: true, examinesPages: true, examined });
  const body = '<!doctype html><html lang="en"><title>Back</title><main><h1>Back</h1></main>';
  await visitor.page.context().route('https://application.example/**', (route) => route.fulfill({ body }));
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
    // It names people by its own domain, and is believed.
    acceptanceRules: [
      [subject.displayName, 'name'],
      [subject.emailAddress, 'preferred_username'],
    ]
      .map(([to, from]) => `c:[Type == "${from}"] => issue(Type = "${to}", Value = c.Value, Issuer = c.Issuer);`)
      .join('\n'),
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

/** A flow for customers who may come from My Company, and an application that uses it. */
async function offerToMembers(): Promise<void> {
  await gateway.graph('POST', '/identity/userFlows', {
    id: 'members',
    userFlowType: 'signUpOrSignIn',
    identityProviders: ['EmailPassword-OAUTH', 'MyCompany'],
    attributes: [
      { name: 'displayName', isRequired: true },
      { name: 'city', isRequired: true },
    ],
  });
  const { appId } = await gateway.graph('POST', '/applications', {
    displayName: 'Springfield News',
    isFallbackPublicClient: true,
    web: { redirectUris: [application] },
  });
  await gateway.graph('POST', '/servicePrincipals', { appId });
  clientId = appId;
}

function authorize(parameters: Record<string, string> = {}): string {
  const url = new URL(`${hub.origin}/myoc/members/oauth2/v2.0/authorize`);
  const asked = { client_id: clientId, redirect_uri: application, response_type: 'code', scope: 'openid' };
  url.search = new URLSearchParams({ ...asked, ...parameters }).toString();
  return url.href;
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

  test('signs up at an application of the tenant, and is asked for what the organization does not say', async () => {
    await visitor.open(authorize({ prompt: 'create' }));
    await visitor.sees(title('Create an account'));
    await visitor.press(choice('MyCompany'));
    await signInAtCompany('maggie');
    await visitor.sees(title('About you'));
    await visitor.page.press(submit, 'Enter');
    // The browser itself sees that something is missing.
    await visitor.sees('[name=city]:invalid:focus');
    await visitor.fill('[name=city]', 'Springfield');
    await visitor.press(submit);
    await visitor.sees(title('Back'));
  });

  test('links an account here with the one there when both are proven, and unlinks it', async () => {
    const address = `bart@${company.domain}`;
    const [organization] = (await gateway.graph('GET', '/organization')).value;
    await gateway.graph('POST', '/users', {
      displayName: 'Bart Simpson',
      accountEnabled: true,
      mailNickname: 'bart',
      identities: [
        { signInType: 'emailAddress', issuer: organization?.verifiedDomains[0]?.name, issuerAssignedId: address },
      ],
      passwordProfile: { password, forceChangePasswordNextSignIn: false },
    });
    await visitor.open(authorize());
    await visitor.sees('[name=password]');
    await visitor.press(choice('MyCompany'));
    await signInAtCompany('bart');
    await visitor.sees(title('Is this your account?'));
    await visitor.press(submit);
    await visitor.sees('[name=password]');
    await visitor.fill('[name=password]', password);
    await visitor.press(submit);
    await visitor.sees(title('Link these accounts?'));
    await visitor.press(submit);
    await visitor.sees(title('Back'));

    await visitor.open(`${hub.origin}/myoc/account`);
    await visitor.sees(title('Your account'));
    await visitor.press('button[name=unlink]');
    await visitor.sees(title('Unlink My Company?'));
    await visitor.press(submit);
    await visitor.sees('[role=status]:has-text("saved")');
    await visitor.press('button[name=link][value=MyCompany]');
    await visitor.sees(title('Sign in with My Company, too'));
    await visitor.press(submit);
    // The organization still knows who it is.
    await visitor.sees(title('Link these accounts?'));
    await visitor.press(button('cancel'));
    await visitor.sees(title('Your account'));
  });
});
