import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { directoryRoles } from '../../src/directory/index.ts';
import type { AuthenticationMethod } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openGraphApi } from '../management/graph/graph-api.ts';
import { Journey, password } from './journey.ts';

const flow = 'B2C_1_SignIn';

onEachDatabase((database) => {
  const { storage } = database;
  const api = openGraphApi(storage);

  /** A tenant in which Marge is signed in in two browsers, with somebody who administers sign-in. */
  async function setUp() {
    const journey = await new Journey(database).begin({ name: flow, type: 'signIn' });
    journey.now = new Date();
    const tenantId = journey.tenant.id;
    const userId = await journey.customer('marge@example.com');
    const browsers = [journey.browser(), journey.browser()];
    for (const browser of browsers) {
      await journey.interact(browser, { flow });
      await browser.submit({ name: 'marge@example.com', password }, 'submit');
      await journey.completed(browser);
    }
    const administrator = { tenantId, id: await journey.staff('selma'), may: ['Directory.AccessAsUser.All'] };
    const give = (principalId: string, { id: roleId }: { id: string }) =>
      storage.write((stores) =>
        stores.directoryRoles.add(tenantId, {
          id: randomUUID(),
          roleId,
          principalId,
          principalKind: 'user',
          createdAt: journey.now,
        }),
      );
    await give(administrator.id, directoryRoles.authenticationAdministrator);
    await give(administrator.id, directoryRoles.directoryReaders);
    return {
      journey,
      browsers,
      userId,
      give,
      call: (request: string, body?: object) => api.call(administrator, request, body),
    };
  }

  /** Of the mails that wait in the tenant. */
  async function subjectsIn({ tenant }: Journey): Promise<string[]> {
    const waiting = await storage.read.outgoing.listDue(new Date(), 10_000);
    const own = waiting.filter(({ tenantId }) => tenantId === tenant.id);
    return own.map(({ message }) => (message.channel === 'mail' ? message.subject.key : message.channel));
  }

  const registered = { createdAt: new Date(1000), lastUsedAt: null };
  const app: AuthenticationMethod = { ...registered, id: randomUUID(), kind: 'totp', displayName: 'Phone', counter: 0 };
  const passkey: AuthenticationMethod = {
    ...registered,
    createdAt: new Date(2000),
    id: randomUUID(),
    kind: 'passkey',
    displayName: 'Key',
    credentialId: 'credential',
    publicKey: 'key',
    counter: 0,
    transports: ['usb'],
    isBackedUp: false,
    rpId: 'hub.example',
  };

  test('sessions are listed, and ended one by one', async () => {
    const { call, userId, journey, browsers } = await setUp();
    const { value } = (await call(`GET /users/${userId}/sessions`)).body;
    assert.equal(value.length, 2);
    assert.deepEqual([value[0].authenticationMethods, value[0].userAgent], [['password'], 'Test']);
    for (const { id } of value) assert.equal((await call(`DELETE /users/${userId}/sessions/${id}`)).status, 204);
    assert.equal((await call(`DELETE /users/${userId}/sessions/${value[0].id}`)).status, 404);
    for (const browser of browsers) assert.equal((await journey.ask(browser, { flow })).outcome, 'interaction');
  });

  test('revokeSignInSessions signs out everywhere, and signing in again works', async () => {
    const { call, userId, journey, browsers } = await setUp();
    const answer = await call(`POST /users/${userId}/revokeSignInSessions`);
    assert.deepEqual([answer.status, answer.body.value], [200, true]);
    assert.deepEqual((await call(`GET /users/${userId}/sessions`)).body.value, []);
    const { signInSessionsValidFromDateTime: from } = (
      await call(`GET /users/${userId}?$select=signInSessionsValidFromDateTime`)
    ).body;
    assert.ok(from, 'tokens of before are refused, too');
    journey.now = new Date(Date.parse(from) + 1000);
    const [browser] = browsers;
    assert.ok(browser);
    await journey.interact(browser, { flow });
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    assert.equal((await journey.completed(browser)).userId, userId);
    const verbs = (await storage.read.audit.list(journey.tenant.id, { objectId: userId }, 10)).map(({ verb }) => verb);
    assert.ok(verbs.includes('user.update'));
  });

  test('authentication methods of every kind are listed under the names of Microsoft Graph', async () => {
    const { call, userId, journey } = await setUp();
    await storage.write(async ({ authenticationMethods }) => {
      await authenticationMethods.insert(journey.tenant.id, userId, app, 'seed');
      await authenticationMethods.insert(journey.tenant.id, userId, passkey);
    });
    const methods = `/users/${userId}/authentication`;
    const { value } = (await call(`GET ${methods}/methods`)).body;
    assert.deepEqual(
      value.map((one: Record<string, string>) => one['@odata.type']?.replace('#microsoft.graph.', '')),
      [
        'passwordAuthenticationMethod',
        'emailAuthenticationMethod',
        ...['softwareOathAuthenticationMethod', 'fido2AuthenticationMethod'],
      ],
    );
    assert.equal(value[1].emailAddress, 'marge@example.com');
    const { body } = await call(`GET ${methods}/fido2Methods/${passkey.id}`);
    assert.deepEqual([body.displayName, body.relyingPartyId, body.transports], ['Key', 'hub.example', ['usb']]);
    assert.equal((await call(`GET ${methods}/softwareOathMethods/${app.id}`)).body.secretKey, null);
    assert.equal((await call(`GET ${methods}/passwordMethods`)).body.value[0].password, null);
    assert.equal((await call(`GET ${methods}/phoneMethods`)).body.value.length, 0);
    assert.equal((await call(`GET ${methods}/phoneMethods/${app.id}`)).status, 404, 'it is no phone');
    assert.doesNotMatch(JSON.stringify(value), /seed|argon2/);
  });

  test('with the last authentication method the recovery codes go', async () => {
    const { call, userId, journey } = await setUp();
    const tenantId = journey.tenant.id;
    await storage.write(async ({ authenticationMethods, recoveryCodes }) => {
      await authenticationMethods.insert(tenantId, userId, app, 'seed');
      await authenticationMethods.insert(tenantId, userId, { ...passkey, credentialId: 'other' });
      await recoveryCodes.replace(tenantId, userId, ['one', 'two']);
    });
    const methods = `/users/${userId}/authentication`;
    assert.equal((await call(`DELETE ${methods}/softwareOathMethods/${passkey.id}`)).status, 404);
    assert.equal((await call(`DELETE ${methods}/softwareOathMethods/${app.id}`)).status, 204);
    assert.equal(await storage.read.recoveryCodes.count(tenantId, userId), 2);
    assert.equal((await call(`DELETE ${methods}/fido2Methods/${passkey.id}`)).status, 204);
    assert.equal(await storage.read.recoveryCodes.count(tenantId, userId), 0);
    const events = await storage.read.audit.list(tenantId, { verb: 'user.remove_authentication_method' }, 10);
    assert.deepEqual(events.map(({ object, changes }) => [object.id, changes[0]?.before]).toSorted(), [
      [userId, 'passkey'],
      [userId, 'totp'],
    ]);
  });

  test('phones and mailboxes are registered, and their owner is told', async () => {
    const { call, userId, journey } = await setUp();
    const methods = `/users/${userId}/authentication`;
    const made = await call(`POST ${methods}/phoneMethods`, { phoneNumber: '+44 20 7946-0000', phoneType: 'mobile' });
    assert.deepEqual([made.status, made.body.phoneNumber], [201, '+442079460000']);
    assert.equal((await call(`GET ${methods}/phoneMethods/${made.body.id}`)).body.phoneNumber, '+442079460000');
    for (const [phoneNumber, status] of [
      ['+442079460000', 409],
      ['020 7946 0000', 400],
    ] as const) {
      assert.equal((await call(`POST ${methods}/phoneMethods`, { phoneNumber })).status, status, phoneNumber);
    }
    assert.deepEqual(await subjectsIn(journey), ['mail.factorAdded.subject']);

    const email = { emailAddress: 'other@example.com' };
    assert.equal((await call(`POST ${methods}/emailMethods`, email)).status, 409, 'it signs in with one');
    const [own] = (await call(`GET ${methods}/emailMethods`)).body.value;
    assert.equal((await call(`DELETE ${methods}/emailMethods/${own.id}`)).status, 409);
    const staff = `/users/${await journey.staff('patty')}/authentication/emailMethods`;
    assert.equal((await call(`POST ${staff}`, { emailAddress: 'no address' })).status, 400);
    const mailbox = await call(`POST ${staff}`, email);
    assert.deepEqual([mailbox.status, mailbox.body.emailAddress], [201, email.emailAddress]);
    assert.equal((await call(`DELETE ${staff}/${mailbox.body.id}`)).status, 204);
    assert.deepEqual((await call(`GET ${staff}`)).body.value, []);
  });

  test('a password is reset to one that is given or made up, and its owner is told', async () => {
    const { call, userId, journey, browsers } = await setUp();
    const [{ id }] = (await call(`GET /users/${userId}/authentication/passwordMethods`)).body.value;
    const path = `/users/${userId}/authentication/methods/${id}/resetPassword`;
    assert.equal((await call(`POST ${path}`, { newPassword: 'short' })).status, 400);
    const made = await call(`POST ${path}`, { requireChangeOnNextSignIn: false });
    assert.deepEqual([made.status, made.headers['cache-control']], [202, 'no-store']);
    assert.deepEqual(await subjectsIn(journey), ['mail.password.subject']);
    const [browser] = browsers;
    assert.ok(browser);
    // The API goes by the clock, and ends what was signed in before.
    journey.now = new Date();
    journey.pass(1);
    await journey.interact(browser, { flow });
    await browser.submit({ name: 'marge@example.com', password: made.body.newPassword }, 'submit');
    assert.equal((await journey.completed(browser)).userId, userId);
    assert.equal((await call(`POST ${path}`, { newPassword: 'correct horse staple' })).body.newPassword, null);
  });

  test('people see their own methods, and change the password when they know it', async () => {
    const { userId, journey } = await setUp();
    const me = { tenantId: journey.tenant.id, id: userId, may: ['UserAuthenticationMethod.ReadWrite'] };
    const { value } = (await api.call(me, 'GET /me/authentication/methods')).body;
    assert.equal(value.length, 2);
    for (const kind of ['password', 'email', 'softwareOath', 'fido2', 'phone']) {
      const answer = await api.call(me, `GET /me/authentication/${kind}Methods`);
      assert.equal(answer.status, 200, kind);
    }
    const change = (currentPassword: string) =>
      api.call(me, 'POST /me/changePassword', { currentPassword, newPassword: 'correct horse staple' });
    assert.equal((await change(password)).status, 204);
    for (let guess = 0; guess < 10; guess++) assert.equal((await change('wrong password')).status, 400);
    const newPassword = { currentPassword: 'correct horse staple', newPassword: 'yet another staple' };
    assert.equal((await api.call(me, 'POST /me/changePassword', newPassword)).status, 400, 'after ten wrong ones');
  });

  test('administrators are managed by those who may, and users of another tenant by nobody here', async () => {
    const { call, userId, give } = await setUp();
    const other = await setUp();
    for (const request of [
      `GET /users/${other.userId}/sessions`,
      `GET /users/${other.userId}/authentication/methods`,
      `DELETE /users/${other.userId}/authentication/fido2Methods/${passkey.id}`,
      `POST /users/${other.userId}/revokeSignInSessions`,
    ]) {
      assert.equal((await call(request)).status, 404, request);
    }
    const [theirs] = (await other.call(`GET /users/${other.userId}/sessions`)).body.value;
    assert.equal((await call(`DELETE /users/${userId}/sessions/${theirs.id}`)).status, 404);

    await give(userId, directoryRoles.globalAdministrator);
    assert.equal((await call(`POST /users/${userId}/revokeSignInSessions`)).status, 403);
    const own = { tenantId: other.journey.tenant.id, id: other.userId, may: ['User.ReadWrite'] };
    assert.equal((await api.call(own, 'POST /me/revokeSignInSessions')).status, 200);
    assert.equal((await api.call(own, `POST /users/${other.userId}/revokeSignInSessions`)).status, 403);
  });
});
