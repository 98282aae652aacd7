// Every setting of a flow, changed by the management API while the flow is in use, and what comes of it.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { directoryRoles } from '../../../src/directory/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from '../../management/graph/graph-api.ts';
import { password } from '../../sign-in/journey.ts';
import type { TestBrowser } from '../../sign-in/test-browser.ts';
import { apiName, decode, TestHub } from './test-hub.ts';

const callback = 'http://localhost:5000/getAToken';
const flow = 'B2C_1_customers';
const marge = 'marge@example.com';
const scope = `${apiName}/Accounts.Read offline_access openid`;

onEachDatabase((database) => {
  const api = openGraphApi(database.storage);

  /** The insurance company with one flow, whose settings `change` changes by the management API. */
  async function setUp() {
    const hub = new TestHub(database);
    await hub.begin({ name: flow, type: 'signUpOrSignIn' });
    const resource = await hub.api();
    const web = await hub.client({ web: { redirectUris: [callback] } });
    await hub.consent(web, resource, 'Accounts.Read');
    const userId = await hub.customer(marge, { givenName: 'Marge', city: 'Springfield' });
    const tenantId = hub.tenant.id;
    const administrator = { tenantId, id: await hub.staff('selma'), may: ['Directory.AccessAsUser.All'] };
    await hub.storage.write((stores) =>
      stores.directoryRoles.add(tenantId, {
        id: randomUUID(),
        roleId: directoryRoles.globalAdministrator.id,
        principalId: administrator.id,
        principalKind: 'user',
        createdAt: hub.now,
      }),
    );
    const call = async (request: string, body?: object) => {
      const answer = await api.call(administrator, request, body);
      assert.ok(answer.status < 300, JSON.stringify(answer.body));
      return answer.body;
    };
    const change = (settings: object) => call(`PATCH /identity/userFlows/${flow}`, settings);

    const path = (endpoint: string) => `/${hub.tenant.name}/${flow}/oauth2/v2.0/${endpoint}`;
    const open = async (browser: TestBrowser) => {
      const query = { client_id: web.appId, response_type: 'code', redirect_uri: callback, scope };
      await browser.open(`${path('authorize')}?${new URLSearchParams(query)}`);
    };
    const redeem = (form: Record<string, string>) =>
      hub.fetch(path('token'), { form: { client_id: web.appId, client_secret: web.secret, scope, ...form } });
    const tokens = async () => {
      const browser = hub.browser();
      await open(browser);
      const code = (await hub.signIn(browser, marge)).searchParams.get('code') ?? '';
      const { status, json, text } = await redeem({ grant_type: 'authorization_code', code, redirect_uri: callback });
      assert.equal(status, 200, text);
      const id = decode(json['id_token']).claims;
      return { id, access: decode(json['access_token']).claims, refresh: String(json['refresh_token']), json };
    };
    const refresh = (token: string) => redeem({ grant_type: 'refresh_token', refresh_token: token });
    const opened = async () => {
      const browser = hub.browser();
      await open(browser);
      return browser;
    };
    return { hub, userId, call, change, open, opened, tokens, refresh };
  }

  test('userFlowType: what the flow begins with', async () => {
    const { change, opened } = await setUp();
    assert.equal((await opened()).page.title, 'Sign in');
    await change({ userFlowType: 'signUp' });
    assert.equal((await opened()).page.title, 'Create an account');
    await change({ userFlowType: 'passwordReset' });
    assert.equal((await opened()).page.title, 'Reset your password');
    await change({ userFlowType: 'signIn' });
    assert.ok(!(await opened()).form().buttons.includes('action=signUp'), 'nobody can sign up');
  });

  test('userFlowType profileUpdate: the profile is shown after the sign-in', async () => {
    const { hub, change, opened } = await setUp();
    await change({ userFlowType: 'profileUpdate', attributes: [{ name: 'city', isRequired: true }] });
    const browser = await opened();
    await browser.submit({ name: marge, password }, 'submit');
    assert.equal(browser.form().fields['city'], 'Springfield');
    await browser.submit({ city: 'Shelbyville' }, 'submit');
    browser.continuesTo();
    const { items } = await hub.storage.read.objects.list(hub.tenant.id, {
      kind: 'user',
      filter: { op: 'eq', attribute: 'city', value: 'Shelbyville' },
      limit: 2,
    });
    assert.equal(items.length, 1);
  });

  test('identityProviders: the kinds of names to sign in with', async () => {
    const { hub, change, opened } = await setUp();
    await change({ identityProviders: ['UserNamePassword'] });
    const browser = await opened();
    assert.match(browser.page.text, /User name/);
    await browser.submit({ name: marge, password }, 'submit');
    assert.equal(browser.page.title, 'Sign in', 'an e-mail address is no name here');
    await change({ identityProviders: ['UserNamePassword', 'EmailPassword-OAUTH'] });
    await hub.signIn(browser, marge);
  });

  test('offersPasswordReset: the way to a new password', async () => {
    const { change, opened } = await setUp();
    assert.ok((await opened()).form().buttons.includes('action=forgotten'));
    await change({ offersPasswordReset: false });
    assert.ok(!(await opened()).form().buttons.includes('action=forgotten'));
  });

  test('attributes: what is asked at sign-up, built-in or the tenant’s own, required or not', async () => {
    const { hub, call, change, opened } = await setUp();
    const own = await call('POST /identity/userFlowAttributes', { displayName: 'Shoe Size', dataType: 'int64' });
    await change({ attributes: [{ name: 'givenName', isRequired: true }, { name: own.id }], claims: [own.id] });
    const browser = await opened();
    await browser.submit({}, 'signUp');
    await browser.submit({ email: 'lisa@example.com' }, 'submit');
    await browser.submit({ code: hub.codeFor('lisa@example.com') }, 'submit');
    const chosen = { newPassword: password, repeatedPassword: password };
    await browser.submit({ ...chosen, [own.id]: '35' }, 'submit');
    assert.match(browser.page.text, /Please fill this in/, 'the given name is missing');
    await browser.submit({ ...chosen, givenName: 'Lisa', [own.id]: '35' }, 'submit');
    browser.continuesTo();
    const { items } = await hub.storage.read.objects.list(hub.tenant.id, {
      kind: 'user',
      filter: { op: 'eq', attribute: 'givenName', value: 'Lisa' },
      limit: 2,
    });
    assert.equal(items[0]?.attributes[own.id], 35);
  });

  test('claims: what tokens say of the user', async () => {
    const { userId, call, change, tokens } = await setUp();
    const before = await tokens();
    assert.deepEqual([before.id['name'], before.id['emails']], ['Marge Simpson', [marge]]);
    assert.equal(before.id['given_name'], undefined);
    const own = await call('POST /identity/userFlowAttributes', { displayName: 'ShoeSize', dataType: 'int64' });
    await call(`PATCH /users/${userId}`, { [own.id]: 38 });
    await change({ claims: ['givenName', 'city', 'surname', own.id] });
    const { id, access } = await tokens();
    for (const claims of [id, access]) {
      assert.deepEqual(
        [claims['given_name'], claims['city'], claims['extension_ShoeSize'], claims['oid'], claims['tfp']],
        ['Marge', 'Springfield', 38, userId, flow],
      );
      for (const name of ['name', 'emails', 'family_name', own.id]) assert.ok(!(name in claims), name);
    }
    assert.equal(id['sub'], userId);
  });

  test('secondFactor.when: never, in every sign-in, or in new browsers only', async () => {
    const { hub, change, open, opened } = await setUp();
    const isDoneAfterPassword = async (browser: TestBrowser) => {
      await browser.submit({ name: marge, password }, 'submit');
      return /http-equiv="refresh"/.test(browser.page.text);
    };
    const known = await opened();
    await hub.signIn(known, marge);
    const again = async () => {
      known.cookies.delete(`__Host-session-${hub.tenant.id}`);
      await open(known);
      return isDoneAfterPassword(known);
    };
    assert.equal(await again(), true);
    await change({ secondFactor: { when: 'always', methods: ['email'] } });
    assert.deepEqual([await isDoneAfterPassword(await opened()), await again()], [false, false]);
    await change({ secondFactor: { when: 'conditional' } });
    assert.deepEqual([await isDoneAfterPassword(await opened()), await again()], [false, true]);
  });

  test('secondFactor.methods: which are offered', async () => {
    const { hub, change, opened } = await setUp();
    await change({ secondFactor: { when: 'always', methods: ['email'] } });
    const browser = await opened();
    await browser.submit({ name: marge, password }, 'submit');
    await browser.submit({ code: hub.codeFor(marge) }, 'submit');
    browser.continuesTo();
    await change({ secondFactor: { methods: ['totp'] } });
    const other = await opened();
    await other.submit({ name: marge, password }, 'submit');
    assert.match(other.page.text, /authenticator app/);
  });

  test('secondFactor.holdsSeconds: how long it holds within a session', async () => {
    const { hub, change, open, opened } = await setUp();
    await change({ secondFactor: { when: 'always', methods: ['email'], holdsSeconds: 600 } });
    const browser = await opened();
    await browser.submit({ name: marge, password }, 'submit');
    await browser.submit({ code: hub.codeFor(marge) }, 'submit');
    const back = browser.continuesTo();
    await browser.open(back.pathname + back.search);
    hub.pass(60);
    await open(browser);
    assert.equal(browser.page.status, 303, 'it still holds');
    await change({ secondFactor: { holdsSeconds: 30 } });
    await open(browser);
    assert.equal(browser.page.status, 200, 'it is asked again');
  });

  test('session: who shares it, and how long it lasts', async () => {
    const { hub, change, open, opened } = await setUp();
    const browser = await opened();
    await hub.signIn(browser, marge);
    hub.pass(120);
    await open(browser);
    assert.equal(browser.page.status, 303, 'the session answers');
    await change({ session: { sharedBy: 'nobody' } });
    await open(browser);
    assert.equal(browser.page.status, 200, 'nobody shares it');

    await change({ session: { sharedBy: 'flow', absoluteSeconds: 60 } });
    const short = await opened();
    await hub.signIn(short, marge);
    hub.pass(59);
    await open(short);
    assert.equal(short.page.status, 303);
    hub.pass(2);
    await open(short);
    assert.equal(short.page.status, 200, 'it began too long ago');

    await change({ session: { absoluteSeconds: 3600, idleSeconds: 30 } });
    const other = await opened();
    await hub.signIn(other, marge);
    hub.pass(29);
    await open(other);
    assert.equal(other.page.status, 303);
    hub.pass(31);
    await open(other);
    assert.equal(other.page.status, 200, 'it was not used for too long');
  });

  test('session.offersToStay: whether people are asked to stay signed in', async () => {
    const { change, opened } = await setUp();
    assert.ok('stay' in (await opened()).form().fields);
    await change({ session: { offersToStay: false } });
    assert.ok(!('stay' in (await opened()).form().fields));
  });

  test('tokens: how long each lasts', async () => {
    const { change, tokens } = await setUp();
    await change({ tokens: { accessTokenSeconds: 310, idTokenSeconds: 320 } });
    const { access, id, json } = await tokens();
    assert.equal(Number(access['exp']) - Number(access['iat']), 310);
    assert.equal(Number(id['exp']) - Number(id['iat']), 320);
    assert.equal(json['expires_in'], 310);
  });

  test('tokens.refreshWindowSeconds: no refresh token outlives the window', async () => {
    const { hub, change, tokens } = await setUp();
    await change({ tokens: { refreshTokenSeconds: 3600, refreshWindowSeconds: 600 } });
    const expiryOf = async () => {
      await tokens();
      const rows = await database.engine.reader
        .selectFrom('redeemable')
        .select('expires_at')
        .where('tenant_id', '=', hub.tenant.id)
        .where('kind', '=', 'refreshToken')
        .execute();
      assert.notEqual(rows.length, 0);
      return Math.max(...rows.map(({ expires_at }) => expires_at)) - Date.now();
    };
    assert.ok((await expiryOf()) <= 600_000);
    await change({ tokens: { refreshWindowSeconds: null } });
    assert.ok((await expiryOf()) > 600_000);
  });

  test('texts: the words of the pages, by language', async () => {
    const { change, opened } = await setUp();
    await change({ texts: { en: { 'password.title': 'Welcome to Contoso' } } });
    assert.equal((await opened()).page.title, 'Welcome to Contoso');
    await change({ texts: { en: null } });
    assert.equal((await opened()).page.title, 'Sign in');
  });

  test('a flow that is removed while it is used answers with a clear refusal', async () => {
    const { call, tokens, refresh, opened } = await setUp();
    const { refresh: token } = await tokens();
    const browser = await opened();
    await call(`DELETE /identity/userFlows/${flow}`);
    await browser.open(browser.path);
    assert.equal(browser.page.status, 404);
    assert.match(browser.page.text, /Reference: /);
    assert.equal((await opened()).page.status, 400);
    const { status, json } = await refresh(token);
    assert.equal(status, 400);
    assert.match(String(json['error_description']), new RegExp(flow));
  });
});
