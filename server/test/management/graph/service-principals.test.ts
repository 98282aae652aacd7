import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  createStandaloneServicePrincipal,
  firstPartyApplications,
  microsoftGraphAppId,
  seedFirstPartyApplications,
} from '../../../src/applications/index.ts';
import { actOfSystem } from '../../applications/act.ts';
import { onEachDatabase } from '../../databases.ts';
import { type Bearer, openGraphApi } from './graph-api.ts';

// Ids that Microsoft publishes: https://learn.microsoft.com/graph/permissions-reference
const userReadAllRole = 'df021288-bdef-4463-88db-98f22de89214';
const nil = '00000000-0000-0000-0000-000000000000';

onEachDatabase(({ storage }) => {
  const hubTenantId = randomUUID();
  const api = openGraphApi(storage, hubTenantId);
  const filtered = (collection: string, filter: string) =>
    `GET /${collection}?$filter=${encodeURIComponent(filter).replaceAll("'", '%27')}`;
  const idsOf = (answer: { body: { value: { id: string }[] } }) => answer.body.value.map(({ id }) => id);

  const createUser = async (who: Bearer, domain: string, name: string): Promise<string> => {
    const body = { userPrincipalName: `${name}@${domain}`, displayName: name, accountEnabled: true };
    return (await api.call(who, 'POST /users', body)).body.id;
  };

  /** An application with a service principal. */
  const createBoth = async (who: Bearer, body: { displayName: string; [property: string]: unknown }) => {
    const application = await api.call(who, 'POST /applications', body);
    assert.equal(application.status, 201, application.body.error?.message);
    const { id, appId } = application.body;
    const created = await api.call(who, 'POST /servicePrincipals', { appId, accountEnabled: true });
    assert.equal(created.status, 201, created.body.error?.message);
    return { applicationId: id as string, appId: appId as string, id: created.body.id as string };
  };

  const oauth2PermissionScopes = [
    {
      id: randomUUID(),
      value: 'Accounts.Read',
      type: 'User',
      isEnabled: true,
      adminConsentDisplayName: 'Read accounts',
      adminConsentDescription: 'Reads accounts',
    },
  ];

  /** A tenant with the first-party applications, a client and an API. */
  const insurance = async () => {
    const tenant = await api.makeTenant();
    await storage.write((stores) => seedFirstPartyApplications(stores, actOfSystem(tenant.tenantId)));
    const { admin } = tenant;
    const client = await createBoth(admin, { displayName: 'insurance-web' });
    const identifierUris = ['https://contoso.onmicrosoft.com/api'];
    const resource = await createBoth(admin, {
      displayName: 'insurance-api',
      identifierUris,
      api: { oauth2PermissionScopes },
    });
    const graph = await api.call(admin, `GET /servicePrincipals(appId='${microsoftGraphAppId}')`);
    return { ...tenant, client, resource, graphId: graph.body.id as string };
  };

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

  test('az ad app permission grant and list-grants: two lookups, consent for everybody, and its removal', async () => {
    const { admin, client, resource } = await insurance();
    const consent = {
      clientId: client.id,
      consentType: 'AllPrincipals',
      principalId: null,
      resourceId: resource.id,
      scope: 'Accounts.Read',
    };
    const created = await api.call(admin, 'POST /oauth2PermissionGrants', consent);
    assert.equal(created.status, 201, created.body.error?.message);
    const { '@odata.context': _, ...grant } = created.body;
    assert.deepEqual(grant, { id: grant.id, ...consent });
    const listed = await api.call(admin, filtered('oauth2PermissionGrants', `clientId eq '${client.id}'`));
    assert.deepEqual(listed.body.value, [grant]);
    const again = await api.call(admin, 'POST /oauth2PermissionGrants', consent);
    assert.deepEqual([again.status, again.body.error.innerError.code], [409, 'applications.permission_grant_exists']);
    const changed = await api.call(admin, `PATCH /oauth2PermissionGrants/${grant.id}`, { scope: '' });
    assert.equal(changed.status, 204);
    assert.equal((await api.call(admin, `GET /oauth2PermissionGrants/${grant.id}`)).body.scope, '');
    // Interop: the Azure CLI deletes with a capital A.
    assert.equal((await api.call(admin, `DELETE /oAuth2PermissionGrants/${grant.id}`)).status, 204);
    assert.equal((await api.call(admin, `GET /oauth2PermissionGrants/${grant.id}`)).status, 404);
  });

  test('consent for one user is listed with the user, the client and the filter', async () => {
    const { admin, domain, client, resource } = await insurance();
    const principalId = await createUser(admin, domain, 'marge');
    const consent = {
      clientId: client.id,
      consentType: 'Principal',
      principalId,
      resourceId: resource.id,
      scope: 'Accounts.Read',
    };
    const { body } = await api.call(admin, 'POST /oauth2PermissionGrants', consent);
    for (const request of [
      `GET /users/marge@${domain}/oauth2PermissionGrants`,
      `GET /servicePrincipals/${client.id}/oauth2PermissionGrants`,
      filtered('oauth2PermissionGrants', `resourceId eq '${resource.id}' and principalId eq '${principalId}'`),
    ]) {
      assert.deepEqual(idsOf(await api.call(admin, request)), [body.id], request);
    }
    const forAll = await api.call(admin, filtered('oauth2PermissionGrants', "consentType eq 'AllPrincipals'"));
    assert.ok(forAll.body.value.length > 0 && !idsOf(forAll).includes(body.id));
    const page = await api.call(admin, 'GET /oauth2PermissionGrants?$top=1');
    const rest = await api.call(admin, `GET ${page.body['@odata.nextLink']}`);
    assert.notDeepEqual(idsOf(page), idsOf(rest));
  });

  test('consent that makes no sense is refused', async () => {
    const { admin, client, resource } = await insurance();
    const good = { clientId: client.id, consentType: 'AllPrincipals', resourceId: resource.id, scope: 'Accounts.Read' };
    for (const wrong of [
      { scope: 'Accounts.Write' },
      { consentType: 'Everybody' },
      { consentType: 'Principal' },
      { principalId: admin.id },
      { clientId: 'x' },
      { clientId: client.applicationId },
      { resourceId: randomUUID() },
    ]) {
      const answer = await api.call(admin, 'POST /oauth2PermissionGrants', { ...good, ...wrong });
      assert.ok([400, 404].includes(answer.status), JSON.stringify(wrong));
    }
    const unsupported = await api.call(admin, filtered('oauth2PermissionGrants', "contains(scope,'Accounts')"));
    assert.equal(unsupported.status, 400);
  });

  test('application permissions are given, listed from both ends, and taken away', async () => {
    const { admin, client, graphId } = await insurance();
    const body = { principalId: client.id, resourceId: graphId, appRoleId: userReadAllRole };
    const created = await api.call(admin, `POST /servicePrincipals/${client.id}/appRoleAssignments`, body);
    assert.equal(created.status, 201, created.body.error?.message);
    const { id, principalDisplayName, principalType, resourceDisplayName } = created.body;
    assert.deepEqual(
      [principalDisplayName, principalType, resourceDisplayName],
      ['insurance-web', 'ServicePrincipal', 'Microsoft Graph'],
    );
    for (const request of [
      `GET /servicePrincipals/${client.id}/appRoleAssignments`,
      `GET /servicePrincipals/${graphId}/appRoleAssignedTo`,
      filtered(`servicePrincipals/${client.id}/appRoleAssignments`, `resourceId eq ${graphId}`),
    ]) {
      assert.deepEqual(idsOf(await api.call(admin, request)), [id], request);
    }
    const again = await api.call(admin, `POST /servicePrincipals/${graphId}/appRoleAssignedTo`, body);
    assert.deepEqual(
      [again.status, again.body.error.innerError.code],
      [409, 'applications.app_role_assignment_exists'],
    );
    assert.equal((await api.call(admin, `GET /servicePrincipals/${graphId}/appRoleAssignedTo/${id}`)).body.id, id);
    const other = await api.call(admin, `DELETE /servicePrincipals/${graphId}/appRoleAssignments/${id}`);
    assert.equal(other.status, 404, 'it is not the principal');
    assert.equal(
      (await api.call(admin, `DELETE /servicePrincipals/${client.id}/appRoleAssignments/${id}`)).status,
      204,
    );
    assert.deepEqual(idsOf(await api.call(admin, `GET /servicePrincipals/${graphId}/appRoleAssignedTo`)), []);
  });

  test('users and groups are assigned to an application, without a role where it has none', async () => {
    const { admin, domain, client } = await insurance();
    const user = await createUser(admin, domain, 'homer');
    const group = { displayName: 'g', mailNickname: 'g', mailEnabled: false, securityEnabled: true };
    const groupId = (await api.call(admin, 'POST /groups', group)).body.id;
    for (const [collection, principalId, type] of [
      ['users', user, 'User'],
      ['groups', groupId, 'Group'],
    ]) {
      const body = { principalId, resourceId: client.id, appRoleId: nil };
      const path = `/${collection}/${principalId}/appRoleAssignments`;
      const created = await api.call(admin, `POST ${path}`, body);
      assert.deepEqual([created.status, created.body.principalType], [201, type]);
      assert.deepEqual(idsOf(await api.call(admin, `GET ${path}`)), [created.body.id]);
    }
    const assigned = await api.call(admin, `GET /servicePrincipals/${client.id}/appRoleAssignedTo?$top=1`);
    const rest = await api.call(admin, `GET ${assigned.body['@odata.nextLink']}`);
    const byType = [...assigned.body.value, ...rest.body.value].map(({ principalType }) => principalType).sort();
    assert.deepEqual(byType, ['Group', 'User']);
    for (const [collection, principalId] of [
      ['users', user],
      ['groups', groupId],
    ]) {
      const path = `/${collection}/${principalId}/appRoleAssignments`;
      const [id] = idsOf(await api.call(admin, `GET ${path}`));
      assert.equal((await api.call(admin, `DELETE ${path}/${id}`)).status, 204);
    }
  });

  test('an assignment has the ends that its address says', async () => {
    const { admin, client, resource, graphId } = await insurance();
    const body = { principalId: client.id, resourceId: graphId, appRoleId: userReadAllRole };
    for (const path of [
      `/servicePrincipals/${resource.id}/appRoleAssignments`,
      `/servicePrincipals/${resource.id}/appRoleAssignedTo`,
    ]) {
      assert.equal((await api.call(admin, `POST ${path}`, body)).status, 400, path);
    }
    const unknown = { ...body, appRoleId: randomUUID() };
    const answer = await api.call(admin, `POST /servicePrincipals/${client.id}/appRoleAssignments`, unknown);
    assert.deepEqual([answer.status, answer.body.error.innerError.code], [400, 'applications.app_role_unknown']);
  });

  test('permissions of Microsoft Graph are given by those only who may give roles', async () => {
    const { admin, tenantId, domain, client, resource, graphId } = await insurance();
    const user = await createUser(admin, domain, 'moe');
    const role = { roleDefinitionId: '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', principalId: user };
    await api.call(admin, 'POST /roleManagement/directory/roleAssignments', role);
    const moe: Bearer = { tenantId, id: user, may: ['AppRoleAssignment.ReadWrite.All'] };
    const path = `/servicePrincipals/${client.id}/appRoleAssignments`;
    const mighty = { principalId: client.id, resourceId: graphId, appRoleId: userReadAllRole };
    assert.equal((await api.call(moe, `POST ${path}`, mighty)).status, 403);
    const harmless = { principalId: client.id, resourceId: resource.id, appRoleId: nil };
    assert.equal((await api.call(moe, `POST ${path}`, harmless)).status, 201);
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
