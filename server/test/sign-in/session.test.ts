import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteObject, updateUser, userKind } from '../../src/directory/index.ts';
import { endSession, findSessionToEnd, listSessions, revokeSession } from '../../src/sign-in/index.ts';
import type { UserFlow } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { browserValue, Journey, password } from './journey.ts';
import type { TestBrowser } from './test-browser.ts';

const flow = 'B2C_1_SignIn';
const day = 86_400;

onEachDatabase((database) => {
  /** A tenant in which Marge has just signed in. */
  async function signedIn(settings: Partial<UserFlow> = {}): Promise<{
    journey: Journey;
    browser: TestBrowser;
    userId: string;
  }> {
    const journey = await new Journey(database).begin({ name: flow, type: 'signUpOrSignIn', ...settings });
    const userId = await journey.customer('marge@example.com');
    const browser = journey.browser();
    await journey.interact(browser, { flow });
    await signIn(browser);
    await journey.completed(browser);
    journey.pass(10);
    return { journey, browser, userId };
  }
  const signIn = (browser: TestBrowser) => browser.submit({ name: 'marge@example.com', password }, 'submit');

  test('a session answers for another application without a page', async () => {
    const { journey, browser, userId } = await signedIn();
    const application = { id: 'other', appId: 'other-app', displayName: 'Other' };
    const begun = await journey.ask(browser, { flow, application });
    assert.ok(begun.outcome === 'completed');
    assert.equal(begun.signIn.userId, userId);
    assert.deepEqual(begun.signIn.authenticatedAt, new Date(journey.now.getTime() - 10_000));
    const used = await journey.storage.read.sessions.listApplications(journey.tenant.id, begun.signIn.sessionId);
    assert.deepEqual(
      used.map(({ applicationId }) => applicationId),
      ['other', 'web'],
    );
  });

  test('OIDC Core 3.1.2.6: prompt=none never shows a page', async () => {
    const { journey, browser } = await signedIn();
    assert.equal((await journey.ask(browser, { flow, prompts: ['none'] })).outcome, 'completed');
    assert.deepEqual(await journey.ask(journey.browser(), { flow, prompts: ['none'] }), {
      outcome: 'refused',
      reason: 'login_required',
    });
    assert.deepEqual(await journey.ask(browser, { flow, prompts: ['none'], maxAgeSeconds: 5 }), {
      outcome: 'refused',
      reason: 'login_required',
    });
  });

  test('OIDC Core 3.1.2.1: prompt=login and a passed max_age ask for the password again', async () => {
    const { journey, browser } = await signedIn();
    for (const asked of [{ prompts: ['login'] as const }, { maxAgeSeconds: 9 }, { maxAgeSeconds: 0 }]) {
      await journey.interact(browser, { flow, ...asked });
      await signIn(browser);
      assert.deepEqual((await journey.completed(browser)).authenticatedAt, journey.now);
      journey.pass(10);
    }
    assert.equal((await journey.ask(browser, { flow, maxAgeSeconds: 10 })).outcome, 'completed');
  });

  test('a renewed session keeps its id and has a new secret', async () => {
    const { journey, browser, userId } = await signedIn();
    const before = browserValue(browser, journey.tenant.id).sessionSecret;
    const [session] = await listSessions(journey.storage.read, journey.tenant.id, userId, journey.now);
    await journey.interact(browser, { flow, prompts: ['login'] });
    await signIn(browser);
    assert.equal((await journey.completed(browser)).sessionId, session?.id);
    assert.notEqual(browserValue(browser, journey.tenant.id).sessionSecret, before);
  });

  test('bad-inputs 23: no session is taken over from a cookie that somebody planted', async () => {
    const { journey } = await signedIn();
    const browser = journey.browser();
    browser.cookies.set(`__Host-session-${journey.tenant.id}`, 'planted');
    await journey.interact(browser, { flow });
    await signIn(browser);
    await journey.completed(browser);
    assert.notEqual(browserValue(browser, journey.tenant.id).sessionSecret, 'planted');
  });

  test('prompt=select_account lets the person go on or change', async () => {
    const { journey, browser, userId } = await signedIn();
    assert.deepEqual(await journey.ask(browser, { flow, prompts: ['none', 'select_account'] }), {
      outcome: 'refused',
      reason: 'account_selection_required',
    });
    await journey.interact(browser, { flow, prompts: ['select_account'] });
    assert.equal(browser.page.title, 'Choose an account');
    assert.match(browser.page.text, /marge@example.com/);
    await browser.submit({}, 'account=current');
    assert.equal((await journey.completed(browser)).userId, userId);
    await journey.interact(browser, { flow, prompts: ['select_account'] });
    await browser.submit({}, 'account=other');
    assert.equal(browser.page.title, 'Sign in');
  });

  test('a login hint of somebody else does not go on with the session', async () => {
    const { journey, browser } = await signedIn();
    await journey.customer('homer@example.com');
    assert.equal((await journey.ask(browser, { flow, loginHint: 'MARGE@example.com' })).outcome, 'completed');
    assert.equal((await journey.ask(browser, { flow, loginHint: 'nobody@example.com' })).outcome, 'completed');
    await journey.interact(browser, { flow, loginHint: 'homer@example.com' });
    assert.equal(browser.form().fields['name'], 'homer@example.com');
  });

  test('OIDC Core 3.1.2.2: another user than the one of the id_token_hint never answers', async () => {
    const { journey, browser, userId } = await signedIn();
    const other = await journey.customer('homer@example.com');
    assert.equal((await journey.ask(browser, { flow, userId })).outcome, 'completed');
    assert.deepEqual(await journey.ask(browser, { flow, userId: other, prompts: ['none'] }), {
      outcome: 'refused',
      reason: 'login_required',
    });
    await journey.interact(browser, { flow, userId: other });
    await signIn(browser);
    assert.deepEqual((await journey.result(browser)).outcome, { outcome: 'refused', reason: 'login_required' });
  });

  for (const [what, end] of [
    ['the user is disabled', (journey, id) => change(journey, id, { accountEnabled: false })],
    [
      'the sessions are revoked',
      (journey, id) => change(journey, id, { signInSessionsValidFromDateTime: journey.now.toISOString() }),
    ],
    ['the password changes', (journey, id) => change(journey, id, {}, 'another hash')],
    [
      'the user is deleted',
      (journey, id) => journey.storage.write((s) => deleteObject(s, journey.act(), userKind, id)),
    ],
  ] satisfies [string, (journey: Journey, id: string) => Promise<unknown>][]) {
    test(`a session ends at once when ${what}`, async () => {
      const { journey, browser, userId } = await signedIn();
      await end(journey, userId);
      assert.equal((await journey.ask(browser, { flow })).outcome, 'interaction');
      assert.deepEqual(await listSessions(journey.storage.read, journey.tenant.id, userId, journey.now), []);
    });
  }

  test('a session ends when it is not used for a day, and after its longest time in any case', async () => {
    const { journey, browser } = await signedIn({
      session: { sharedBy: 'tenant', idleSeconds: day, absoluteSeconds: 3 * day, offersToStay: false },
    });
    for (let count = 0; count < 3; count++) {
      journey.pass(day - 20);
      assert.equal((await journey.ask(browser, { flow })).outcome, 'completed');
    }
    journey.pass(60);
    assert.equal((await journey.ask(browser, { flow })).outcome, 'interaction');
    const other = await signedIn();
    other.journey.pass(day);
    assert.equal((await other.journey.ask(other.browser, { flow })).outcome, 'interaction');
  });

  test('a session that only its application or flow may share is not used for others', async () => {
    const application = { id: 'other', appId: 'other-app', displayName: 'Other' };
    const session = { idleSeconds: day, absoluteSeconds: day, offersToStay: false };
    const ofApplication = await signedIn({ session: { ...session, sharedBy: 'application' } });
    assert.equal((await ofApplication.journey.ask(ofApplication.browser, { flow })).outcome, 'completed');
    await ofApplication.journey.interact(ofApplication.browser, { flow, application });
    const ofFlow = await signedIn({ session: { ...session, sharedBy: 'flow' } });
    assert.equal((await ofFlow.journey.ask(ofFlow.browser, { flow, application })).outcome, 'completed');
    const ofNobody = await signedIn({ session: { ...session, sharedBy: 'nobody' } });
    await ofNobody.journey.interact(ofNobody.browser, { flow });
  });

  test('the cookie outlives the browser only for those who stay signed in', async () => {
    const { journey, browser } = await signedIn();
    assert.doesNotMatch(String(browser.page.headers['set-cookie']), /Max-Age/);
    const other = journey.browser();
    await journey.interact(other, { flow });
    await other.submit({ name: 'marge@example.com', password, stay: 'true' }, 'submit');
    assert.match(String(other.page.headers['set-cookie']), /Max-Age=7776000/);
  });

  test('signing out ends the session and names the applications to tell', async () => {
    const { journey, browser } = await signedIn();
    const { sessionSecret } = browserValue(browser, journey.tenant.id);
    const session = await findSessionToEnd(journey.storage.read, journey.act(), sessionSecret);
    assert.ok(session);
    const ended = await journey.storage.write((stores) => endSession(stores, journey.act(), session));
    assert.deepEqual(
      ended.applications.map(({ applicationId }) => applicationId),
      ['web'],
    );
    assert.equal((await journey.ask(browser, { flow })).outcome, 'interaction');
    assert.equal(await findSessionToEnd(journey.storage.read, journey.act(), sessionSecret), undefined);
  });

  test('a session is revoked only as one of its own user', async () => {
    const { journey, userId } = await signedIn();
    const [session] = await listSessions(journey.storage.read, journey.tenant.id, userId, journey.now);
    const revoke = (user: string) =>
      journey.storage.write((stores) => revokeSession(stores, journey.act(), user, session?.id ?? ''));
    await assert.rejects(revoke('somebody else'), { code: 'sign-in.session_not_found' });
    assert.equal((await revoke(userId)).session.id, session?.id);
  });

  test('a session of one tenant is nothing in another', async () => {
    const { journey, browser } = await signedIn();
    const other = await new Journey(database).begin({ name: flow, type: 'signUpOrSignIn' });
    const secret = browserValue(browser, journey.tenant.id).sessionSecret ?? '';
    browser.cookies.set(`__Host-session-${other.tenant.id}`, secret);
    assert.equal((await other.ask(browser, { flow })).outcome, 'interaction');
  });
});

function change(journey: Journey, id: string, attributes: Parameters<typeof updateUser>[3], hash?: string) {
  const password = hash === undefined ? {} : { password: { hash, mustChange: false } };
  return journey.storage.write((stores) => updateUser(stores, journey.act(), id, attributes, password));
}
