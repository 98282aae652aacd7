import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onEachDatabase } from '../../databases.ts';
import { clientsAndApis, filtered, idsOf } from './clients-and-apis.ts';
import { type Bearer, openGraphApi } from './graph-api.ts';

// Ids that Microsoft publishes: https://learn.microsoft.com/graph/permissions-reference
const userReadAllRole = 'df021288-bdef-4463-88db-98f22de89214';
const nil = '00000000-0000-0000-0000-000000000000';

onEachDatabase(({ storage }) => {
  const api = openGraphApi(storage);
  const { createUser, insurance } = clientsAndApis(api, storage);

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

  test('no call was a bug', () => assert.deepEqual(api.bugs, []));
});
