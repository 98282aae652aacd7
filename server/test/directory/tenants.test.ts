import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addDomain,
  addHost,
  createTenant,
  deleteObject,
  deleteTenant,
  expectedTxtRecord,
  getTenant,
  makeDomainDefault,
  removeDomain,
  removeHost,
  updateTenant,
  updateUser,
  userKind,
  verifyDomain,
} from '../../src/directory/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openTenant } from './open-tenant.ts';

onEachDatabase(({ storage }) => {
  test('a tenant has a verified initial domain from its name, and its first audit event', async () => {
    const { act } = await openTenant(storage);
    const tenant = await storage.write((stores) =>
      createTenant(stores, act(), { name: 'contoso', displayName: 'Contoso', hosts: ['Login.Contoso.com'] }),
    );
    assert.deepEqual(tenant.domains, [
      { name: 'contoso.onmicrosoft.com', isInitial: true, isDefault: true, verifiedAt: act().now },
    ]);
    assert.deepEqual(await storage.read.tenants.resolve('CONTOSO.onmicrosoft.com'), tenant);
    assert.deepEqual(await storage.read.tenants.resolveHost('login.contoso.com'), tenant);
    const events = await storage.read.audit.list(tenant.id, {}, 5);
    assert.deepEqual(
      events.map(({ verb, object }) => [verb, object.name]),
      [['tenant.create', 'contoso']],
    );
  });

  test('names that are reserved, or look like something else in a path, are refused', async () => {
    const { act } = await openTenant(storage);
    const names = ['common', 'organizations', 'consumers', 'adfs', 'subscriptions', 'metadata', 'tenants', 'healthz'];
    const forms = ['v1.0', 'Contoso', 'con toso', '-contoso', 'contoso-', 'c', 'x'.repeat(64), '1st', 'münchen', ''];
    const ids = ['abcdefab-0000-0000-0000-000000000000'];
    for (const name of [...names, ...forms, ...ids]) {
      const created = storage.write((stores) =>
        createTenant(stores, act(), { name, displayName: 'x', initialDomain: 'x.example' }),
      );
      await assert.rejects(created, { code: 'directory.tenant_name_invalid' }, name);
    }
    assert.equal(await storage.read.tenants.resolve('x.example'), undefined);
  });

  test('domains and host names that are none are refused', async () => {
    const { write } = await openTenant(storage);
    for (const name of [
      '',
      'localhost',
      'a..b',
      '-a.example',
      'a.example-',
      '10.0.0.1',
      'a b.example',
      `${'x'.repeat(64)}.example`,
      'http://a.example',
    ]) {
      await assert.rejects(
        write((stores, act) => addDomain(stores, act, name)),
        { code: 'directory.domain_invalid' },
        name,
      );
      await assert.rejects(
        write((stores, act) => addHost(stores, act, name)),
        { code: 'directory.host_invalid' },
        name,
      );
    }
    const domain = await write((stores, act) => addDomain(stores, act, 'München.EXAMPLE'));
    assert.equal(domain.name, 'xn--mnchen-3ya.example');
  });

  test('a domain counts after its TXT record was seen, and a record for another tenant proves nothing', async () => {
    const { id, tenant, write, user } = await openTenant(storage);
    const domain = `shop-${tenant.name}.example`;
    await write((stores, act) => addDomain(stores, act, domain));
    await assert.rejects(user('x', { userPrincipalName: `x@${domain}` }), { code: 'directory.domain_not_verified' });
    const verify = (...txtRecords: string[]) =>
      write((stores, act) => verifyDomain(stores, act, domain, { by: 'dns', txtRecords }));
    await assert.rejects(verify('v=spf1 -all', expectedTxtRecord('another tenant', domain)), {
      code: 'directory.domain_not_proven',
    });
    assert.equal(await storage.read.tenants.resolve(domain), undefined);
    await verify('v=spf1 -all', expectedTxtRecord(id, domain));
    assert.equal((await storage.read.tenants.resolve(domain))?.id, id);
    await user('x', { userPrincipalName: `x@${domain}` });

    const other = await openTenant(storage);
    await other.write((stores, act) => addDomain(stores, act, domain));
    const stolen = other.write((stores, act) => verifyDomain(stores, act, domain, { by: 'operator' }));
    await assert.rejects(stolen, { code: 'directory.domain_taken', status: 409 });
  });

  test('a domain is not removed while it is the initial one, the default or in a name', async () => {
    const { tenant, write, user } = await openTenant(storage);
    const domain = `used-${tenant.name}.example`;
    await write(async (stores, act) => {
      await addDomain(stores, act, domain);
      await verifyDomain(stores, act, domain, { by: 'operator' });
    });
    const remove = (name: string) => write((stores, act) => removeDomain(stores, act, name));
    const inUse = { code: 'directory.domain_in_use', status: 409 };
    await assert.rejects(remove(`${tenant.name}.example`), inUse);
    await write((stores, act) => makeDomainDefault(stores, act, domain));
    await assert.rejects(remove(domain), inUse);
    await write((stores, act) => makeDomainDefault(stores, act, `${tenant.name}.example`));

    const marge = await user('marge', { userPrincipalName: `marge@${domain}` });
    await assert.rejects(remove(domain), inUse);
    const identities = [{ signInType: 'userName', issuer: domain, issuerAssignedId: 'marge' }];
    const userPrincipalName = `marge@${tenant.name}.example`;
    await write((stores, act) => updateUser(stores, act, marge.id, { userPrincipalName, identities }));
    await assert.rejects(remove(domain), inUse);
    await write((stores, act) => deleteObject(stores, act, userKind, marge.id));
    await remove(domain);
    await assert.rejects(remove(domain), { code: 'directory.domain_not_found' });
  });

  test('a tenant is renamed, and its settings are kept beside each other', async () => {
    const { id, tenant, write, lastEvent } = await openTenant(storage);
    await write((stores, act) => updateTenant(stores, act, { settings: { auditRetentionDays: 30 } }));
    const later = new Date('2026-03-02T00:00:00Z');
    await write((stores, act) => updateTenant(stores, act, { name: `${tenant.name}-renamed` }), later);
    const after = await getTenant(storage.read, id);
    assert.deepEqual([after.name, after.settings], [`${tenant.name}-renamed`, { auditRetentionDays: 30 }]);
    const changes = [{ property: 'name', before: tenant.name, after: `${tenant.name}-renamed` }];
    assert.deepEqual(await lastEvent(), { verb: 'tenant.update', name: `${tenant.name}-renamed`, changes });
    const reserved = write((stores, act) => updateTenant(stores, act, { name: 'common' }));
    await assert.rejects(reserved, { code: 'directory.tenant_name_invalid' });
  });

  test('hosts lead to one tenant', async () => {
    const [one, two] = [await openTenant(storage), await openTenant(storage)];
    const host = `login.${one.tenant.name}.example`;
    await one.write((stores, act) => addHost(stores, act, host));
    const stolen = two.write((stores, act) => addHost(stores, act, host.toUpperCase()));
    await assert.rejects(stolen, { code: 'directory.host_taken' });
    await two.write((stores, act) => removeHost(stores, act, host));
    assert.equal((await storage.read.tenants.resolveHost(host))?.id, one.id);
    await one.write((stores, act) => removeHost(stores, act, host));
    assert.equal(await storage.read.tenants.resolveHost(host), undefined);
  });

  test('a deleted tenant is gone, and its audit events stay', async () => {
    const { id, user, write } = await openTenant(storage);
    await user('marge');
    await write((stores, act) => deleteTenant(stores, act), new Date('2026-03-02T00:00:00Z'));
    await assert.rejects(getTenant(storage.read, id), { code: 'directory.tenant_not_found' });
    assert.equal(await storage.read.objects.count(id, 'user'), 0);
    const verbs = (await storage.read.audit.list(id, {}, 9)).map(({ verb }) => verb);
    assert.deepEqual(verbs.sort(), ['tenant.create', 'tenant.delete', 'user.create']);
  });
});
