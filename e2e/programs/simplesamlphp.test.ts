// SimpleSAMLphp as an identity provider behind the hub.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RunningHub, startHub } from '../peers/running-hub.ts';
import { Tenant } from '../peers/tenant.ts';
import { type Cookies, walk } from '../peers/walk-sign-in.ts';
import { type SimpleSamlPhp, startSimpleSamlPhp } from './simplesamlphp.ts';

const back = 'https://application.example/back';

const rules = `a:[Type == "givenName"] && b:[Type == "sn"]
  => issue(Type = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", Value = a.Value + " " + b.Value);`;

let hub: RunningHub;
let provider: SimpleSamlPhp;
let tenant: Tenant;
let tenantId: string;
let clientId: string;
/** Where our metadata for the provider are. */
let metadataAddress: string;

before(async () => {
  hub = await startHub();
  provider = await startSimpleSamlPhp();
  tenant = await Tenant.make(hub, 'gateway');
  tenantId = (await tenant.graph('GET', '/organization')).value[0]?.id ?? '';
  ({ appId: clientId } = await tenant.graph('POST', '/applications', {
    displayName: 'Application',
    web: { redirectUris: [back] },
  }));
  await tenant.graph('POST', '/servicePrincipals', { appId: clientId });
});
after(async () => {
  await provider?.stop();
  await hub?.stop();
});

const isBack = ({ origin }: URL) => origin === new URL(back).origin;

/** A sign-in at the application that goes to the provider at once. */
async function signIn(cookies: Cookies = new Map(), more: object = {}, isEnd = isBack): Promise<URL> {
  const start = new URL(`${hub.origin}/${tenantId}/oauth2/v2.0/authorize`);
  const query = { client_id: clientId, response_type: 'code', redirect_uri: back, scope: 'openid', ...more };
  start.search = new URLSearchParams({ ...query, domain_hint: 'MyCompany' }).toString();
  const person = { username: 'marge', password: 'springfield' };
  return (await walk(start, person, cookies, isEnd)).url;
}

test('SAML Profiles 4.1: SimpleSAMLphp is trusted by the address of its metadata, and its people sign in', async () => {
  ({ metadataAddress } = await tenant.graph('POST', '/identity/identityProviders', {
    id: 'MyCompany',
    displayName: 'My Company',
    identityProviderType: 'SAML',
    metadataSource: { url: provider.metadataUrl },
    // Its name identifiers are transient unless it is told otherwise.
    saml: { subjectAttribute: 'uid' },
    createsUsers: true,
    acceptanceRules: rules,
  }));
  provider.trust(await (await fetch(metadataAddress)).text());
  assert.ok((await signIn()).searchParams.get('code'));
  assert.ok((await signIn()).searchParams.get('code'), 'the same person comes again');
  const { value } = await tenant.graph('GET', "/users?$filter=displayName eq 'Marge Simpson'");
  assert.equal(value.length, 1);
});

test('SAML Metadata 2.4.1.1: a certificate that SimpleSAMLphp announces is trusted before it signs', async () => {
  const next = await provider.announceCertificate();
  const refreshed: object = await tenant.graph('POST', '/identity/identityProviders/MyCompany/refreshMetadata');
  const text = JSON.stringify(refreshed);
  for (const { registered } of [provider.certificate, next]) assert.ok(text.includes(registered));
  assert.ok((await signIn()).searchParams.get('code'));
});

const isSignedIn = async (cookies: Cookies) => (await signIn(cookies, { prompt: 'none' })).searchParams.has('code');

test('SAML Profiles 4.4: who signs out at the hub is signed out at SimpleSAMLphp, which answers', async () => {
  const cookies: Cookies = new Map();
  assert.ok((await signIn(cookies)).searchParams.get('code'));
  assert.equal(await isSignedIn(cookies), true);
  const { page } = await walk(`${hub.origin}/${tenantId}/oauth2/v2.0/logout`, {}, cookies);
  assert.match(page?.text ?? '', /You are signed out/);
  assert.ok(!page?.text.includes('My Company'), 'it could be told');
  assert.equal(await isSignedIn(cookies), false);
  const { value } = await tenant.graph('GET', '/auditLogs/directoryAudits?$top=20');
  assert.ok(JSON.stringify(value).includes('session.notify"'));
});

test('SAML Profiles 4.4: who signs out at SimpleSAMLphp is signed out at the hub', async () => {
  const cookies: Cookies = new Map();
  assert.ok((await signIn(cookies)).searchParams.get('code'));
  const { url } = await walk(provider.signOutUrl, {}, cookies);
  assert.equal(url.origin, new URL(provider.metadataUrl).origin, 'it is back there');
  assert.equal(await isSignedIn(cookies), false);
});

test('SAML Core 6: SimpleSAMLphp encrypts assertions to the key in our metadata, by CBC, which the trust takes', async () => {
  provider.encryptAssertions();
  const saml = { contentEncryption: ['aes256-gcm', 'aes128-cbc'], mustBeEncrypted: true };
  await tenant.graph('PATCH', '/identity/identityProviders/MyCompany', { saml });
  assert.ok((await signIn()).searchParams.get('code'));
});

test('SAML Bindings 3.6: SimpleSAMLphp sends an artifact, and hands out the answer behind it over the back channel', async () => {
  provider.sendArtifacts();
  await tenant.graph('POST', '/identity/identityProviders/MyCompany/refreshMetadata');
  const saml = { responseBinding: 'artifact', mustBeEncrypted: false };
  await tenant.graph('PATCH', '/identity/identityProviders/MyCompany', { saml });
  provider.trust(await (await fetch(metadataAddress)).text());
  const cookies: Cookies = new Map();
  const brought = await signIn(cookies, {}, ({ searchParams }) => searchParams.has('SAMLart'));
  assert.equal(brought.origin, new URL(hub.origin).origin);
  const { url } = await walk(brought, {}, cookies, isBack);
  assert.ok(url.searchParams.get('code'));
});
