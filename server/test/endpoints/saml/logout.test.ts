import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildLogoutRequest,
  buildPost,
  type LogoutRequest,
  parseLogoutRequest,
  parseLogoutResponse,
  parseRedirect,
  signSaml,
  verifyRedirect,
} from '@countersign/saml';
import { defaultSignatureAlgorithms } from '@countersign/xml';
import type { Profile, SAML } from '@node-saml/node-saml';
import { createServicePrincipal, registerApplication } from '../../../src/applications/index.ts';
import { compression, xmlDigest, xmlVerificationKey } from '../../../src/issuance/index.ts';
import { onEachDatabase } from '../../databases.ts';
import type { TestBrowser } from '../../sign-in/test-browser.ts';
import { applicationSigner, origin, profileOf, SamlHub, strangerKey } from './saml-hub.ts';

const slo = (name: string) => `https://${name}.example/slo`;
const signOutAddresses = (name: string) => [{ binding: 'redirect', location: slo(name) } as const];

onEachDatabase((database) => {
  /** Marge is signed in at two applications, `app` and `other`. */
  async function signedIn(change: object = {}, appChange: object = {}) {
    const hub = await new SamlHub(database).begin();
    await hub.staff('marge', { mail: 'marge@x.example' });
    await hub.application({ signOutAddresses: signOutAddresses('app'), ...appChange });
    await hub.application({
      identifier: 'urn:other',
      signOutAddresses: signOutAddresses('other'),
      nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
      ...change,
    });
    const logoutUrl = `${origin}/${hub.tenant.id}/saml2`;
    const app = await hub.provider({ logoutUrl, logoutCallbackUrl: slo('app') });
    const other = await hub.provider({ logoutUrl, issuer: 'urn:other', audience: 'urn:other' });
    const browser = hub.browser();
    const profiles: Profile[] = [];
    for (const provider of [app, other]) {
      await hub.signOn(browser, provider, `marge@${hub.tenant.name}.onmicrosoft.com`);
      profiles.push(await profileOf(browser, provider));
    }
    const [appProfile, otherProfile] = profiles;
    assert.ok(appProfile && otherProfile);
    return { hub, app, other, browser, appProfile, otherProfile };
  }

  /** Goes to an address of the hub that an application has made. */
  async function visit(browser: TestBrowser, address: string): Promise<URL> {
    const { pathname, search } = new URL(address);
    const { status, headers, text } = await browser.open(pathname + search);
    assert.equal(status, 303, text);
    return new URL(String(headers['location']));
  }

  /** The message of a redirect, with the hub's signature proven. */
  async function received(hub: SamlHub, { search }: URL) {
    const message = await parseRedirect(search.slice(1), compression);
    const { certificate } = await hub.keys.signer(hub.tenant.id);
    const keys = [xmlVerificationKey(certificate.replace(/-----[^-]+-----|\s/g, ''))];
    assert.ok(await verifyRedirect(message, { keys, algorithms: defaultSignatureAlgorithms }, true));
    return message;
  }

  const answered = async (hub: SamlHub, at: URL) => {
    const { element, relayState } = await received(hub, at);
    return { ...parseLogoutResponse(element), relayState };
  };

  /** What an application answers to the request that was sent to it. */
  async function answerOf(hub: SamlHub, provider: SAML, at: URL, isDone = true): Promise<string> {
    const { id, nameId } = parseLogoutRequest((await received(hub, at)).element);
    const profile = { ID: id, issuer: hub.entityId, nameID: nameId.value, nameIDFormat: nameId.format ?? '' };
    return provider.getLogoutResponseUrlAsync(profile, '', {}, isDone);
  }

  const sessionsOf = async (hub: SamlHub, userId: string) =>
    (await hub.storage.read.sessions.listOfUser(hub.tenant.id, userId, hub.now)).length;

  test('SAML Profiles 4.4.3: an application ends the session; the other is asked first, by the name that it knows', async () => {
    const { hub, app, other, browser, appProfile, otherProfile } = await signedIn();
    const asked = await visit(browser, await app.getLogoutUrlAsync(appProfile, 'the-state', {}));
    assert.equal(asked.origin + asked.pathname, slo('other'));
    const request = parseLogoutRequest((await received(hub, asked)).element);
    assert.deepEqual(
      [request.destination, request.nameId.value, request.nameId.spNameQualifier, request.sessionIndexes],
      [slo('other'), otherProfile.nameID, 'urn:other', [otherProfile.sessionIndex]],
    );
    const back = await visit(browser, await answerOf(hub, other, asked));
    assert.equal(back.origin + back.pathname, slo('app'));
    const { status, relayState, destination } = await answered(hub, back);
    assert.deepEqual([status.code, status.secondLevelCode], ['Success', undefined]);
    assert.deepEqual([relayState, destination], ['the-state', slo('app')]);

    const start = new URL(await app.getAuthorizeUrlAsync('', undefined, {}));
    await browser.open(start.pathname + start.search);
    assert.match(browser.page.text, /name="password"/, 'the session is gone');
  });

  test('SAML Core 3.7.3.2: an application that refuses does not stop the sign-out, which is partial then', async () => {
    const { hub, app, other, browser, appProfile } = await signedIn();
    const asked = await visit(browser, await app.getLogoutUrlAsync(appProfile, '', {}));
    const answer = await answerOf(hub, other, asked, false);
    const { status } = await answered(hub, await visit(browser, answer));
    assert.deepEqual([status.code, status.secondLevelCode], ['Success', 'PartialLogout']);
    const events = await hub.storage.read.audit.list(hub.tenant.id, {}, 100);
    assert.ok(events.some(({ verb }) => verb === 'session.notifyFailed'));
    await browser.open(new URL(answer).pathname + new URL(answer).search);
    assert.equal(browser.page.status, 400, 'an answer counts once');
  });

  test('SAML Core 3.7.3.2: an application without an address for sign-out makes it partial', async () => {
    const { hub, app, browser, appProfile } = await signedIn({ signOutAddresses: [] });
    const back = await visit(browser, await app.getLogoutUrlAsync(appProfile, '', {}));
    assert.equal((await answered(hub, back)).status.secondLevelCode, 'PartialLogout');
  });

  test('an answer that is signed by somebody else counts as none', async () => {
    const { hub, app, browser, appProfile } = await signedIn();
    const asked = await visit(browser, await app.getLogoutUrlAsync(appProfile, '', {}));
    const stranger = await hub.provider({
      issuer: 'urn:other',
      privateKey: strangerKey,
      logoutUrl: `${origin}/${hub.tenant.id}/saml2`,
    });
    const back = await visit(browser, await answerOf(hub, stranger, asked));
    assert.equal((await answered(hub, back)).status.secondLevelCode, 'PartialLogout');
  });

  test('applications of OpenID Connect and WS-Federation are told in frames of a page that leads on to the answer', async () => {
    const { hub, app, other, browser, appProfile } = await signedIn();
    const sessionId = String(appProfile.sessionIndex);
    const claimsApp = await hub.application({
      protocol: 'wsFederation',
      identifier: 'urn:claims',
      mustSignRequests: false,
    });
    await hub.storage.write(async (stores) => {
      const { attributes } = await registerApplication(stores, hub.act(), {
        displayName: 'Web',
        web: { redirectUris: [], logoutUrl: 'https://web.example/out' },
      });
      const { id } = await createServicePrincipal(stores, hub.act(), attributes.appId);
      const web = { applicationId: id, flow: null, issuer: `${origin}/issuer`, lastAt: hub.now };
      await stores.sessions.addApplication(hub.tenant.id, sessionId, web);
      const claims = { applicationId: claimsApp, flow: null, issuer: null, lastAt: hub.now };
      await stores.sessions.addApplication(hub.tenant.id, sessionId, claims);
      const participation = { protocol: 'wsFederation', state: '' };
      await stores.sessions.participate(hub.tenant.id, sessionId, claims, participation);
    });
    const asked = await visit(browser, await app.getLogoutUrlAsync(appProfile, '', {}));
    const answer = new URL(await answerOf(hub, other, asked));
    const { status, text } = await browser.open(answer.pathname + answer.search);
    assert.equal(status, 200);
    assert.match(text, /<iframe src="https:\/\/web\.example\/out\?iss=/);
    assert.match(text, /<iframe src="https:\/\/app\.example\/acs\?wa=wsignoutcleanup1\.0"/);
    const [, next = ''] = /content="2;url=([^"]*)"/.exec(text) ?? [];
    const { status: told } = await answered(hub, new URL(next.replaceAll('&#38;', '&')));
    assert.deepEqual([told.code, told.secondLevelCode], ['Success', undefined]);
  });

  test('SAML Core 3.7.3.2: an answer by POST, which leaves no time for frames, tells that some were not told', async () => {
    const signOutAddresses = [{ binding: 'post', location: slo('app') }];
    const { hub, app, browser, other, appProfile } = await signedIn({}, { signOutAddresses });
    const claimsApp = await hub.application({
      protocol: 'wsFederation',
      identifier: 'urn:claims',
      mustSignRequests: false,
    });
    const sessionId = String(appProfile.sessionIndex);
    await hub.storage.write(async ({ sessions }) => {
      const claims = { applicationId: claimsApp, flow: null, issuer: null, lastAt: hub.now };
      await sessions.addApplication(hub.tenant.id, sessionId, claims);
      await sessions.participate(hub.tenant.id, sessionId, claims, { protocol: 'wsFederation', state: '' });
    });
    const asked = await visit(browser, await app.getLogoutUrlAsync(appProfile, '', {}));
    const answer = new URL(await answerOf(hub, other, asked));
    await browser.open(answer.pathname + answer.search);
    const { action, fields } = browser.form();
    assert.equal(action, slo('app'));
    assert.match(Buffer.from(fields['SAMLResponse'] ?? '', 'base64').toString(), /status:PartialLogout/);
  });

  const requestOf = (hub: SamlHub, profile: Profile, change: Partial<LogoutRequest> = {}): LogoutRequest => ({
    id: '_request',
    issueInstant: hub.now,
    issuer: 'urn:app',
    destination: `${origin}/${hub.tenant.id}/saml2`,
    nameId: { value: profile.nameID, format: profile.nameIDFormat },
    sessionIndexes: [String(profile.sessionIndex)],
    ...change,
  });
  const post = async (hub: SamlHub, browser: TestBrowser, request: LogoutRequest) => {
    const message = await signSaml(buildLogoutRequest(request), { signer: applicationSigner, digest: xmlDigest });
    const body = new URLSearchParams({ SAMLRequest: buildPost(message), RelayState: 'state' });
    return browser.post(`/${hub.tenant.id}/saml2`, body);
  };

  test('SAML Bindings 3.5: a request by POST finds its session by the index, though the browser keeps cookies back', async () => {
    const { hub, appProfile } = await signedIn({ signOutAddresses: [] });
    const { headers } = await post(hub, hub.browser(), requestOf(hub, appProfile));
    const { relayState, inResponseTo } = await answered(hub, new URL(String(headers['location'])));
    assert.deepEqual([relayState, inResponseTo], ['state', '_request']);
    const sessionId = String(appProfile.sessionIndex);
    assert.equal(await hub.storage.read.sessions.find(hub.tenant.id, sessionId, hub.now), undefined);
  });

  test('SAML Core 3.7.1: without an index all sessions end in which the application knows the person by that name', async () => {
    const { hub, app, appProfile } = await signedIn({ signOutAddresses: [] });
    const session = await hub.storage.read.sessions.find(hub.tenant.id, String(appProfile.sessionIndex), hub.now);
    const userId = session?.userId ?? '';
    await hub.signOn(hub.browser(), app, `marge@${hub.tenant.name}.onmicrosoft.com`);
    const elsewhere = hub.browser();
    const elsewhereApp = await hub.provider({ issuer: 'urn:other', audience: 'urn:other' });
    await hub.signOn(elsewhere, elsewhereApp, `marge@${hub.tenant.name}.onmicrosoft.com`);
    assert.equal(await sessionsOf(hub, userId), 3);
    const { headers } = await post(hub, hub.browser(), requestOf(hub, appProfile, { sessionIndexes: [] }));
    const { status } = await answered(hub, new URL(String(headers['location'])));
    assert.equal(status.code, 'Success');
    assert.equal(await sessionsOf(hub, userId), 1, 'one of the other application is left');
  });

  test('SAML Profiles 4.4.4.1: an unsigned request of an application without keys ends the session of its browser only', async () => {
    const { hub, app, browser, appProfile } = await signedIn(
      { signOutAddresses: [] },
      { signingCertificates: [], mustSignRequests: false },
    );
    const session = await hub.storage.read.sessions.find(hub.tenant.id, String(appProfile.sessionIndex), hub.now);
    await hub.signOn(hub.browser(), app, `marge@${hub.tenant.name}.onmicrosoft.com`);
    const message = buildLogoutRequest(requestOf(hub, appProfile, { sessionIndexes: [] }));
    const body = new URLSearchParams({ SAMLRequest: buildPost(message) });
    for (const [asking, left] of [
      [hub.browser(), 2],
      [browser, 1],
    ] as const) {
      await asking.post(`/${hub.tenant.id}/saml2`, body);
      assert.equal(await sessionsOf(hub, session?.userId ?? ''), left);
    }
  });

  test('SAML Core 3.7.3: nobody is signed out by the name of somebody else', async () => {
    const { hub, browser, appProfile } = await signedIn();
    const session = await hub.storage.read.sessions.find(hub.tenant.id, String(appProfile.sessionIndex), hub.now);
    const nameId = { value: 'homer@x.example', format: appProfile.nameIDFormat };
    const { headers } = await post(hub, browser, requestOf(hub, appProfile, { nameId }));
    const { status } = await answered(hub, new URL(String(headers['location'])));
    assert.deepEqual([status.code, status.secondLevelCode], ['Requester', 'UnknownPrincipal']);
    assert.equal(await sessionsOf(hub, session?.userId ?? ''), 1);
  });

  test('SAML Core 3.7.3: where there is no session, there is nothing to end', async () => {
    const { hub, appProfile } = await signedIn();
    const sessionIndexes = ['elsewhere'];
    const { headers } = await post(hub, hub.browser(), requestOf(hub, appProfile, { sessionIndexes }));
    assert.equal((await answered(hub, new URL(String(headers['location'])))).status.code, 'Success');
  });

  test('SAML Profiles 4.4.4.1: a request that is unsigned, of a stranger, for another address or too late ends nothing', async () => {
    const { hub, app, browser, appProfile } = await signedIn();
    const session = await hub.storage.read.sessions.find(hub.tenant.id, String(appProfile.sessionIndex), hub.now);
    const good = new URL(await app.getLogoutUrlAsync(appProfile, '', {}));
    const unsigned = new URL(good);
    for (const name of ['Signature', 'SigAlg']) unsigned.searchParams.delete(name);
    const stranger = await hub.provider({
      privateKey: strangerKey,
      logoutUrl: `${origin}/${hub.tenant.id}/saml2`,
    });
    const foreign = new URL(await stranger.getLogoutUrlAsync(appProfile, '', {}));
    for (const { pathname, search } of [unsigned, foreign]) {
      await browser.open(pathname + search);
      assert.equal(browser.page.status, 400);
    }
    const late = new Date(hub.now.getTime() - 400_000);
    for (const change of [{ destination: 'https://evil.example/' }, { notOnOrAfter: late }, { issuer: 'urn:nobody' }]) {
      const { status, headers } = await post(hub, browser, requestOf(hub, appProfile, change));
      assert.deepEqual([status, headers['location']], [400, undefined]);
    }
    assert.equal(await sessionsOf(hub, session?.userId ?? ''), 1);
  });
});
