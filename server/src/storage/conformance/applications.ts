import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  ApplicationStores,
  AppRoleAssignment,
  ClientSecret,
  FederatedCredential,
  PermissionGrant,
} from '../../applications/index.ts';
import type { OpenedDatabase } from './database.ts';
import { readChanges } from './read-changes.ts';

const at = new Date('2026-03-01T10:00:00Z');

const secret: ClientSecret = {
  id: 'secret-1',
  objectId: 'application-1',
  displayName: 'rbac',
  hint: 'csec_abc',
  digest: 'digest',
  startsAt: at,
  endsAt: new Date('2028-03-01T10:00:00Z'),
};

const credential: FederatedCredential = {
  id: 'credential-1',
  objectId: 'application-1',
  name: 'deploy',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:contoso/insurance:ref:refs/heads/main',
  audiences: ['api://AzureADTokenExchange'],
  description: null,
  createdAt: at,
};

const grant: PermissionGrant = {
  id: 'grant-1',
  clientId: 'client-1',
  resourceId: 'resource-1',
  principalId: null,
  scope: 'Accounts.Read',
  createdAt: at,
};

const assignment: AppRoleAssignment = {
  id: 'assignment-1',
  appRoleId: 'role-1',
  principalId: 'principal-1',
  principalKind: 'group',
  resourceId: 'resource-1',
  createdAt: at,
};

