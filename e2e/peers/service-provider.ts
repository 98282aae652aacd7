// What every SAML application of somebody else's making must be able to do with a running hub.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Organization, password } from './organization.ts';
import { type RunningHub, startHub } from './running-hub.ts';
import { type Cookies, walk } from './walk-sign-in.ts';

/** An application that runs, with addresses that browsers go to. */
export interface ServiceProvider {
  /** Its metadata, as it writes them itself. */
  metadata: string;
  /** Page that demands a sign-in. */
  home: string;
  /** What that page shows. By default it is JSON. */
  read?: (page: { text: string; headers: Headers }) => Shown;
  /** The kind of name identifier that its requests ask for. */
  asksFor: 'persistent' | 'transient';
  /** Begins a sign-in that may not ask anything (`IsPassive`), and ends at a page that tells what came of it. */
  passive: string;
  /** Begins a sign-out here, at the hub and everywhere else, and ends at a page that asks for nothing. */
  signOut: string;
  stop(): Promise<void>;
}

/** Who is signed in, as the application understood. */
export interface Shown {
  nameId: string;
  /** Values of the attribute of that name; several are separated by semicolons. */
  mail: string;
  groups: string;
}

const rules = `
  c:[Type == "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"] => issue(Type = "mail", Value = c.Value);
  => issue(Type = "groups", Value = "staff");
  => issue(Type = "groups", Value = "engineering");
`;

/**
 * Holds an application to what SAML promises.
 *
 * @param start  starts it, given the hub's metadata
 * @param takesSoap  its metadata offer sign-outs by SOAP
 */
export function testServiceProvider(
  name: string,
  start: (metadata: string) => Promise<ServiceProvider>,
  { takesSoap = false } = {},
): void {
  let hub: RunningHub;
  let organization: Organization;
  let provider: ServiceProvider;
  let principalId: string;
  let identifier: string;
  let user: { name: string; password: string };

  const trust = (change: object) => organization.graph('PUT', address(), { protocol: 'saml', identifier, ...change });
  const address = () => `/servicePrincipals/${principalId}/relyingParty`;
  const signIn = async (cookies: Cookies, start = provider.home): Promise<Shown> => {
    const { url, page } = await walk(start, user, cookies);
    assert.ok(page && url.href === provider.home, url.href);
    return provider.read?.(page) ?? JSON.parse(page.text);
  };

  before(async () => {
    hub = await startHub();
    organization = await Organization.of(hub);
    user = { name: await organization.person('Marge Simpson', { mail: 'marge@springfield.example' }), password };
    provider = await start(await (await fetch(`${hub.origin}/${organization.tenantId}/saml2/metadata`)).text());
    const { appId } = await organization.graph('POST', '/applications', { displayName: name });
    ({ id: principalId } = await organization.graph('POST', '/servicePrincipals', { appId }));
    const { metadata } = provider;
    ({ identifier } = await organization.graph('POST', `${address()}/importMetadata`, { metadata }));
    await trust({ issuanceRules: rules, isUnsolicitedAllowed: true });
  });
  after(async () => {
    await provider?.stop();
    await hub?.stop();
  });

  test(`SAML Profiles 4.1: ${name} signs somebody in, and reads what the rules say`, async () => {
    const cookies: Cookies = new Map();
    const shown = await signIn(cookies);
    assert.ok(shown.nameId);
    assert.deepEqual([shown.mail, shown.groups], ['marge@springfield.example', 'staff;engineering']);
    assert.deepEqual(await signIn(cookies), shown, 'it has a session');
  });

  test(`SAML Core 8.3.7: the name by which ${name} knows somebody lasts as its request says`, async () => {
    const [first, second] = [await signIn(new Map()), await signIn(new Map())];
    assert.equal(first.nameId === second.nameId, provider.asksFor === 'persistent');
  });

  test(`SAML Profiles 4.1.5: ${name} takes a sign-in that began at the hub, and goes to the relay state`, async () => {
    const start = new URL(`${hub.origin}/${organization.tenantId}/saml2/start/${principalId}`);
    start.searchParams.set('RelayState', provider.home);
    const { mail } = await signIn(new Map(), start.href);
    assert.equal(mail, 'marge@springfield.example');
  });

  /** That neither the application nor the hub has a session any more. */
  const assertSignedOut = async (cookies: Cookies) => {
    const { url } = await walk(provider.home, user, cookies, ({ origin }) => origin === hub.origin);
    assert.equal(url.origin, hub.origin, 'the application asks again');
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    assert.match(await (await fetch(url, { headers: { cookie } })).text(), /name="password"/, 'the hub asks again');
  };

  test(`SAML Profiles 4.4: a sign-out that begins at ${name} ends the session of the hub`, async () => {
    const cookies: Cookies = new Map();
    await signIn(cookies);
    const { url } = await walk(provider.signOut, user, cookies);
    assert.equal(url.origin, new URL(provider.home).origin);
    await assertSignedOut(cookies);
  });

  test(`SAML Profiles 4.4: a sign-out that begins at the hub ends the session of ${name}`, async () => {
    const cookies: Cookies = new Map();
    await signIn(cookies);
    const { url, page } = await walk(`${hub.origin}/${organization.tenantId}/oauth2/v2.0/logout`, user, cookies);
    assert.equal(url.origin, hub.origin);
    assert.match(page?.text ?? '', /You are signed out/);
    assert.doesNotMatch(page?.text ?? '', /<li>/, 'everybody was told');
    await assertSignedOut(cookies);
  });

  const bySoap = async () => {
    await trust({ prefersSoapSignOut: true });
    const cookies: Cookies = new Map();
    await signIn(cookies);
    const hubOnly = ({ origin }: URL) => origin !== hub.origin;
    const { url, page } = await walk(
      `${hub.origin}/${organization.tenantId}/oauth2/v2.0/logout`,
      user,
      cookies,
      hubOnly,
    );
    assert.equal(url.origin, hub.origin, 'no browser went there');
    assert.doesNotMatch(page?.text ?? '', /<li>/, 'everybody was told');
    await assertSignedOut(cookies);
    await trust({ prefersSoapSignOut: false });
  };
  if (takesSoap) test(`SAML Bindings 3.2: the hub signs out of ${name} by SOAP`, bySoap);

  test(`SAML Core 3.4.1: ${name} is told that nobody can be signed in without being asked`, async () => {
    const { page } = await walk(provider.passive, user, new Map());
    assert.match(page?.text ?? '', /NoPassive|Unauthorized/);
  });

  test(`SAML Core 2.3.4: ${name} decrypts what was encrypted to the key of its metadata`, async () => {
    await trust({ encryptsTokens: true });
    assert.equal((await signIn(new Map())).mail, 'marge@springfield.example');
  });
}
