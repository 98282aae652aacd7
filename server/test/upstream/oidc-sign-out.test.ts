// The end of a session that came of an OpenID provider's word: told to the provider, and heard from it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt, SignJWT } from 'jose';
import { createServicePrincipal, registerApplication } from '../../src/applications/index.ts';
import type { OidcTrust } from '../../src/upstream-providers/index.ts';
import { onEachDatabase } from '../databases.ts';
import { origin } from '../endpoints/saml/saml-hub.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import { FakeOidcProvider } from './fake-oidc-provider.ts';
import { openPartnerSignOut, visit } from './partner-sign-out.ts';

const endSession = 'https://idp.example/logout';

onEachDatabase((database) => {
  /** Marge came from the provider. */
  async function signedIn(oidc: Partial<OidcTrust> = {}) {
    let now = () => new Date();
    const provider = new FakeOidcProvider('https://idp.example', () => now());
    provider.more = { end_session_endpoint: endSession };
    const trust = { issuer: provider.issuer, oidc: { clientId: provider.clientId, endsSession: true, ...oidc } };
    const open = await openPartnerSignOut(database, trust, provider.secret);
    const { hub, logoutPath } = open;
    now = () => hub.now;
    hub.upstreamFetch = provider.fetch;
    const signIn = (browser: TestBrowser, sid: string | undefined) => {
      provider.wrong = { sid };
      return open.signIn(browser, (at) => browser.open(provider.authorize(at)));
    };
    const browser = hub.browser();
    const profile = await signIn(browser, 'first');
    /** Calls the hub as the provider does, without a browser. */
    const call = (logoutToken: string) =>
      hub.browser().post(logoutPath, new URLSearchParams({ logout_token: logoutToken }));
    return { ...open, provider, signIn, browser, profile, call };
  }

  test('RP-Initiated Logout 1.0 2: who signs out here is signed out at the provider, which gets its ID token as hint', async () => {
    const { hub, app, browser, profile, isIn, statusAt, provider, logoutPath } = await signedIn();
    const at = await visit(browser, await app.getLogoutUrlAsync(profile, '', {}));
    assert.equal(at.origin + at.pathname, endSession);
    assert.equal(await isIn(profile.sessionIndex), false);
    const { searchParams } = at;
    assert.equal(decodeJwt(searchParams.get('id_token_hint') ?? '').sub, 'marge-1');
    assert.equal(searchParams.get('client_id'), provider.clientId);
    assert.equal(searchParams.get('post_logout_redirect_uri'), origin + logoutPath);
    const back = `${logoutPath}?state=${searchParams.get('state')}`;
    assert.deepEqual(await statusAt(await visit(browser, back)), ['Success', undefined]);
    const [told] = await hub.storage.read.audit.list(hub.tenant.id, { verb: 'session.notify' }, 1);
    assert.deepEqual([told?.object.kind, told?.object.id], ['identityProvider', 'Home']);
    assert.equal((await browser.open(back)).status, 400, 'an answer counts once');
    assert.equal((await browser.open(logoutPath)).status, 400, 'nobody is awaited');
  });

  test('frames of applications are loaded before the browser goes to the provider, from which not everybody comes back', async () => {
    const { hub, app, browser, profile } = await signedIn();
    const { id } = hub.tenant;
    await hub.storage.write(async (stores) => {
      const web = { logoutUrl: 'https://web.example/logout' };
      const { attributes } = await registerApplication(stores, hub.act(), { displayName: 'Web', web });
      const { id: applicationId } = await createServicePrincipal(stores, hub.act(), attributes.appId);
      const used = { applicationId, flow: null, issuer: `${origin}/${id}/v2.0`, lastAt: hub.now };
      await stores.sessions.addApplication(id, String(profile.sessionIndex), used);
    });
    const { pathname, search } = new URL(await app.getLogoutUrlAsync(profile, '', {}));
    const { text } = await browser.open(pathname + search);
    assert.match(text, /<iframe src="https:\/\/web\.example\/logout\?/);
    assert.equal(browser.page.text.match(/url=(https:\/\/idp\.example\/logout)/)?.[1], endSession);
  });

  test('a provider that is not to be told is not, and one that cannot be makes the sign-out partial', async () => {
    const untrusted = await signedIn({ endsSession: false });
    const { app, browser, profile } = untrusted;
    const at = await visit(browser, await app.getLogoutUrlAsync(profile, '', {}));
    assert.deepEqual(await untrusted.statusAt(at), ['Success', undefined]);
    for (const more of [{}, { end_session_endpoint: 'javascript:alert(1)' }]) {
      const other = await signedIn();
      other.provider.more = more;
      const url = await other.app.getLogoutUrlAsync(other.profile, '', {});
      const end = await visit(other.browser, url);
      assert.deepEqual(await other.statusAt(end), ['Success', 'PartialLogout']);
    }
  });

  test('Back-Channel Logout 1.0 2.5: a provider ends the sessions of a person, or one that it names', async () => {
    const { hub, profile, signIn, isIn, call, provider } = await signedIn();
    const second = await signIn(hub.browser(), 'second');
    const third = await signIn(hub.browser(), undefined);
    const { status, headers, text } = await call(await provider.logoutToken({ sid: 'first' }));
    assert.deepEqual([status, headers['cache-control'], text], [200, 'no-store', '']);
    const living = () => Promise.all([profile, second, third].map(({ sessionIndex }) => isIn(sessionIndex)));
    assert.deepEqual(await living(), [false, true, true]);
    await call(await provider.logoutToken({ sid: 'second', sub: 'homer-1' }));
    assert.deepEqual(await living(), [false, true, true], 'the session of somebody else');
    await call(await provider.logoutToken({ sub: 'marge-1' }));
    assert.deepEqual(await living(), [false, false, false]);
    const [ended] = await hub.storage.read.audit.list(hub.tenant.id, { verb: 'session.end' }, 1);
    assert.equal(ended?.actor.name, 'Home');
  });

  test('Back-Channel Logout 1.0 2.6: a logout token that is not the provider’s word for us ends nothing', async () => {
    const { hub, profile, isIn, call, provider } = await signedIn();
    const sub = 'marge-1';
    const now = Math.floor(hub.now.getTime() / 1000);
    const good = { sub };
    const [header = '', payload = ''] = (await provider.logoutToken(good)).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'logout+jwt' })).toString('base64url');
    const byHmac = await new SignJWT({ ...decodeJwt(`${header}.${payload}.`) })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(provider.secret));
    const tokens = {
      'no token': 'x',
      'no signature': `${none}.${payload}.`,
      'the signature of another': `${header}.${payload}.${Buffer.alloc(256).toString('base64url')}`,
      'signed with the client secret': byHmac,
      'another issuer': await provider.logoutToken({ ...good, iss: 'https://other.example' }),
      'another client': await provider.logoutToken({ ...good, aud: 'another' }),
      'past its time': await provider.logoutToken({ ...good, iat: now - 700, exp: now - 600 }),
      'without an end': await provider.logoutToken({ ...good, exp: undefined }),
      'without a name': await provider.logoutToken({ ...good, jti: undefined }),
      'without an event': await provider.logoutToken({ ...good, events: {} }),
      'an ID token': await provider.logoutToken({ ...good, events: undefined, nonce: 'x' }, { typ: 'JWT' }),
      'with a nonce': await provider.logoutToken({ ...good, nonce: 'x' }),
      'an access token': await provider.logoutToken(good, { typ: 'at+jwt' }),
      'about nobody': await provider.logoutToken(),
      'about no name': await provider.logoutToken({ sub: '', sid: 1 }),
    };
    for (const [name, token] of Object.entries(tokens)) {
      const { status, text } = await call(token);
      assert.equal(status, 400, name);
      assert.match(text, /logout_token/, name);
    }
    provider.signWithAnotherKey();
    assert.equal((await call(await provider.logoutToken(good))).status, 400);
    assert.equal(await isIn(profile.sessionIndex), true);
  });

  test('Back-Channel Logout 1.0 2.6 step 8: whoever keeps a logout token does not end later sessions with it', async () => {
    const { hub, signIn, isIn, call, provider } = await signedIn();
    const token = await provider.logoutToken({ sub: 'marge-1' });
    assert.equal((await call(token)).status, 200);
    const later = await signIn(hub.browser(), 'later');
    assert.equal((await call(token)).status, 400);
    assert.equal(await isIn(later.sessionIndex), true);
  });

  test('Front-Channel Logout 1.0 2: a frame of the provider’s page ends the session that it names, and no other', async () => {
    const { hub, browser, profile, signIn, isIn, logoutPath } = await signedIn();
    const second = await signIn(hub.browser(), 'second');
    const from = (query: Record<string, string>) => browser.open(`${logoutPath}?${new URLSearchParams(query)}`);
    const iss = 'https://idp.example';
    for (const wrong of [{ iss }, { sid: 'first' }, { iss: 'https://other.example', sid: 'first' }, { iss, sid: '' }]) {
      assert.equal((await from(wrong as Record<string, string>)).status, 400);
    }
    assert.equal(await isIn(profile.sessionIndex), true);
    const { status, headers } = await from({ iss, sid: 'first' });
    assert.equal(status, 200);
    // The SAML application cannot be visited from within a frame.
    assert.match(String(headers['content-security-policy']), /frame-ancestors https:\/\/idp\.example(;|$)/);
    assert.deepEqual([await isIn(profile.sessionIndex), await isIn(second.sessionIndex)], [false, true]);
  });
});
