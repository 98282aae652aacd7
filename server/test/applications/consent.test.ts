import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assignAppRole,
  assignedRoles,
  changePermissionGrant,
  createServicePrincipal,
  createStandaloneServicePrincipal,
  delegatedPermissions,
  deleteServicePrincipal,
  findServicePrincipal,
  firstPartyApplications,
  getAppRoleAssignment,
  getPermissionGrant,
  getServicePrincipal,
  grantPermission,
  hubCommandLineAppId,
  microsoftGraphAppId,
  permissionsOf,
  registerApplication,
  removeAppRoleAssignment,
  revokePermissionGrant,
  seedFirstPartyApplications,
  updateApplication,
} from '../../src/applications/index.ts';
import { createObject, groupKind, userKind } from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { actOfSystem } from './act.ts';

const scope = (digit: string, value: string, isEnabled = true) => ({
  id: `${digit.repeat(8)}-0000-4000-8000-000000000000`,
  value,
  type: 'User',
  isEnabled,
  adminConsentDisplayName: value,
  adminConsentDescription: value,
});

const role = (digit: string, value: string | null, allowedMemberTypes: string[], isEnabled = true) => ({
  id: `${digit.repeat(8)}-0000-4000-8000-00000000000A`,
  value,
  displayName: value ?? 'Default access',
  description: value ?? 'Default access',
  allowedMemberTypes,
  isEnabled,
});

const oauth2PermissionScopes = [scope('1', 'Accounts.Read'), scope('2', 'Accounts.Write'), scope('3', 'Old', false)];
const nil = '00000000-0000-0000-0000-000000000000';