/** What the stores of applications must do, besides what the directory does for their objects. */
export function applicationsConformance({ storage }: OpenedDatabase): void {
  const write = <Result>(work: (stores: ApplicationStores) => Promise<Result>) => storage.write(work);
  /** Verbs and kinds of what the work appended to the change feed. */
  const changesBy = async (tenantId: string, count: number, work: () => Promise<unknown>) => {
    const start = await storage.read.changes.end();
    await work();
    const changes = await readChanges(storage, start, count, tenantId);
    return changes.map(({ kind, verb, objectId }) => `${verb} ${kind} ${objectId}`);
  };

  test('a client secret comes back as it was kept, until it is removed', async () => {
    const tenantId = 'secrets';
    const changes = await changesBy(tenantId, 2, async () => {
      await write((stores) => stores.clientSecrets.insert(tenantId, secret, at));
      const found = await storage.read.clientSecrets.list(tenantId, ['application-1', 'application-2']);
      assert.deepEqual(found, [secret]);
      assert.equal(await write((s) => s.clientSecrets.remove(tenantId, 'application-2', secret.id, at)), false);
      assert.equal(await write((s) => s.clientSecrets.remove(tenantId, 'application-1', secret.id, at)), true);
    });
    assert.deepEqual(await storage.read.clientSecrets.list(tenantId, ['application-1']), []);
    assert.deepEqual(await storage.read.clientSecrets.list(tenantId, []), []);
    assert.deepEqual(changes, ['created clientSecret secret-1', 'deleted clientSecret secret-1']);
  });

  test('the text of the newest valid secret comes back, if it was kept, until it is forgotten', async () => {
    const tenantId = 'secrets that sign';
    const day = 86_400_000;
    const later = (days: number) => new Date(at.getTime() + days * day);
    const kept = (id: string, startsAt: Date, endsAt: Date) => ({
      ...secret,
      id,
      digest: `of ${id}`,
      startsAt,
      endsAt,
    });
    await write(async ({ clientSecrets }) => {
      await clientSecrets.insert(tenantId, kept('first', at, later(4)), at, 'text of the first');
      await clientSecrets.insert(tenantId, kept('second', later(1), later(2)), at, 'text of the second');
      await clientSecrets.insert(tenantId, kept('third', later(1), later(9)), at);
    });
    const find = (days: number, of = tenantId) => storage.read.clientSecrets.findText(of, secret.objectId, later(days));
    assert.equal(await find(0), 'text of the first');
    assert.equal(await find(1), 'text of the second');
    assert.equal(await find(2), 'text of the first');
    assert.equal(await find(4), undefined);
    assert.equal(await find(0, 'another tenant'), undefined);
    await write(({ clientSecrets }) => clientSecrets.forgetTexts('another tenant', secret.objectId));
    assert.equal(await find(0), 'text of the first');
    await write(({ clientSecrets }) => clientSecrets.forgetTexts(tenantId, secret.objectId));
    assert.equal(await find(0), undefined);
    assert.equal((await storage.read.clientSecrets.list(tenantId, [secret.objectId])).length, 3);
  });

  test('a federated credential comes back as it was kept and changed, and its name is unique for its object', async () => {
    const tenantId = 'federated';
    const changes = await changesBy(tenantId, 4, async () => {
      assert.equal(await write((s) => s.federatedCredentials.insert(tenantId, credential, at)), true);
      const sameName = { ...credential, id: 'credential-2', name: 'DEPLOY' };
      assert.equal(await write((s) => s.federatedCredentials.insert(tenantId, sameName, at)), false);
      const ofAnother = { ...sameName, objectId: 'application-2' };
      assert.equal(await write((s) => s.federatedCredentials.insert(tenantId, ofAnother, at)), true);
      const changed = { ...credential, subject: 'other', audiences: ['a', 'b'], description: 'CI' };
      await write((s) => s.federatedCredentials.update(tenantId, changed, at));
      assert.deepEqual(await storage.read.federatedCredentials.list(tenantId, 'application-1'), [changed]);
      assert.equal(
        await write((s) => s.federatedCredentials.remove(tenantId, 'application-1', 'credential-1', at)),
        true,
      );
      assert.equal(
        await write((s) => s.federatedCredentials.remove(tenantId, 'application-1', 'credential-1', at)),
        false,
      );
    });
    assert.deepEqual(changes, [
      'created federatedCredential credential-1',
      'created federatedCredential credential-2',
      'updated federatedCredential credential-1',
      'deleted federatedCredential credential-1',
    ]);
  });

  test('a permission grant is found by each of its parties, and there is one for each set of them', async () => {
    const tenantId = 'grants';
    const forOne = { ...grant, id: 'grant-2', principalId: 'user-1' };
    const changes = await changesBy(tenantId, 2, async () => {
      assert.equal(await write((s) => s.permissionGrants.insert(tenantId, grant, at)), true);
      assert.equal(await write((s) => s.permissionGrants.insert(tenantId, { ...grant, id: 'grant-3' }, at)), false);
      assert.equal(await write((s) => s.permissionGrants.insert(tenantId, forOne, at)), true);
    });
    assert.deepEqual(changes, ['created permissionGrant grant-1', 'created permissionGrant grant-2']);

    const list = (query: Parameters<typeof storage.read.permissionGrants.list>[1]) =>
      storage.read.permissionGrants.list(tenantId, query, 10);
    assert.deepEqual(await list({}), [grant, forOne]);
    assert.deepEqual(await list({ principalId: null }), [grant]);
    assert.deepEqual(await list({ principalId: 'user-1' }), [forOne]);
    assert.deepEqual(await list({ clientId: 'client-1', resourceId: 'resource-1' }), [grant, forOne]);
    assert.deepEqual(await list({ clientId: 'resource-1' }), []);
    assert.deepEqual(await storage.read.permissionGrants.list(tenantId, {}, 1, 'grant-1'), [forOne]);

    await write((s) => s.permissionGrants.update(tenantId, { ...grant, scope: 'Accounts.Write' }, at));
    assert.equal((await list({ id: 'grant-1' }))[0]?.scope, 'Accounts.Write');
    assert.equal(await write((s) => s.permissionGrants.remove(tenantId, 'grant-1', at)), true);
    assert.equal(await write((s) => s.permissionGrants.remove(tenantId, 'grant-1', at)), false);
  });

  test('an app role assignment is found by principal and by resource, and is kept once', async () => {
    const tenantId = 'assignments';
    const second = { ...assignment, id: 'assignment-2', principalId: 'principal-2' };
    const changes = await changesBy(tenantId, 2, async () => {
      assert.equal(await write((s) => s.appRoleAssignments.insert(tenantId, assignment, at)), true);
      const again = { ...assignment, id: 'assignment-3' };
      assert.equal(await write((s) => s.appRoleAssignments.insert(tenantId, again, at)), false);
      assert.equal(await write((s) => s.appRoleAssignments.insert(tenantId, second, at)), true);
    });
    assert.deepEqual(changes, ['created appRoleAssignment assignment-1', 'created appRoleAssignment assignment-2']);

    const list = (query: Parameters<typeof storage.read.appRoleAssignments.list>[1]) =>
      storage.read.appRoleAssignments.list(tenantId, query, 10);
    assert.deepEqual(await list({ id: 'assignment-1' }), [assignment]);
    assert.deepEqual(await list({ principalIds: ['principal-1', 'principal-2'] }), [assignment, second]);
    assert.deepEqual(await list({ principalIds: [] }), []);
    assert.deepEqual(await list({ principalIds: ['principal-2'], resourceId: 'resource-2' }), []);
    assert.deepEqual(await list({ resourceId: 'resource-1', appRoleId: 'role-1' }), [assignment, second]);
    assert.deepEqual(await storage.read.appRoleAssignments.list(tenantId, {}, 1), [assignment]);
    assert.deepEqual(await storage.read.appRoleAssignments.list(tenantId, {}, 10, 'assignment-1'), [second]);
    assert.equal(await write((s) => s.appRoleAssignments.remove(tenantId, 'assignment-1', at)), true);
    assert.equal(await write((s) => s.appRoleAssignments.remove(tenantId, 'assignment-1', at)), false);
    assert.deepEqual(await list({}), [second]);
  });

  test('nothing of another tenant is read, changed or removed', async () => {
    const [tenantId, other] = ['own', 'other'];
    await write(async (stores) => {
      await stores.clientSecrets.insert(tenantId, secret, at);
      await stores.federatedCredentials.insert(tenantId, credential, at);
      await stores.permissionGrants.insert(tenantId, grant, at);
      await stores.appRoleAssignments.insert(tenantId, assignment, at);
    });
    await write(async (stores) => {
      assert.equal(await stores.clientSecrets.remove(other, secret.objectId, secret.id, at), false);
      assert.equal(await stores.federatedCredentials.remove(other, credential.objectId, credential.id, at), false);
      assert.equal(await stores.permissionGrants.remove(other, grant.id, at), false);
      assert.equal(await stores.appRoleAssignments.remove(other, assignment.id, at), false);
      await stores.permissionGrants.update(other, { ...grant, scope: 'Everything' }, at);
      await stores.federatedCredentials.update(other, { ...credential, subject: 'evil' }, at);
    });
    const { clientSecrets, federatedCredentials, permissionGrants, appRoleAssignments } = storage.read;
    assert.deepEqual(await clientSecrets.list(other, [secret.objectId]), []);
    assert.deepEqual(await appRoleAssignments.list(other, {}, 10), []);
    assert.deepEqual(await permissionGrants.list(tenantId, {}, 10), [grant]);
    assert.deepEqual(await federatedCredentials.list(tenantId, credential.objectId), [credential]);
  });
}
