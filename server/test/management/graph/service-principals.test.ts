import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createStandaloneServicePrincipal, firstPartyApplications } from '../../../src/applications/index.ts';
import { actOfSystem } from '../../applications/act.ts';
import { onEachDatabase } from '../../databases.ts';
import { clientsAndApis, filtered, idsOf } from './clients-and-apis.ts';
import { type Bearer, openGraphApi } from './graph-api.ts';

// Ids that Microsoft publishes: https://learn.microsoft.com/graph/permissions-reference
const userReadAllRole = 'df021288-bdef-4463-88db-98f22de89214';
const nil = '00000000-0000-0000-0000-000000000000';

onEachDatabase(({ storage }) => {
  const hubTenantId = randomUUID();
  const api = openGraphApi(storage, hubTenantId);
  const { createBoth, insurance } = clientsAndApis(api, storage);

  test('az ad sp create --id: the application is looked for by appId, then let in', async () => {
    const { admin } = await api.makeTenant();
    const { body } = await api.call(admin, 'POST /applications', { displayName: 'web' });
    assert.deepEqual(idsOf(await api.call(admin, filtered('applications', `appId eq '${body.appId}'`))), [body.id]);
    const created = await api.call(admin, 'POST /servicePrincipals', { appId: body.appId, accountEnabled: true });
    assert.equal(created.status, 201);
    const { displayName, servicePrincipalType, alternativeNames, appOwnerOrganizationId } = created.body;
    assert.deepEqual(
      { displayName, servicePrincipalType, alternativeNames, appOwnerOrganizationId },
      {
        displayName: 'web',
        servicePrincipalType: 'Application',
        alternativeNames: [],
        appOwnerOrganizationId: admin.tenantId,
      },
    );
    const twin = await api.call(admin, 'POST /servicePrincipals', { appId: body.appId });
    assert.deepEqual([twin.status, twin.body.error.innerError.code], [400, 'directory.name_taken']);
    const unknown = await api.call(admin, 'POST /servicePrincipals', { appId: randomUUID() });
    assert.deepEqual([unknown.status, unknown.body.error.innerError.code], [400, 'applications.app_id_unknown']);
  });

  test('az ad sp show, update, delete --id: by appId, identifier URI, or the object id when no filter matches', async () => {
    const { admin, resource } = await insurance();
    for (const name of [resource.appId, 'https://contoso.onmicrosoft.com/api', 'HTTPS://CONTOSO.onmicrosoft.com/API']) {
      const answer = await api.call(
        admin,
        filtered('servicePrincipals', `servicePrincipalNames/any(c:c eq '${name}')`),
      );
      assert.deepEqual(idsOf(answer), [resource.id], name);
    }
    const byObjectId = filtered('servicePrincipals', `servicePrincipalNames/any(c:c eq '${resource.id}')`);
    assert.deepEqual(idsOf(await api.call(admin, byObjectId)), []);
    const shown = await api.call(admin, `GET /servicePrincipals/${resource.id}`);
    assert.equal(shown.body.oauth2PermissionScopes[0].value, 'Accounts.Read');
    const change = { appRoleAssignmentRequired: true, tags: ['insurance'], accountEnabled: false };
    assert.equal((await api.call(admin, `PATCH /servicePrincipals/${resource.id}`, change)).status, 204);
    const { body } = await api.call(admin, `GET /servicePrincipals(appId='${resource.appId}')`);
    assert.deepEqual([body.appRoleAssignmentRequired, body.tags, body.accountEnabled], [true, ['insurance'], false]);
    assert.deepEqual(idsOf(await api.call(admin, filtered('servicePrincipals', 'accountEnabled eq false'))), [
      resource.id,
    ]);
    assert.equal((await api.call(admin, `DELETE /servicePrincipals/${resource.id}`)).status, 204);
    assert.equal((await api.call(admin, `GET /servicePrincipals/${resource.id}`)).status, 404);
    assert.equal((await api.call(admin, `POST /directory/deletedItems/${resource.id}/restore`)).status, 200);
  });

  test('az ad sp list --all: every page, with the fields by which orphans are found', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const alternativeNames = ['isExplicit=False', '/subscriptions/s/resourcegroups/g/providers/n/vm/x'];
    await storage.write(async (stores) => {
      const act = actOfSystem(tenantId);
      await createStandaloneServicePrincipal(stores, act, 'ManagedIdentity', 'vm', { alternativeNames });
      for (const name of ['a', 'b', 'c', 'd']) await createStandaloneServicePrincipal(stores, act, 'Legacy', name);
    });
    const all = [];
    let page = await api.call(admin, 'GET /servicePrincipals?$top=2');
    for (all.push(...page.body.value); page.body['@odata.nextLink']; all.push(...page.body.value)) {
      page = await api.call(admin, `GET ${page.body['@odata.nextLink']}`);
    }
    assert.equal(all.length, 5);
    const identity = all.find(({ servicePrincipalType }) => servicePrincipalType === 'ManagedIdentity');
    assert.deepEqual([identity.displayName, identity.alternativeNames], ['vm', alternativeNames]);
    assert.ok(all.filter((one) => one !== identity).every((one) => one.alternativeNames.length === 0));
    for (const filter of [
      "servicePrincipalType eq 'ManagedIdentity'",
      "startswith(displayName,'v')",
      "displayName eq 'vm'",
    ]) {
      assert.deepEqual(idsOf(await api.call(admin, filtered('servicePrincipals', filter))), [identity.id], filter);
    }
    assert.equal((await api.call(admin, 'GET /servicePrincipals/$count')).body, '5');
  });

  test('az ad sp create-for-rbac: lookups by name, application, secret, service principal', async () => {
    const { admin } = await api.makeTenant();
    const name = 'azure-cli-2026-06-01';
    assert.deepEqual(idsOf(await api.call(admin, filtered('servicePrincipals', `displayName eq '${name}'`))), []);
    assert.deepEqual(idsOf(await api.call(admin, filtered('applications', `startswith(displayName,'${name}')`))), []);
    const { body } = await api.call(admin, 'POST /applications', { displayName: name, keyCredentials: [] });
    const passwordCredential = {
      displayName: 'rbac',
      startDateTime: new Date().toISOString(),
      endDateTime: new Date(Date.now() + 3e10).toISOString(),
    };
    const added = await api.call(admin, `POST /applications/${body.id}/addPassword`, { passwordCredential });
    assert.ok(added.body.secretText.length > 40);
    const created = await api.call(admin, 'POST /servicePrincipals', { appId: body.appId, accountEnabled: true });
    assert.equal(created.status, 201);
  });

  test('az ad sp credential reset and owner list work on the service principal', async () => {
    const { admin } = await api.makeTenant();
    const { id } = await createBoth(admin, { displayName: 'web' });
    const added = await api.call(admin, `POST /servicePrincipals/${id}/addPassword`, {
      passwordCredential: { displayName: null },
    });
    const { body } = await api.call(admin, `GET /servicePrincipals/${id}`);
    assert.deepEqual(
      [body.passwordCredentials[0].keyId, body.passwordCredentials[0].secretText],
      [added.body.keyId, null],
    );
    const { keyId } = added.body;
    assert.equal((await api.call(admin, `POST /servicePrincipals/${id}/removePassword`, { keyId })).status, 204);
    assert.deepEqual(idsOf(await api.call(admin, `GET /servicePrincipals/${id}/owners`)), [admin.id]);
    assert.equal((await api.call(admin, `DELETE /servicePrincipals/${id}/owners/${admin.id}/$ref`)).status, 204);
    const reference = { '@odata.id': `https://hub.test/v1.0/directoryObjects/${admin.id}` };
    assert.equal((await api.call(admin, `POST /servicePrincipals/${id}/owners/$ref`, reference)).status, 204);
  });

  test('a service principal in groups: what it is a member of, and what it owns', async () => {
    const { admin, tenantId } = await api.makeTenant();
    const { id } = await createBoth(admin, { displayName: 'daemon' });
    const group = { displayName: 'g', mailNickname: 'g', mailEnabled: false, securityEnabled: true };
    const groupId = (await api.call(admin, 'POST /groups', group)).body.id;
    const reference = { '@odata.id': `https://hub.test/v1.0/servicePrincipals/${id}` };
    assert.equal((await api.call(admin, `POST /groups/${groupId}/members/$ref`, reference)).status, 204);
    assert.deepEqual(idsOf(await api.call(admin, `GET /servicePrincipals/${id}/memberOf`)), [groupId]);
    assert.deepEqual(idsOf(await api.call(admin, `GET /servicePrincipals/${id}/transitiveMemberOf`)), [groupId]);
    const members = await api.call(admin, `GET /groups/${groupId}/members`);
    assert.equal(members.body.value[0].passwordCredentials, undefined);
    const body = { groupIds: [groupId, randomUUID()] };
    const checked = await api.call(admin, `POST /servicePrincipals/${id}/checkMemberGroups`, body);
    assert.deepEqual(checked.body.value, [groupId]);
    for (const action of ['getMemberGroups', 'getMemberObjects']) {
      const answer = await api.call(admin, `POST /servicePrincipals/${id}/${action}`, { securityEnabledOnly: false });
      assert.deepEqual(answer.body.value, [groupId]);
    }
    const bearer: Bearer = { tenantId, id, kind: 'application', may: ['Application.ReadWrite.OwnedBy'] };
    const own = (await api.call(bearer, 'POST /applications', { displayName: 'own' })).body.id;
    assert.deepEqual(idsOf(await api.call(admin, `GET /servicePrincipals/${id}/ownedObjects`)), [own]);
  });

  test('a new tenant has the first-party applications, with what the program knows of them', async () => {
    const { admin: hubAdmin } = await api.makeTenant(hubTenantId);
    const { body } = await api.call(hubAdmin, 'POST /tenants', {
      name: `n${randomUUID().slice(0, 8)}`,
      displayName: 'New',
    });
    assert.equal(await storage.read.objects.count(body.id, 'servicePrincipal'), firstPartyApplications.length);

    const { admin, graphId } = await insurance();
    const graph = await api.call(admin, `GET /servicePrincipals/${graphId}?$select=appRoles,oauth2PermissionScopes`);
    assert.ok(graph.body.appRoles.some(({ id }: { id: string }) => id === userReadAllRole));
    assert.ok(graph.body.oauth2PermissionScopes.some(({ value }: { value: string }) => value === 'User.Read'));
    const cli = await api.call(admin, "GET /servicePrincipals(appId='04b07795-8ddb-461a-bbee-02f9e1bf7b46')");
    assert.deepEqual(cli.body.replyUrls, ['http://localhost']);
    assert.equal((await api.call(admin, `DELETE /servicePrincipals/${graphId}`)).status, 400);
  });

  test('service principals, consent and assignments of another tenant do not exist', async () => {
    const [one, other] = [await insurance(), await insurance()];
    const { admin } = other;
    const [grant] = idsOf(await api.call(one.admin, 'GET /oauth2PermissionGrants'));
    for (const request of [
      `GET /servicePrincipals/${one.client.id}`,
      `GET /servicePrincipals(appId='${one.client.appId}')`,
      `GET /servicePrincipals/${one.client.id}/appRoleAssignments`,
      `GET /oauth2PermissionGrants/${grant}`,
      `DELETE /oauth2PermissionGrants/${grant}`,
      `DELETE /servicePrincipals/${one.client.id}`,
    ]) {
      assert.equal((await api.call(admin, request)).status, 404, request);
    }
    const foreign = { principalId: other.client.id, resourceId: one.resource.id, appRoleId: nil };
    const answer = await api.call(admin, `POST /servicePrincipals/${other.client.id}/appRoleAssignments`, foreign);
    assert.equal(answer.status, 404);
  });

  test('ids that are none lead nowhere, and are no bug', async () => {
    const { admin, client } = await insurance();
    for (const id of ['x', '%00', 'a%00b', "appId='%00'", '%ff'.repeat(3)]) {
      for (const path of [
        `/servicePrincipals/${id}`,
        `/applications/${id}`,
        `/oauth2PermissionGrants/${id}`,
        `/servicePrincipals/${client.id}/appRoleAssignments/${id}`,
        `/applications/${client.applicationId}/federatedIdentityCredentials/${id}`,
        `/applications/${client.applicationId}/extensionProperties/${id}`,
      ]) {
        assert.ok([400, 404].includes((await api.call(admin, `GET ${path}`)).status), path);
      }
    }
    for (const filter of ["clientId eq '\0'", "clientId eq 'x'", "resourceId eq ''"]) {
      assert.equal((await api.call(admin, filtered('oauth2PermissionGrants', filter))).status, 400, filter);
    }
    const byName = await api.call(admin, filtered('servicePrincipals', "servicePrincipalNames/any(c:c eq '\0')"));
    assert.ok([200, 400].includes(byName.status));
  });

  test('Application.ReadWrite.OwnedBy lets in only what the application owns', async () => {
    const { admin, tenantId, client } = await insurance();
    const bearer: Bearer = { tenantId, id: client.id, kind: 'application', may: ['Application.ReadWrite.OwnedBy'] };
    const own = await api.call(bearer, 'POST /applications', { displayName: 'own' });
    assert.equal((await api.call(bearer, 'POST /servicePrincipals', { appId: own.body.appId })).status, 201);
    const foreign = await api.call(admin, 'POST /applications', { displayName: 'foreign' });
    assert.equal((await api.call(bearer, 'POST /servicePrincipals', { appId: foreign.body.appId })).status, 403);
    await api.call(admin, `DELETE /applications/${foreign.body.id}`);
    const restore = `POST /directory/deletedItems/${foreign.body.id}/restore`;
    assert.equal((await api.call(bearer, restore)).status, 403);
  });

  test('no call was a bug', () => assert.deepEqual(api.bugs, []));
});
