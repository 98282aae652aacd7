import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../src/new-id.ts';
import { outboundFetch } from '../../../src/outbound/index.ts';
import { runJob } from '../../../src/provisioning/run-job.ts';
import { targetsThrough } from '../../../src/targets/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { openFakeTarget } from '../../provisioning/fake-target.ts';
import { openGraphApi } from './graph-api.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

onEachDatabase(({ storage }) => {
  test('a job is made, tested, planned, started, explained and read from the log in Microsoft Graph’s shapes', async (t) => {
    const fake = await openFakeTarget();
    t.after(() => fake.close());
    const api = openGraphApi(storage);
    const { admin, tenantId, domain } = await api.makeTenant();
    const post = async (path: string, body?: unknown, status = 201) => {
      const answer = await api.call(admin, `POST ${path}`, body);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      return answer.body;
    };
    const { appId } = await post('/applications', { displayName: 'Target' });
    const { id } = await post('/servicePrincipals', { appId });
    const user = await post('/users', {
      userPrincipalName: `marge@${domain}`,
      displayName: 'Marge',
      mailNickname: 'marge',
      accountEnabled: true,
      passwordProfile: { password: 'Correct-horse-7-battery' },
    });
    const base = `/servicePrincipals/${id}/synchronization`;
    assert.deepEqual(
      (await api.call(admin, `GET ${base}/templates`)).body.value.map((template: { id: string }) => template.id),
      ['scim'],
    );
    const created = await post(`${base}/jobs`, { templateId: 'scim', settings: { deletionThreshold: 5 } });
    assert.equal(created.status.code, 'NotConfigured');
    const job = `${base}/jobs/${created.id}`;
    const start = await api.call(admin, `POST ${job}/start`);
    assert.equal(start.status, 400, 'without an address nothing starts');

    const secrets = (token: string) => ({
      value: [
        { key: 'BaseAddress', value: `${fake.baseUrl}/` },
        { key: 'SecretToken', value: token },
      ],
    });
    assert.equal((await api.call(admin, `PUT ${base}/secrets`, secrets('wrong'))).status, 204);
    const refused = await api.call(admin, `POST ${job}/validateCredentials`);
    assert.match(refused.body.error.message, /401/);
    assert.equal((await api.call(admin, `PUT ${base}/secrets`, secrets('secret'))).status, 204);
    await post(`${job}/validateCredentials`, undefined, 204);
    assert.ok(!JSON.stringify((await api.call(admin, `GET ${job}`)).body).includes('secret"'));

    await post(`/servicePrincipals/${id}/appRoleAssignedTo`, {
      principalId: user.id,
      resourceId: id,
      appRoleId: nobody,
    });
    const schema = (await api.call(admin, `GET ${job}/schema`)).body;
    const [users] = schema.synchronizationRules[0].objectMappings;
    assert.equal(users.attributeMappings[0].source.expression, '[userPrincipalName]');
    users.attributeMappings.push({
      targetAttributeName: 'nickName',
      source: { expression: 'ToUpper([displayName])' },
    });
    assert.equal((await api.call(admin, `PUT ${job}/schema`, schema)).status, 204);
    users.attributeMappings.push({ targetAttributeName: 'shoeSize', source: { expression: '[x]' } });
    assert.match((await api.call(admin, `PUT ${job}/schema`, schema)).body.error.message, /no such attribute/);

    const subject = { parameters: [{ subjects: [{ objectId: user.id }] }] };
    const explained = await post(`${job}/explain`, subject, 200);
    assert.equal(explained.provisioningAction, 'create');
    assert.deepEqual(
      explained.provisioningSteps.map((step: { name: string }) => step.name),
      ['read', 'scope', 'map', 'match', 'compare'],
    );
    const planned = await api.call(admin, `GET ${job}/plan`);
    assert.equal(JSON.parse(String(planned.body)).sourceIdentity.displayName, `marge@${domain}`);
    assert.deepEqual(fake.users(), [], 'neither writes');

    const done = await post(`${job}/provisionOnDemand`, subject, 200);
    assert.equal(done.provisioningStatusInfo.status, 'success');
    assert.equal(fake.users()[0]?.['nickName'], 'MARGE');

    await post(`${job}/start`, undefined, 204);
    const kept = await storage.read.provisioningJobs.find(tenantId, created.id);
    assert.ok(kept);
    await runJob(
      {
        storage,
        job: kept,
        target: targetsThrough(outboundFetch(['127.0.0.1']), () => new Date())(kept.definition, 'secret'),
        signal: new AbortController().signal,
        now: () => new Date(),
        newId,
      },
      { counted() {} },
    );
    const { status } = (await api.call(admin, `GET ${job}`)).body;
    assert.deepEqual([status.code, status.objects.active], ['Active', 1]);
    await post(`${job}/restart`, undefined, 204);
    assert.equal((await api.call(admin, `GET ${job}`)).body.status.code, 'InProgress', 'until it is obeyed');
    await post(`${job}/pause`, undefined, 204);
    assert.equal((await api.call(admin, `GET ${job}`)).body.status.code, 'Paused');

    const filter = encodeURIComponent(`sourceIdentity/id eq '${user.id}'`);
    const logs = await api.call(admin, `GET /auditLogs/provisioning?$filter=${filter}`);
    assert.equal(logs.body.value[0].provisioningAction, 'create');
    assert.equal(logs.body.value[0].targetIdentity.id, fake.users()[0]?.['id']);
    const actionsWhere = async (wanted: string) =>
      (await api.call(admin, `GET /auditLogs/provisioning?$filter=${encodeURIComponent(wanted)}`)).body.value.map(
        (one: { provisioningAction: string }) => one.provisioningAction,
      );
    const provisioned = `sourceIdentity/displayName eq 'MARGE@${domain}'`;
    const wanted = "modifiedProperties/any(p: p/displayName eq 'nickname')";
    assert.deepEqual(await actionsWhere(`${provisioned} and ${wanted} and activityDateTime ge 2020-01-01T00:00:00Z`), [
      'create',
    ]);
    assert.deepEqual(await actionsWhere(`contains(sourceIdentity/displayName, 'arge@')`), ['create']);
    assert.deepEqual(await actionsWhere(`${provisioned} and activityDateTime lt 2020-01-01T00:00:00Z`), []);
    assert.deepEqual(await actionsWhere("modifiedProperties/any(p: p/displayName eq 'title')"), []);
    assert.deepEqual(await actionsWhere("provisioningStatusInfo/errorInformation/errorCode eq 'conflict'"), []);
    const cycleId = logs.body.value[0].cycleId;
    const undo = `${job}/cycles/${cycleId}/undo`;
    assert.equal((await api.call(admin, `GET ${job}/cycles/none/undo`)).status, 404);
    const wouldUndo = JSON.parse(String((await api.call(admin, `GET ${undo}`)).body));
    assert.deepEqual([wouldUndo.provisioningAction, fake.users().length], ['delete', 1]);
    await post(`${job}/start`, undefined, 204);
    assert.equal((await api.call(admin, `POST ${undo}`)).status, 409, 'not while it runs');
    await post(`${job}/pause`, undefined, 204);
    const undone = JSON.parse(String(await post(undo, undefined, 200)));
    assert.deepEqual([undone.provisioningStatusInfo.status, fake.users()], ['success', []]);

    const audits = (await api.call(admin, 'GET /auditLogs/directoryAudits')).body.value;
    const names = audits.map((event: { activityDisplayName: string }) => event.activityDisplayName);
    for (const verb of ['create', 'set_token', 'update', 'start', 'pause', 'undo']) {
      assert.ok(names.includes(`provisioningJob.${verb}`), verb);
    }
    assert.equal((await api.call(admin, `DELETE ${job}`)).status, 204);
    assert.equal((await api.call(admin, `GET ${job}`)).status, 404);
    const other = await api.makeTenant();
    assert.equal((await api.call(other.admin, `GET ${base}/jobs`)).status, 404);
    assert.deepEqual(api.bugs, []);
  });
});
