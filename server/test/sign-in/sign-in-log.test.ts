import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { directoryRoles, updateTenant } from '../../src/directory/index.ts';
import { pruneLogs } from '../../src/sign-in/index.ts';
import { customerFlow, saveFlow } from '../../src/user-flows/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openGraphApi } from '../management/graph/graph-api.ts';
import { Journey, password } from './journey.ts';

const flow = 'B2C_1_SignIn';
const log = '/auditLogs/signIns';

onEachDatabase((database) => {
  const { storage } = database;
  const api = openGraphApi(storage);

  /** A tenant in which Marge has mistyped her password once and then signed in. */
  async function signedIn() {
    const journey = await new Journey(database).begin({ name: flow, type: 'signUpOrSignIn' });
    const userId = await journey.customer('marge@example.com');
    const browser = journey.browser();
    await journey.interact(browser, { flow });
    await browser.submit({ name: 'marge@example.com', password: 'wrong password' }, 'submit');
    const reference = /Reference: ([\w-]+)/.exec(browser.page.text)?.[1];
    assert.ok(reference, 'the page shows a reference');
    journey.pass(10);
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    await journey.completed(browser);
    const auditor = { tenantId: journey.tenant.id, id: await journey.staff('auditor'), may: ['AuditLog.Read.All'] };
    await storage.write(({ directoryRoles: roles }) =>
      roles.add(auditor.tenantId, {
        id: randomUUID(),
        roleId: directoryRoles.reportsReader.id,
        principalId: auditor.id,
        principalKind: 'user',
        createdAt: journey.now,
      }),
    );
    const call = (request: string) => api.call(auditor, request);
    return { journey, browser, userId, reference, call };
  }

  test('the reference of a page finds what failed on it and what became of the sign-in', async () => {
    const { call, reference, userId } = await signedIn();
    const filter = encodeURIComponent(`correlationId eq '${reference}'`);
    const { value } = (await call(`GET ${log}?$filter=${filter}`)).body;
    const [success, failure] = value;
    assert.equal(value.length, 2);
    assert.deepEqual(success.status, { errorCode: 0, failureReason: null, additionalDetails: null });
    assert.deepEqual(
      [success.userId, success.userFlowId, success.appId, success.appDisplayName, success.ipAddress],
      [userId, flow, 'web-app', 'Insurance Web', failure.ipAddress],
    );
    assert.deepEqual(
      success.authenticationDetails.map((one: Record<string, unknown>) => [
        one['authenticationMethod'],
        one['succeeded'],
      ]),
      [['password', true]],
    );
    assert.deepEqual(success.authenticationMethodsUsed, ['pwd']);
    assert.ok(success.sessionId);
    assert.deepEqual([failure.status.errorCode, failure.status.additionalDetails], [50126, 'password_wrong']);
    assert.deepEqual([failure.userId, failure.authenticationDetails.at(-1).succeeded], [userId, false]);
    assert.equal((await call(`GET ${log}/${failure.id}`)).body.userPrincipalName, failure.userPrincipalName);
  });

  test('whoever leaves a page has not done what it asks for, whichever button that was', async () => {
    const { journey, browser, call } = await signedIn();
    const mfa = { name: 'B2C_1_MFA', type: 'signUpOrSignIn' } as const;
    const secondFactor = { when: 'always', methods: ['email'], holdsSeconds: 0 } as const;
    await storage.write((stores) => saveFlow(stores, journey.act(), { ...customerFlow, ...mfa, secondFactor }));
    await journey.interact(browser, { flow: mfa.name, prompts: ['login'] });
    await browser.submit({}, 'forgotten');
    await browser.submit({}, 'cancel');
    await journey.interact(browser, { flow: mfa.name, prompts: ['login'] });
    await browser.submit({ name: 'marge@example.com', password }, 'submit');
    assert.equal(browser.page.title, 'Check your mail');
    await browser.submit({}, 'again');
    await browser.submit({}, 'cancel');
    const filter = encodeURIComponent("userFlowId eq 'B2C_1_MFA'");
    const { value } = (await call(`GET ${log}?$filter=${filter}`)).body;
    const details = value.map((one: { authenticationDetails: Record<string, unknown>[] }) =>
      one.authenticationDetails.map(({ authenticationMethod, succeeded }) => [authenticationMethod, succeeded]),
    );
    assert.deepEqual(details.toSorted(), [[], [['password', true]]]);
  });

  test('the log is filtered, paged and exported', async () => {
    const { call, journey, userId } = await signedIn();
    const count = async (filter: string) => {
      const answer = await call(`GET ${log}?$filter=${encodeURIComponent(filter)}`);
      assert.equal(answer.status, 200, filter);
      return answer.body.value.length;
    };
    assert.equal(await count(`userId eq '${userId}' and status/errorCode eq 0`), 1);
    assert.equal(await count('status/errorCode eq 50126'), 1);
    assert.equal(await count('status/errorCode eq 4711'), 0);
    assert.equal(await count('status/errorCode eq 50020'), 0);
    assert.equal(await count('status/errorCode ne 0'), 1);
    assert.equal(await count("status/additionalDetails eq 'password_wrong'"), 1);
    assert.equal(await count("appId eq 'web-app' and userFlowId eq 'b2c_1_SIGNIN'"), 2);
    assert.equal(await count("signInEventTypes/any(t: t eq 'interactiveUser')"), 2);
    assert.equal(await count("signInEventTypes/any(t: t eq 'servicePrincipal') and appId eq 'web-app'"), 0);
    assert.equal(await count("appId eq 'another'"), 0);
    assert.equal(await count("userPrincipalName eq 'nobody@example.com'"), 0);
    assert.equal(await count(`createdDateTime ge ${journey.now.toISOString()}`), 1);
    assert.equal(await count(`createdDateTime lt ${journey.now.toISOString()}`), 1);
    const [{ ipAddress, userPrincipalName }] = (await call(`GET ${log}`)).body.value;
    assert.equal(await count(`ipAddress eq '${ipAddress}'`), 2);
    assert.equal(await count(`userPrincipalName eq '${userPrincipalName}'`), 2);

    const first = (await call(`GET ${log}?$top=1&$select=id`)).body;
    const second = (await call(`GET ${first['@odata.nextLink']}`)).body;
    assert.equal(second['@odata.nextLink'], undefined);
    assert.notEqual(first.value[0].id, second.value[0].id);

    const lines = (await call(`GET ${log}/$export`)).body
      .trim()
      .split('\n')
      .map((line: string) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ status }: { status: { errorCode: number } }) => status.errorCode),
      [0, 50126],
    );
  });

  test('the log says which application acted for the person', async () => {
    const { call, journey, userId } = await signedIn();
    const [known] = await storage.read.signInEvents.list(journey.tenant.id, { userId }, 1);
    assert.ok(known);
    const actor = { id: 'orders-principal', appId: 'orders', displayName: 'Orders' };
    const id = randomUUID();
    await storage.write(({ signInEvents }) => signInEvents.append(journey.tenant.id, { ...known, id, actor }));
    const acting = ({ body }: Awaited<ReturnType<typeof call>>) => [
      body.actingAppId,
      body.actingAppDisplayName,
      body.actingServicePrincipalId,
    ];
    assert.deepEqual(acting(await call(`GET ${log}/${id}`)), ['orders', 'Orders', 'orders-principal']);
    assert.deepEqual(acting(await call(`GET ${log}/${known.id}`)), [null, null, null]);
  });

  test('other filters and orders are refused', async () => {
    const { call } = await signedIn();
    for (const query of [
      "$filter=riskLevel eq 'high'",
      "$filter=appId ne 'a'",
      "$filter=constructor eq 'a'",
      "$filter=appId eq 'a' or appId eq 'b'",
      "$filter=appId eq 'a' and appId eq 'b'",
      "$filter=status/errorCode eq 'many'",
      '$orderby=createdDateTime',
      '$skiptoken=mine',
    ]) {
      assert.equal((await call(`GET ${log}?${query}`)).status, 400, query);
    }
    assert.equal((await call(`GET ${log}/nothing`)).status, 404);
  });

  test('sign-ins of another tenant are invisible', async () => {
    const { call } = await signedIn();
    const [{ id, correlationId }] = (await call(`GET ${log}`)).body.value;
    const { admin } = await api.makeTenant();
    assert.equal((await api.call(admin, `GET ${log}/${id}`)).status, 404);
    const filter = encodeURIComponent(`correlationId eq '${correlationId}'`);
    assert.deepEqual((await api.call(admin, `GET ${log}?$filter=${filter}`)).body.value, []);
    assert.equal((await api.call({ ...admin, may: ['User.Read'] }, `GET ${log}`)).status, 403);
  });

  test('a sign-in from a session, and one that is refused without a page, are logged as not interactive', async () => {
    const { journey, browser, call } = await signedIn();
    journey.pass(10);
    await journey.ask(browser, { flow });
    journey.pass(10);
    await journey.ask(browser, { flow, prompts: ['none'], maxAgeSeconds: 5 });
    await journey.ask(journey.browser(), { flow, prompts: ['none'] });
    const { value } = (await call(`GET ${log}?$filter=createdDateTime ge ${journey.now.toISOString()}`)).body;
    assert.equal(value.length, 0, 'whoever is not there has not signed in');
    const [last] = (await call(`GET ${log}`)).body.value;
    assert.deepEqual([last.isInteractive, last.status.errorCode], [false, 0]);
  });

  test('the logs are kept for as many days as the tenant says', async () => {
    const { journey, call } = await signedIn();
    const other = await signedIn();
    const keep = (settings: object) => storage.write((stores) => updateTenant(stores, journey.act(), { settings }));
    const prune = (days: number) =>
      pruneLogs(storage, new Date(journey.now.getTime() + days * 86_400_000), new AbortController().signal);
    const events = async (callOf: typeof call) => (await callOf(`GET ${log}`)).body.value.length;
    await keep({ signInRetentionDays: 30 });
    await prune(29);
    assert.equal(await events(call), 2);
    await prune(31);
    assert.deepEqual([await events(call), await events(other.call)], [0, 2]);
    await prune(91);
    assert.equal(await events(other.call), 0);
    assert.notEqual((await storage.read.audit.list(journey.tenant.id, {}, 10)).length, 0, 'the audit log stays');
    await keep({ auditRetentionDays: 1 });
    await prune(91);
    assert.equal((await storage.read.audit.list(journey.tenant.id, {}, 10)).length, 0);
  });
});
