// The end of a session that came of the word of a provider by WS-Federation: told to the provider, and heard from it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../databases.ts';
import { origin } from '../endpoints/saml/saml-hub.ts';
import type { TestBrowser } from '../sign-in/test-browser.ts';
import { certificateOf, issuer, location, passiveAnswer, providerKey } from './fake-saml-provider.ts';
import { openPartnerSignOut, visit } from './partner-sign-out.ts';

onEachDatabase((database) => {
  async function signedIn(endsSession = true) {
    const signingCertificates = [certificateOf(providerKey)];
    const wsFederation = { passiveEndpoint: location, signingCertificates, endsSession };
    const open = await openPartnerSignOut(database, { issuer, protocol: 'wsFederation', wsFederation });
    const { hub } = open;
    const returnPath = `/${hub.tenant.id}/federation/Home`;
    const signIn = (browser: TestBrowser) =>
      open.signIn(browser, async (at) => browser.post(returnPath, await passiveAnswer(at, hub.now, hub.entityId)));
    const browser = hub.browser();
    return { ...open, returnPath, browser, profile: await signIn(browser), signIn };
  }

  test('WS-Federation 1.2 13.2.4: who signs out here is signed out at the provider, which sends the browser back', async () => {
    const { hub, app, browser, profile, isIn, statusAt, logoutPath } = await signedIn();
    const at = await visit(browser, await app.getLogoutUrlAsync(profile, '', {}));
    assert.equal(at.origin + at.pathname, location);
    assert.equal(await isIn(profile.sessionIndex), false);
    const { searchParams } = at;
    assert.deepEqual([searchParams.get('wa'), searchParams.get('wtrealm')], ['wsignout1.0', hub.entityId]);
    const reply = new URL(searchParams.get('wreply') ?? '');
    assert.equal(reply.origin + reply.pathname, origin + logoutPath);
    assert.deepEqual(await statusAt(await visit(browser, reply.href)), ['Success', undefined]);
    assert.equal((await browser.open(reply.pathname + reply.search)).status, 400, 'an answer counts once');
  });

  test('a provider that is not to be told is not', async () => {
    const { app, browser, profile, statusAt } = await signedIn(false);
    const at = await visit(browser, await app.getLogoutUrlAsync(profile, '', {}));
    assert.deepEqual(await statusAt(at), ['Success', undefined]);
  });

  test('WS-Federation 1.2 13.2.4: a frame of the provider’s page cleans up the session of its browser', async () => {
    const { hub, browser, profile, signIn, isIn, logoutPath, returnPath } = await signedIn();
    const other = hub.browser();
    const second = await signIn(other);
    assert.equal((await hub.browser().open(`${logoutPath}?wa=wsignoutcleanup1.0`)).status, 200, 'nobody is signed in');
    assert.equal((await browser.open(`${logoutPath}?wa=wsignin1.0&wtrealm=x`)).status, 400);
    assert.deepEqual([await isIn(profile.sessionIndex), await isIn(second.sessionIndex)], [true, true]);
    const { status, headers } = await browser.open(`${logoutPath}?wa=wsignoutcleanup1.0`);
    assert.equal(status, 200);
    assert.match(String(headers['content-security-policy']), /frame-ancestors https:\/\/idp\.example(;|$)/);
    assert.deepEqual([await isIn(profile.sessionIndex), await isIn(second.sessionIndex)], [false, true]);
    // AD FS knows one address only.
    await other.open(`${returnPath}?wa=wsignoutcleanup1.0`);
    assert.equal(await isIn(second.sessionIndex), false);
  });

  test('WS-Federation cleans up no session that came of another provider, or of nobody else', async () => {
    const { hub, isIn, logoutPath } = await signedIn();
    await hub.staff('homer');
    const browser = hub.browser();
    const app = await hub.provider({ wantAuthnResponseSigned: false });
    await hub.signOn(browser, app, `homer@${hub.tenant.name}.onmicrosoft.com`);
    const [session] = await hub.storage.read.sessions.listOfUser(
      hub.tenant.id,
      (await hub.storage.read.audit.list(hub.tenant.id, { verb: 'user.create' }, 1))[0]?.object.id ?? '',
      hub.now,
    );
    await browser.open(`${logoutPath}?wa=wsignoutcleanup1.0`);
    assert.equal(await isIn(session?.id), true);
  });
});
