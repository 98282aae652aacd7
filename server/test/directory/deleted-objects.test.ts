import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addDomain,
  addMember,
  type DirectoryObject,
  deleteObject,
  directoryKinds,
  findUser,
  groupKind,
  makeDomainDefault,
  purgeExpired,
  purgeObject,
  removeDomain,
  restoreObject,
  userKind,
  verifyDomain,
} from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openTenant, type TestTenant } from './open-tenant.ts';

const deleteUser = ({ write }: TestTenant, { id }: DirectoryObject, at?: Date) =>
  write((stores, act) => deleteObject(stores, act, userKind, id), at);
const restoreUser = ({ write }: TestTenant, { id }: DirectoryObject) =>
  write((stores, act) => restoreObject(stores, act, userKind, id));

onEachDatabase(({ storage }) => {
  test('a deleted user is gone, and restored with the memberships that it had', async () => {
    const tenant = await openTenant(storage);
    const [barney, operators] = [
      await tenant.user('barney', { department: 'Bowling' }),
      await tenant.group('operators'),
    ];
    await tenant.write((stores, act) => addMember(stores, act, operators.id, barney.id));
    await deleteUser(tenant, barney);
    assert.equal(await findUser(storage.read, tenant.id, barney.id), undefined);
    assert.equal(await findUser(storage.read, tenant.id, String(barney.attributes['userPrincipalName'])), undefined);
    assert.deepEqual(await storage.read.links.listTransitiveGroupIds(tenant.id, operators.id), []);
    const restored = await restoreUser(tenant, barney);
    assert.deepEqual(restored.attributes, barney.attributes);
    assert.deepEqual(await findUser(storage.read, tenant.id, barney.id), restored);
    assert.deepEqual(await storage.read.links.listTransitiveGroupIds(tenant.id, barney.id), [operators.id]);
    const verbs = (await storage.read.audit.list(tenant.id, { objectId: barney.id }, 9)).map(({ verb }) => verb);
    assert.deepEqual(verbs.sort(), ['user.create', 'user.delete', 'user.restore']);
  });

  test('a user whose name was given to another meanwhile is not restored until the name is free', async () => {
    const tenant = await openTenant(storage);
    const first = await tenant.user('milhouse');
    await deleteUser(tenant, first);
    const second = await tenant.user('milhouse');
    await assert.rejects(restoreUser(tenant, first), { code: 'directory.name_taken', status: 409 });
    await deleteUser(tenant, second);
    await restoreUser(tenant, first);
  });

  test('a user whose domain left the tenant meanwhile is not restored', async () => {
    const tenant = await openTenant(storage);
    const domain = `former-${tenant.tenant.name}.example`;
    await tenant.write(async (stores, act) => {
      await addDomain(stores, act, domain);
      await verifyDomain(stores, act, domain, { by: 'operator' });
      await makeDomainDefault(stores, act, domain);
      await makeDomainDefault(stores, act, `${tenant.tenant.name}.example`);
    });
    const carl = await tenant.user('carl', { userPrincipalName: `carl@${domain}` });
    await deleteUser(tenant, carl);
    await tenant.write((stores, act) => removeDomain(stores, act, domain));
    await assert.rejects(restoreUser(tenant, carl), { code: 'directory.domain_not_verified' });
  });

  test('groups that were nested round a deleted group keep it from being restored', async () => {
    const { group, write } = await openTenant(storage);
    const [a, b, c] = [await group('a'), await group('b'), await group('c')];
    const add = (from: DirectoryObject, to: DirectoryObject) =>
      write((stores, act) => addMember(stores, act, from.id, to.id));
    await add(a, b);
    await add(b, c);
    await write((stores, act) => deleteObject(stores, act, groupKind, b.id));
    await add(c, a);
    const restored = write((stores, act) => restoreObject(stores, act, groupKind, b.id));
    await assert.rejects(restored, { code: 'directory.group_cycle' });
  });

  test('only a deleted object can be restored or purged, in its own tenant', async () => {
    const [tenant, other] = [await openTenant(storage), await openTenant(storage)];
    const lenny = await tenant.user('lenny');
    const purge = ({ write }: TestTenant) => write((stores, act) => purgeObject(stores, act, userKind, lenny.id));
    await assert.rejects(restoreUser(tenant, lenny), { code: 'directory.object_not_deleted' });
    await assert.rejects(purge(tenant), { code: 'directory.object_not_deleted' });
    await deleteUser(tenant, lenny);
    await assert.rejects(deleteUser(tenant, lenny), { code: 'directory.object_not_found' });
    await assert.rejects(restoreUser(other, lenny), { code: 'directory.object_not_found' });
    await purge(tenant);
    await assert.rejects(restoreUser(tenant, lenny), { code: 'directory.object_not_found' });
    assert.equal(await storage.read.objects.find(tenant.id, lenny.id, true), undefined);
  });

  test('objects that were deleted 30 days ago are purged, in every tenant, with an audit event there', async () => {
    const [one, two] = [await openTenant(storage), await openTenant(storage)];
    const [expired, elsewhere, recent] = [
      await one.user('expired'),
      await two.user('elsewhere'),
      await one.user('recent'),
    ];
    await deleteUser(one, expired, new Date('2026-01-01T00:00:00Z'));
    await deleteUser(two, elsewhere, new Date('2026-01-02T00:00:00Z'));
    await deleteUser(one, recent, new Date('2026-01-20T00:00:00Z'));
    const { tenantId: _, ...system } = {
      ...one.act(new Date('2026-02-10T00:00:00Z')),
      actor: { kind: 'system', id: null, name: 'jobs' } as const,
    };
    let purged: number;
    do purged = await storage.write((stores) => purgeExpired(stores, system, directoryKinds, 1));
    while (purged > 0);
    assert.equal(await storage.read.objects.find(one.id, expired.id, true), undefined);
    assert.equal(await storage.read.objects.find(two.id, elsewhere.id, true), undefined);
    assert.ok(await storage.read.objects.find(one.id, recent.id, true));
    const [event] = await storage.read.audit.list(two.id, { verb: 'user.purge' }, 1);
    assert.deepEqual([event?.object.id, event?.actor.kind], [elsewhere.id, 'system']);
  });
});
