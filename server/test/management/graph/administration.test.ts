import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { operations } from '@countersign/management-api';
import { directoryRoles, expectedTxtRecord } from '../../../src/directory/index.ts';
import { newSetupSecret } from '../../../src/setup/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { openGraphApi } from './graph-api.ts';

test('every role that an operation names is one of the directory', () => {
  const known = new Set(Object.values(directoryRoles).map(({ displayName }) => displayName));
  for (const [name, { access }] of Object.entries(operations)) {
    const roles: readonly string[] = typeof access === 'string' ? [] : (access.roles ?? []);
    assert.deepEqual(
      roles.filter((role) => !known.has(role)),
      [],
      name,
    );
  }
});

onEachDatabase(({ storage }) => {
  const hubTenantId = randomUUID();
  const api = openGraphApi(storage, hubTenantId);
  const reader = directoryRoles.globalReader;

  test('roles are listed under each of their names, and given, shown and taken away', async () => {
    const { admin, domain } = await api.makeTenant();
    const body = { userPrincipalName: `kent@${domain}`, displayName: 'Kent', accountEnabled: true };
    const { id } = (await api.call(admin, 'POST /users', body)).body;
    const byName = encodeURIComponent(`displayName eq '${reader.displayName}'`);
    for (const path of ['/directoryRoles', '/roleManagement/directory/roleDefinitions']) {
      const { value } = (await api.call(admin, `GET ${path}?$filter=${byName}`)).body;
      assert.deepEqual(
        value.map((role: { id: string }) => role.id),
        [reader.id],
      );
    }
    assert.equal(
      (await api.call(admin, `GET /directoryRoleTemplates/${reader.id}`)).body.displayName,
      reader.displayName,
    );
    assert.equal((await api.call(admin, `GET /directoryRoles(roleTemplateId='${reader.id}')`)).body.id, reader.id);
    assert.equal((await api.call(admin, 'POST /directoryRoles', { roleTemplateId: reader.id })).status, 201);

    const reference = { '@odata.id': `https://hub.test/v1.0/users/${id}` };
    assert.equal((await api.call(admin, `POST /directoryRoles/${reader.id}/members/$ref`, reference)).status, 204);
    const members = await api.call(admin, `GET /directoryRoles/${reader.id}/members`);
    assert.deepEqual(
      members.body.value.map((member: { id: string }) => member.id),
      [id],
    );
    const kent = { ...admin, id };
    assert.equal((await api.call(kent, 'GET /users')).status, 200, 'the role works at once');
    assert.equal((await api.call(kent, 'POST /users', body)).status, 403);
    const held = await api.call(kent, 'POST /me/getMemberObjects', {});
    assert.deepEqual(held.body.value, [reader.id]);
    for (const list of ['memberOf', 'transitiveMemberOf']) {
      const [role] = (await api.call(admin, `GET /users/${id}/${list}?$select=displayName`)).body.value;
      const shown = { '@odata.type': '#microsoft.graph.directoryRole', id: reader.id, displayName: reader.displayName };
      assert.deepEqual(role, shown);
      assert.deepEqual((await api.call(admin, `GET /users/${id}/${list}/microsoft.graph.group`)).body.value, []);
    }

    const listed = await api.call(
      admin,
      `GET /roleManagement/directory/roleAssignments?$filter=principalId eq '${id}'`,
    );
    const [assignment] = listed.body.value;
    assert.deepEqual([assignment.roleDefinitionId, assignment.directoryScopeId], [reader.id, '/']);
    const address = `/roleManagement/directory/roleAssignments/${assignment.id}`;
    assert.equal((await api.call(admin, `GET ${address}`)).body.principalId, id);
    assert.equal((await api.call(admin, `DELETE ${address}`)).status, 204);
    assert.equal((await api.call(admin, `DELETE ${address}`)).status, 404);
    assert.equal((await api.call(kent, 'GET /users')).status, 403, 'taking it away works at once');
    const gone = await api.call(admin, `DELETE /directoryRoles/${reader.id}/members/${id}/$ref`);
    assert.equal(gone.status, 404);
  });

  test('the last administrator can neither leave the role nor be disabled', async () => {
    const { admin } = await api.makeTenant();
    const { id: roleId } = directoryRoles.globalAdministrator;
    for (const [request, body] of [
      [`DELETE /directoryRoles/${roleId}/members/${admin.id}/$ref`],
      [`PATCH /users/${admin.id}`, { accountEnabled: false }],
      [`DELETE /users/${admin.id}`],
    ] as const) {
      const answer = await api.call(admin, request, body);
      assert.equal(answer.body.error?.innerError.code, 'directory.last_administrator', request);
    }
  });

  test('the organization and its domains', async () => {
    const { admin, tenantId, domain } = await api.makeTenant();
    const [organization] = (await api.call(admin, 'GET /organization')).body.value;
    assert.deepEqual([organization.id, organization.verifiedDomains[0].name], [tenantId, domain]);
    assert.equal(
      (await api.call(admin, `PATCH /organization/${tenantId}`, { displayName: 'Springfield' })).status,
      204,
    );
    assert.equal((await api.call(admin, `GET /organization/${tenantId}`)).body.displayName, 'Springfield');

    const name = `d${tenantId.slice(0, 8)}.example`;
    const created = await api.call(admin, 'POST /domains', { id: name });
    assert.deepEqual([created.status, created.body.isVerified], [201, false]);
    const user = { userPrincipalName: `x@${name}`, displayName: 'x', accountEnabled: true };
    assert.equal((await api.call(admin, 'POST /users', user)).status, 400);
    const unproven = await api.call(admin, `POST /domains/${name}/verify`);
    assert.equal(unproven.body.error.innerError.code, 'directory.domain_not_proven');
    const [record] = (await api.call(admin, `GET /domains/${name}/verificationDnsRecords`)).body.value;
    assert.equal(record.text, expectedTxtRecord(tenantId, name));
    api.txtRecords.set(name, ['v=spf1 -all', record.text]);
    assert.equal((await api.call(admin, `POST /domains/${name}/verify`)).body.isVerified, true);
    assert.equal((await api.call(admin, 'POST /users', user)).status, 201);
    assert.equal((await api.call(admin, `PATCH /domains/${name}`, { isDefault: true })).status, 204);
    const domains = (await api.call(admin, 'GET /domains?$select=isDefault')).body.value;
    assert.deepEqual(
      domains.filter((one: { isDefault: boolean }) => one.isDefault).map((one: { id: string }) => one.id),
      [name],
    );
    assert.equal((await api.call(admin, `DELETE /domains/${name}`)).status, 409);
  });

  test('what was done is listed newest first, filtered, read one by one and exported as lines', async () => {
    const { admin, domain } = await api.makeTenant();
    const before = new Date();
    const body = { userPrincipalName: `seymour@${domain}`, displayName: 'Seymour', accountEnabled: true };
    const { id } = (await api.call(admin, 'POST /users', body)).body;
    await api.call(admin, `PATCH /users/${id}`, {
      jobTitle: 'Principal',
      passwordProfile: { password: 'correct horse battery' },
    });
    await api.call(admin, `DELETE /users/${id}`);
    const { value } = (await api.call(admin, 'GET /auditLogs/directoryAudits')).body;
    const activities = value.map((event: { activityDisplayName: string }) => event.activityDisplayName);
    assert.deepEqual(activities.slice(0, 3), ['user.delete', 'user.update', 'user.create']);
    assert.equal(JSON.stringify(value).includes('correct horse'), false, 'no secrets');
    assert.equal(value[1].initiatedBy.user.id, admin.id);
    const [target] = value[1].targetResources;
    const jobTitle = target.modifiedProperties.find((one: { displayName: string }) => one.displayName === 'jobTitle');
    assert.deepEqual(jobTitle, { displayName: 'jobTitle', oldValue: null, newValue: '"Principal"' });

    const one = await api.call(admin, `GET /auditLogs/directoryAudits/${value[0].id}`);
    assert.equal(one.body.correlationId, value[0].correlationId);
    for (const [filter, count] of [
      [`targetResources/any(t: t/id eq '${id}')`, 3],
      [`targetResources/any(t:t/id eq '${id}') and activityDisplayName eq 'user.update'`, 1],
      [`initiatedBy/user/id eq '${admin.id}' and activityDateTime ge ${before.toISOString()}`, 3],
      [`activityDateTime lt ${before.toISOString()}`, 0],
      [`correlationId eq '${value[0].correlationId}'`, 1],
      ["result eq 'failure'", 0],
    ] as const) {
      const found = await api.call(admin, `GET /auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}`);
      assert.equal(found.body.value?.length, count, filter);
    }
    for (const filter of ["category eq 'x'", "id eq 'a' or id eq 'b'", "id eq 'a' and id eq 'b'", 'result eq 1']) {
      const refused = await api.call(admin, `GET /auditLogs/directoryAudits?$filter=${encodeURIComponent(filter)}`);
      assert.deepEqual([refused.status, refused.body.error.code], [400, 'Request_UnsupportedQuery'], filter);
    }
    const page = await api.call(admin, 'GET /auditLogs/directoryAudits?$top=2&$orderby=activityDateTime desc');
    const rest = await api.call(admin, `GET ${page.body['@odata.nextLink']}`);
    const paged = [...page.body.value, ...rest.body.value].map((event: { id: string }) => event.id);
    assert.deepEqual(
      paged,
      value.slice(0, paged.length).map((event: { id: string }) => event.id),
    );

    const exported = await api.call(
      admin,
      `GET /auditLogs/directoryAudits/$export?$filter=targetResources/any(t:t/id eq '${id}')`,
    );
    assert.match(exported.headers['content-type'] ?? '', /^application\/x-ndjson/);
    const lines = exported.body
      .trimEnd()
      .split('\n')
      .map((line: string) => JSON.parse(line).activityDisplayName);
    assert.deepEqual(lines, ['user.delete', 'user.update', 'user.create']);
  });

  test('signing keys are listed, and the next one is published before it signs', async () => {
    const { admin } = await api.makeTenant();
    assert.deepEqual((await api.call(admin, 'GET /keys')).body.value, []);
    const first = await api.call(admin, 'POST /keys/rotate', { algorithm: 'ES256' });
    const next = await api.call(admin, 'POST /keys/rotate', { algorithm: 'ES256' });
    assert.notEqual(first.body.id, next.body.id);
    assert.ok(next.body.signsFromDateTime > first.body.signsFromDateTime);
    const { value } = (await api.call(admin, 'GET /keys')).body;
    assert.equal(value.length, 2);
    assert.equal(JSON.stringify(value).includes('PRIVATE'), false);
  });

  test('the first administrator is made with the secret, once', async () => {
    await api.makeTenant(hubTenantId);
    const domain = `t${hubTenantId.slice(0, 8)}.example`;
    const made = await storage.write((stores) => newSetupSecret(stores, new Date(), randomBytes(32)));
    const body = {
      secret: made?.secret ?? '',
      displayName: 'First',
      userPrincipalName: `first@${domain}`,
      password: 'correct horse battery',
    };
    assert.equal((await api.call('', 'POST /setup', { ...body, secret: 'guessed' })).status, 403);
    const weak = await api.call('', 'POST /setup', { ...body, password: 'short' });
    assert.equal(weak.status, 400);
    const answers = await Promise.all(
      [1, 2, 3].map((n) => api.call('', 'POST /setup', { ...body, userPrincipalName: `f${n}@${domain}` })),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201, 409]));
    const { id } = answers.find(({ status }) => status === 201)?.body ?? {};
    const first = { tenantId: hubTenantId, id, may: ['Directory.AccessAsUser.All'] };
    assert.equal((await api.call(first, 'GET /tenants')).status, 200);
    assert.equal((await api.call('', 'POST /setup', body)).status, 409);
  });

  test('tenants are managed by administrators of the hub only', async () => {
    const hub = { tenantId: hubTenantId, may: ['Tenant.ReadWrite.All'] };
    const [administrator] = (await storage.read.directoryRoles.list(hubTenantId)).map(({ principalId }) => principalId);
    const first = { ...hub, id: administrator ?? '' };
    const name = `n${randomUUID().slice(0, 8)}`;
    const created = await api.call(first, 'POST /tenants', {
      name,
      displayName: 'New',
      hosts: [`${name}.login.example`],
    });
    assert.equal(created.status, 201);
    assert.deepEqual(
      [created.body.domains, created.body.hosts],
      [[`${name}.onmicrosoft.com`], [`${name}.login.example`]],
    );
    const { id } = created.body;
    for (const key of [id, name, `${name}.onmicrosoft.com`]) {
      assert.equal((await api.call(first, `GET /tenants/${key}`)).body.id, id, key);
    }
    assert.equal((await api.call(first, `PATCH /tenants/${id}`, { displayName: 'Newer' })).status, 204);
    assert.equal((await api.call(first, `POST /tenants/${id}/domains`, { domain: `${name}.example` })).status, 204);
    assert.equal((await api.call(first, `POST /tenants/${id}/hosts`, { host: `${name}.example` })).status, 204);
    assert.equal((await api.call(first, `DELETE /tenants/${id}/hosts/${name}.login.example`)).status, 204);
    const shown = (await api.call(first, `GET /tenants/${id}`)).body;
    assert.deepEqual([shown.displayName, shown.domains.length, shown.hosts], ['Newer', 2, [`${name}.example`]]);

    const { admin } = await api.makeTenant();
    for (const request of ['GET /tenants', `GET /tenants/${id}`, `DELETE /tenants/${id}`]) {
      assert.equal((await api.call(admin, request)).status, 404, request);
    }
    assert.equal((await api.call(admin, 'POST /tenants', { name: 'evil', displayName: 'Evil' })).status, 404);
    assert.equal((await api.call(first, `DELETE /tenants/${hubTenantId}`)).status, 400);
    assert.equal((await api.call(first, `DELETE /tenants/${id}`)).status, 204);
    assert.equal((await api.call(first, `GET /tenants/${id}`)).status, 404);
    const seen = new Set<string>();
    let page = await api.call(first, 'GET /tenants?$top=3');
    while (true) {
      for (const tenant of page.body.value) seen.add(tenant.id);
      if (!page.body['@odata.nextLink']) break;
      page = await api.call(first, `GET ${page.body['@odata.nextLink']}`);
    }
    assert.equal(seen.size, (await storage.read.tenants.list(1000)).length);
  });

  test('nothing of all this was a bug', () => assert.deepEqual(api.bugs, []));
});
