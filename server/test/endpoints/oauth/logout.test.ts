import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { deleteObject, updateUser, userKind } from '../../../src/directory/index.ts';
import { deliverLogoutNotices } from '../../../src/endpoints/index.ts';
import { endUntrustedSessions, revokeSessions } from '../../../src/sign-in/index.ts';
import { onEachDatabase, testSealing } from '../../databases.ts';
import { hasher } from '../../sign-in/journey.ts';
import { decode, TestHub } from './test-hub.ts';

const callback = 'https://app.example/callback';
const backChannel = 'https://app.example/logout/back';
const frontChannel = 'https://app.example/logout/front?kept=1';

onEachDatabase((database) => {
  async function signedIn(oauthClient = {}) {
    const hub = new TestHub(database);
    await hub.begin();
    const web = await hub.client({
      web: { redirectUris: [callback], logoutUrl: frontChannel },
      oauthClient: { backchannelLogoutUri: backChannel, ...oauthClient },
    });
    const userId = await hub.staff('marge');
    const browser = hub.browser();
    const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' };
    await browser.open(`${hub.path('authorize')}?${new URLSearchParams(query)}`);
    const back = await hub.signIn(browser, `marge@${hub.tenant.name}.onmicrosoft.com`);
    const form = {
      code: back.searchParams.get('code') ?? '',
      redirect_uri: callback,
      grant_type: 'authorization_code',
    };
    const { json } = await hub.fetch(hub.path('token'), {
      form: { ...form, client_id: web.appId, client_secret: web.secret },
    });
    const claims = decode(json['id_token']).claims;
    const options = {
      storage: hub.storage,
      keys: hub.keys,
      now: () => hub.now,
      newId: () => crypto.randomUUID(),
      deriveKey: testSealing.deriveKey,
      fetch: (...call: Parameters<typeof hub.outbound>) => hub.outbound(...call),
    };
    const deliver = () => deliverLogoutNotices(options, new AbortController().signal);
    return { hub, web, userId, browser, claims, idToken: String(json['id_token']), deliver };
  }

  /** Answers with these statuses, and then with 200; keeps what was posted. */
  function receive(hub: TestHub, ...statuses: number[]) {
    const received: { url: string; token: string | null }[] = [];
    hub.outbound = async (url, { body = '' } = {}) => {
      received.push({ url: String(url), token: new URLSearchParams(String(body)).get('logout_token') });
      return new Response(null, { status: statuses.shift() ?? 200 });
    };
    return received;
  }

  test('OpenID Connect Back-Channel Logout 2.4: a logout token says whose session has ended, and is none of the others', async () => {
    const { hub, web, userId, browser, claims, deliver } = await signedIn();
    const received = receive(hub);
    await browser.open(hub.path('logout'));
    await deliver();
    await deliver();
    assert.deepEqual(
      received.map(({ url }) => url),
      [backChannel],
      'once',
    );
    const keys = createLocalJWKSet((await hub.keys.jwks(hub.tenant.id)) as Parameters<typeof createLocalJWKSet>[0]);
    const { payload } = await jwtVerify(received[0]?.token ?? '', keys, {
      issuer: hub.issuer,
      audience: web.appId,
      typ: 'logout+jwt',
      currentDate: hub.now,
      requiredClaims: ['iat', 'exp', 'jti'],
    });
    assert.deepEqual([payload.sub, payload['sid']], [userId, claims['sid']]);
    assert.deepEqual(payload['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} });
    assert.equal(payload['nonce'], undefined);
  });

  test('OpenID Connect Back-Channel Logout 2.4: sub is the one that the ID token had, signed as ID tokens are', async () => {
    const { hub, userId, claims, browser, deliver } = await signedIn({
      subjectType: 'pairwise',
      idTokenSignedResponseAlg: 'ES256',
    });
    const received = receive(hub);
    await browser.open(hub.path('logout'));
    await deliver();
    const { header, claims: sent } = decode(received[0]?.token);
    assert.equal(sent['sub'], claims['sub']);
    assert.notEqual(sent['sub'], userId);
    assert.equal(header['alg'], 'ES256');
  });

  test('OpenID Connect Back-Channel Logout 2.6: a client whose ID tokens its secret signs gets logout tokens of that kind', async () => {
    const { hub, web, browser, deliver } = await signedIn({ idTokenSignedResponseAlg: 'HS256' });
    const received = receive(hub);
    await browser.open(hub.path('logout'));
    await deliver();
    const key = new TextEncoder().encode(web.secret);
    const { protectedHeader } = await jwtVerify(received[0]?.token ?? '', key, { currentDate: hub.now });
    assert.deepEqual(protectedHeader, { alg: 'HS256', typ: 'logout+jwt' });
  });

  test('OpenID Connect Back-Channel Logout 2.5: an application that does not answer is told again, and at last given up', async () => {
    const { hub, userId, deliver } = await signedIn();
    const received = receive(hub, 500, 400, 302);
    await hub.storage.write((stores) => revokeSessions(stores, hub.act(), userId));
    for (let round = 0; round < 6; round++) {
      await deliver();
      hub.pass(600);
    }
    assert.equal(received.length, 4, 'until it has answered with 200');
    const other = await signedIn();
    const refused = receive(other.hub, ...Array<number>(20).fill(500));
    await other.hub.storage.write((stores) => revokeSessions(stores, other.hub.act(), other.userId));
    for (let round = 0; round < 20; round++) {
      await other.deliver();
      other.hub.pass(600);
    }
    assert.equal(refused.length, 8);
    const events = await other.hub.storage.read.audit.list(other.hub.tenant.id, {}, 5);
    assert.ok(events.some(({ verb }) => verb === 'session.notifyFailed'));
  });

  for (const [what, change] of [
    ['disabled', (hub: TestHub, userId: string) => hub.disable(userId)],
    ['deleted', (hub, userId) => hub.storage.write((stores) => deleteObject(stores, hub.act(), userKind, userId))],
    [
      'given another password',
      async (hub, userId) => {
        const hash = await hasher.hash('another password of hers');
        await hub.storage.write((stores) =>
          updateUser(stores, hub.act(), userId, {}, { password: { hash, mustChange: false } }),
        );
      },
    ],
  ] satisfies [string, (hub: TestHub, userId: string) => Promise<unknown>][]) {
    test(`OpenID Connect Back-Channel Logout 2.5: the applications of a user who is ${what} are told`, async () => {
      const { hub, userId, claims, deliver } = await signedIn();
      const received = receive(hub);
      const end = () =>
        endUntrustedSessions(hub.storage, (tenantId) => ({ ...hub.act(), tenantId }), new AbortController().signal);
      await end();
      await deliver();
      assert.equal(received.length, 0, 'nothing has happened');
      hub.pass(5);
      await change(hub, userId);
      await end();
      await deliver();
      assert.equal(received.length, 1);
      assert.equal(decode(received[0]?.token).claims['sid'], claims['sid']);
      assert.deepEqual(await hub.storage.read.sessions.listOfUser(hub.tenant.id, userId, hub.now), []);
    });
  }

  test('OpenID Connect Back-Channel Logout 2.5: two processes tell an application once', async () => {
    const { hub, browser, deliver } = await signedIn();
    const received = receive(hub);
    await browser.open(hub.path('logout'));
    await Promise.all([deliver(), deliver(), deliver()]);
    assert.equal(received.length, 1);
  });

  test('OpenID Connect Front-Channel Logout 3: the page loads the address of the application in a frame, and then leads back', async () => {
    const { hub, web, browser, claims, idToken } = await signedIn();
    receive(hub);
    const query = { id_token_hint: idToken, post_logout_redirect_uri: callback, state: 's', client_id: web.appId };
    const { text, headers, status } = await browser.open(`${hub.path('logout')}?${new URLSearchParams(query)}`);
    assert.equal(status, 200);
    const frame = new URL(/<iframe src="([^"]*)"/.exec(text)?.[1]?.replaceAll('&#38;', '&') ?? '');
    assert.equal(frame.origin + frame.pathname, 'https://app.example/logout/front');
    assert.deepEqual(Object.fromEntries(frame.searchParams), { kept: '1', iss: hub.issuer, sid: claims['sid'] });
    assert.match(String(headers['content-security-policy']), /frame-src https:\/\/app\.example$/);
    assert.match(text, /content="2;url=https:\/\/app\.example\/callback\?state=s"/);
    await browser.open(
      `${hub.path('authorize')}?${new URLSearchParams({ client_id: web.appId, response_type: 'code', redirect_uri: callback, scope: 'openid' })}`,
    );
    assert.equal(browser.page.status, 200, 'the session is gone for all applications');
  });

  test('OpenID Connect RP-Initiated Logout 3: nobody is led to an address that is not registered', async () => {
    const { hub, web, browser } = await signedIn();
    for (const address of ['https://evil.example/', `${callback}/more`, 'javascript:alert(1)', '//evil.example', '']) {
      const query = { post_logout_redirect_uri: address, client_id: web.appId };
      const { text, headers } = await browser.open(`${hub.path('logout')}?${new URLSearchParams(query)}`);
      assert.equal(headers['location'], undefined, address);
      assert.doesNotMatch(text, /http-equiv="refresh"/, address);
    }
  });
});