onEachDatabase(({ storage }) => {
  /** A tenant with a client, an API and a user. */
  const insurance = async (appRoles: ReturnType<typeof role>[] = []) => {
    const act = actOfSystem();
    return storage.write(async (stores) => {
      const api = await registerApplication(stores, act, {
        displayName: 'insurance-api',
        appRoles,
        api: { oauth2PermissionScopes },
      });
      const web = await registerApplication(stores, act, { displayName: 'insurance-web' });
      const resource = await createServicePrincipal(stores, act, api.attributes.appId);
      const client = await createServicePrincipal(stores, act, web.attributes.appId);
      const user = await createObject(stores, act, userKind, {
        userPrincipalName: `marge.${act.newId()}@jogcloud.com`,
        displayName: 'Marge Simpson',
        accountEnabled: true,
      });
      const group = await createObject(stores, act, groupKind, {
        displayName: 'Adjusters',
        mailEnabled: false,
        securityEnabled: true,
      });
      return { act, api, resource, client, user, group };
    });
  };

  test('consent is given for everybody or for one user, with each scope once', async () => {
    const { act, resource, client, user } = await insurance();
    const parties = { clientId: client.id, resourceId: resource.id };
    const forAll = await storage.write((stores) =>
      grantPermission(stores, act, { ...parties, principalId: null, scope: ' Accounts.Read  Accounts.Read ' }),
    );
    assert.equal(forAll.scope, 'Accounts.Read');
    const forOne = await storage.write((stores) =>
      grantPermission(stores, act, { ...parties, principalId: user.id, scope: 'Accounts.Write' }),
    );
    const grants = await storage.read.permissionGrants.list(act.tenantId, parties, 10);
    assert.deepEqual(delegatedPermissions(resource, grants, user.id), ['Accounts.Read', 'Accounts.Write']);
    assert.deepEqual(delegatedPermissions(resource, grants, act.newId()), ['Accounts.Read']);
    await assert.rejects(
      storage.write((s) => grantPermission(s, act, { ...parties, principalId: null, scope: 'Accounts.Write' })),
      { code: 'applications.permission_grant_exists' },
    );
    await storage.write((stores) => revokePermissionGrant(stores, act, forOne.id));
    await assert.rejects(getPermissionGrant(storage.read, act.tenantId, forOne.id), {
      code: 'applications.permission_grant_not_found',
    });
    const events = await storage.read.audit.list(act.tenantId, { objectId: forOne.id }, 10);
    assert.deepEqual(events.map(({ verb }) => verb).sort(), ['permissionGrant.create', 'permissionGrant.delete']);
  });

  test('the scope of a consent can be changed to others that the resource has', async () => {
    const { act, resource, client } = await insurance();
    const input = { clientId: client.id, resourceId: resource.id, principalId: null, scope: 'Accounts.Read' };
    const { id } = await storage.write((stores) => grantPermission(stores, act, input));
    await storage.write((stores) => changePermissionGrant(stores, act, id, 'Accounts.Write Accounts.Read'));
    const changed = await getPermissionGrant(storage.read, act.tenantId, id);
    assert.equal(changed.scope, 'Accounts.Write Accounts.Read');
    await assert.rejects(
      storage.write((stores) => changePermissionGrant(stores, act, id, 'Everything')),
      { code: 'applications.scope_unknown' },
    );
  });

  test('a scope that the resource has disabled since is no longer a permission', async () => {
    const { act, api, resource, client, user } = await insurance();
    const input = { clientId: client.id, resourceId: resource.id, principalId: null, scope: 'Accounts.Read' };
    const grant = await storage.write((stores) => grantPermission(stores, act, input));
    const disabled = oauth2PermissionScopes.map((one) => ({ ...one, isEnabled: false }));
    const change = { api: { oauth2PermissionScopes: disabled } };
    await storage.write((stores) => updateApplication(stores, act, api.id, change));
    const now = await getServicePrincipal(storage.read, act.tenantId, resource.id);
    assert.deepEqual(delegatedPermissions(now, [grant], user.id), []);
  });

  const wrongScopes: Record<string, [string, string]> = {
    unknown: ['Accounts.Delete', 'scope_unknown'],
    'in another case': ['accounts.read', 'scope_unknown'],
    disabled: ['Old', 'scope_unknown'],
    'of another resource': ['User.Read', 'scope_unknown'],
    'too long': ['x'.repeat(3851), 'scope_too_long'],
  };

  for (const [what, [wrong, code]] of Object.entries(wrongScopes)) {
    test(`RFC 6749 3.3: consent for a scope that is ${what} is refused`, async () => {
      const { act, resource, client } = await insurance();
      const input = { clientId: client.id, resourceId: resource.id, principalId: null, scope: wrong };
      await assert.rejects(
        storage.write((stores) => grantPermission(stores, act, input)),
        { code: `applications.${code}` },
      );
    });
  }

  test('consent is between service principals of the tenant, and for a user of it', async () => {
    const { act, api, resource, client, group } = await insurance();
    const foreign = await insurance();
    const good = { clientId: client.id, resourceId: resource.id, principalId: null, scope: 'Accounts.Read' };
    const wrong = [
      { ...good, clientId: foreign.client.id },
      { ...good, resourceId: api.id },
      { ...good, resourceId: foreign.resource.id },
      { ...good, principalId: foreign.user.id },
      { ...good, principalId: group.id },
    ];
    for (const input of wrong) {
      await assert.rejects(
        storage.write((stores) => grantPermission(stores, act, input)),
        { status: 404 },
      );
    }
    assert.deepEqual(await storage.read.permissionGrants.list(act.tenantId, {}, 10), []);
  });

  test('users, groups and applications hold the roles that allow them, and their values are found', async () => {
    const roles = [role('4', 'Claims.Approve', ['User']), role('5', 'Claims.Import', ['Application'])];
    const { act, resource, client, user, group } = await insurance(roles);
    const assign = (principalId: string, appRoleId = '') =>
      storage.write((stores) => assignAppRole(stores, act, { principalId, resourceId: resource.id, appRoleId }));
    const [approve, importing] = roles.map(({ id }) => id);
    const ofUser = await assign(user.id, approve);
    const ofGroup = await assign(group.id, approve);
    const ofClient = await assign(client.id, importing);
    assert.equal(ofGroup.principalKind, 'group');
    assert.deepEqual(await getAppRoleAssignment(storage.read, act.tenantId, ofUser.id), ofUser);
    assert.deepEqual(assignedRoles(resource, [ofUser, ofGroup]), ['Claims.Approve']);
    assert.deepEqual(assignedRoles(resource, [ofClient]), ['Claims.Import']);
    assert.deepEqual(assignedRoles(client, [ofClient]), []);

    await assert.rejects(assign(user.id, approve), { code: 'applications.app_role_assignment_exists' });
    await assert.rejects(assign(user.id, importing), { code: 'applications.app_role_not_for' });
    await assert.rejects(assign(client.id, approve), { code: 'applications.app_role_not_for' });
    await assert.rejects(assign(user.id, act.newId()), { code: 'applications.app_role_unknown' });
    await assert.rejects(assign(user.id, nil), { code: 'applications.app_role_unknown' });

    await storage.write((stores) => removeAppRoleAssignment(stores, act, ofUser.id));
    await assert.rejects(
      storage.write((stores) => removeAppRoleAssignment(stores, act, ofUser.id)),
      { code: 'applications.app_role_assignment_not_found' },
    );
    const events = await storage.read.audit.list(act.tenantId, { objectId: ofUser.id }, 10);
    assert.deepEqual(events.map(({ verb }) => verb).sort(), ['appRoleAssignment.create', 'appRoleAssignment.delete']);
  });

  test('where a resource has no role for a principal, the nil GUID assigns it without one', async () => {
    const { act, resource, client, user } = await insurance([role('5', 'Claims.Import', ['Application'])]);
    const assign = (principalId: string) =>
      storage.write((s) => assignAppRole(s, act, { principalId, resourceId: resource.id, appRoleId: nil }));
    const assignment = await assign(user.id);
    assert.deepEqual(assignedRoles(resource, [assignment]), []);
    await assert.rejects(assign(client.id), { code: 'applications.app_role_unknown' });
  });

  test('a disabled role, an application object and objects of other tenants take no part in assignments', async () => {
    const roles = [role('4', 'Claims.Approve', ['User'], false), role('6', null, ['User'])];
    const { act, api, resource, user } = await insurance(roles);
    const foreign = await insurance(roles);
    const [disabled = '', silent = ''] = roles.map(({ id }) => id);
    const good = { principalId: user.id, resourceId: resource.id, appRoleId: silent };
    const assignment = await storage.write((stores) => assignAppRole(stores, act, good));
    assert.deepEqual(assignedRoles(resource, [assignment]), []);
    const wrong = [
      { ...good, appRoleId: disabled },
      { ...good, principalId: api.id },
      { ...good, principalId: foreign.user.id },
      { ...good, resourceId: foreign.resource.id },
      { ...good, resourceId: user.id },
    ];
    for (const input of wrong) {
      await assert.rejects(
        storage.write((stores) => assignAppRole(stores, act, input)),
        { name: 'Refusal' },
      );
    }
  });

  test('every tenant gets the first-party applications and their consent once', async () => {
    const act = actOfSystem();
    await storage.write((stores) => seedFirstPartyApplications(stores, act));
    assert.equal(await storage.read.objects.count(act.tenantId, 'servicePrincipal'), firstPartyApplications.length);
    const graph = await findServicePrincipal(storage.read, act.tenantId, microsoftGraphAppId);
    assert.ok(graph);
    assert.ok(graph.attributes.servicePrincipalNames?.includes(microsoftGraphAppId));
    assert.ok(permissionsOf(graph).oauth2PermissionScopes.some(({ value }) => value === 'User.Read'));
    assert.equal(graph.attributes.oauth2PermissionScopes, undefined, 'they stay in the program');

    const hubCli = await findServicePrincipal(storage.read, act.tenantId, hubCommandLineAppId);
    const grants = await storage.read.permissionGrants.list(act.tenantId, { clientId: hubCli?.id ?? '' }, 10);
    assert.ok(delegatedPermissions(graph, grants, 'anybody').includes('Directory.AccessAsUser.All'));

    for (const { id } of grants) await storage.write((stores) => revokePermissionGrant(stores, act, id));
    const { version } = graph;
    await storage.write((stores) => seedFirstPartyApplications(stores, act));
    const again = await findServicePrincipal(storage.read, act.tenantId, microsoftGraphAppId);
    assert.equal(again?.version, version);
    assert.deepEqual(await storage.read.permissionGrants.list(act.tenantId, { clientId: hubCli?.id ?? '' }, 10), []);
    await assert.rejects(
      storage.write((stores) => deleteServicePrincipal(stores, act, graph.id)),
      { code: 'applications.first_party_stays' },
    );
  });

  test('an application is granted permissions of Microsoft Graph by their published ids', async () => {
    const act = actOfSystem();
    await storage.write((stores) => seedFirstPartyApplications(stores, act));
    const graph = await findServicePrincipal(storage.read, act.tenantId, microsoftGraphAppId);
    assert.ok(graph);
    const daemon = await storage.write((s) => createStandaloneServicePrincipal(s, act, 'ManagedIdentity', 'daemon'));
    // Application.Read.All, https://learn.microsoft.com/graph/permissions-reference
    const appRoleId = '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30';
    const input = { principalId: daemon.id, resourceId: graph.id, appRoleId };
    const assignment = await storage.write((stores) => assignAppRole(stores, act, input));
    assert.deepEqual(assignedRoles(graph, [assignment]), ['Application.Read.All']);
  });
});
