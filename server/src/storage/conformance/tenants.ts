import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tenant } from '../../directory/index.ts';
import type { OpenedDatabase } from './database.ts';
import { objectOf } from './objects.ts';
import { readChanges } from './read-changes.ts';

const at = new Date(1000);

function tenant(name: string, parts: Partial<Tenant> = {}): Tenant {
  return {
    id: crypto.randomUUID(),
    name,
    displayName: `The company ${name}`,
    createdAt: at,
    domains: [{ name: `${name}.onmicrosoft.com`, isInitial: true, isDefault: true, verifiedAt: at }],
    hosts: [`login.${name}.com`],
    settings: { auditRetentionDays: 30 },
    ...parts,
  };
}

/** What any store of tenants must do. */
export function tenantConformance({ storage }: OpenedDatabase): void {
  const insert = async (wanted: Tenant) => {
    await storage.write(({ tenants }) => tenants.insert(wanted));
    return wanted;
  };

  test('a tenant comes back as it was kept, by id, name, verified domain and host, without regard to case', async () => {
    const kept = await insert(tenant('contoso'));
    const { tenants } = storage.read;
    assert.deepEqual(await tenants.find(kept.id), kept);
    for (const segment of [kept.id, kept.id.toUpperCase(), 'Contoso', 'CONTOSO.onmicrosoft.com']) {
      assert.deepEqual(await tenants.resolve(segment), kept, segment);
    }
    assert.deepEqual(await tenants.resolveHost('LOGIN.contoso.com'), kept);
    for (const nobody of ['', 'cont', 'contoso.com', 'login.contoso.com', crypto.randomUUID(), "'; --", '%']) {
      assert.equal(await tenants.resolve(nobody), undefined, nobody);
    }
    assert.equal(await tenants.resolveHost('contoso.onmicrosoft.com'), undefined);
  });

  test('the homes of an application are the tenants in which it is registered, without regard to case', async () => {
    const [one, other] = [await insert(tenant('homeone')), await insert(tenant('hometwo'))];
    const appId = crypto.randomUUID();
    const attributes = { appId, displayName: 'Web', signInAudience: 'AzureADMyOrg' };
    for (const { id: tenantId } of [one, other]) {
      const application = { ...objectOf('application', attributes), id: crypto.randomUUID() };
      await storage.write(({ objects }) => objects.insert(tenantId, [application]));
    }
    const homes = [one.id, other.id].sort();
    assert.deepEqual(await storage.read.tenants.listHomes(appId.toUpperCase(), 10), homes);
    assert.deepEqual(await storage.read.tenants.listHomes(appId, 1), homes.slice(0, 1));
    assert.deepEqual(await storage.read.tenants.listHomes(crypto.randomUUID(), 10), []);
  });

  test('an unverified domain leads nowhere, and may be claimed by several tenants until one verifies it', async () => {
    const first = await insert(tenant('fabrikam'));
    const second = await insert(tenant('northwind'));
    const domain = { name: 'shared.example', isInitial: false, isDefault: false, verifiedAt: null };
    await storage.write(async ({ tenants }) => {
      await tenants.saveDomain(first.id, domain, at);
      await tenants.saveDomain(second.id, domain, at);
    });
    assert.equal(await storage.read.tenants.resolve('shared.example'), undefined);
    const verify = ({ id }: Tenant) =>
      storage.write(({ tenants }) => tenants.saveDomain(id, { ...domain, verifiedAt: at }, at));
    const outcomes = await Promise.allSettled([verify(first), verify(second)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    assert.equal(refused.reason.code, 'directory.domain_taken');
    const winner = outcomes[0]?.status === 'fulfilled' ? first : second;
    assert.equal((await storage.read.tenants.resolve('shared.example'))?.id, winner.id);
    assert.deepEqual(await storage.read.tenants.findDomain(winner.id, 'Shared.Example'), { ...domain, verifiedAt: at });
    await storage.write(({ tenants }) => tenants.removeDomain(winner.id, 'shared.example', at));
    assert.equal(await storage.read.tenants.findDomain(winner.id, 'shared.example'), undefined);
  });

  test('names and hosts are unique among all tenants, also when two are made at once', async () => {
    const twins = [tenant('twin'), tenant('twin', { domains: [], hosts: [] })];
    const outcomes = await Promise.allSettled(twins.map(insert));
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);

    const other = await insert(tenant('other'));
    const taking = (work: Promise<unknown>, code: string) => assert.rejects(work, { code });
    await taking(insert(tenant('OTHER', { domains: [], hosts: [] })), 'directory.tenant_name_taken');
    await taking(insert(tenant('third', { hosts: ['Login.Other.com'] })), 'directory.host_taken');
    assert.equal(await storage.read.tenants.resolve('third'), undefined, 'nothing of a refused tenant is kept');
    const renamed = storage.write(({ tenants }) => tenants.update({ ...other, name: 'twin' }, at));
    await taking(renamed, 'directory.tenant_name_taken');
  });

  test('a tenant can be changed, and its hosts added and removed', async () => {
    const kept = await insert(tenant('before'));
    await storage.write(async ({ tenants }) => {
      await tenants.update({ ...kept, name: 'after', displayName: 'After', settings: {} }, at);
      await tenants.addHost(kept.id, 'sso.before.com', at);
      await tenants.addHost(kept.id, 'sso.before.com', at);
      await tenants.removeHost(kept.id, 'login.before.com', at);
    });
    const changed = await storage.read.tenants.resolve('after');
    assert.deepEqual(changed, {
      ...kept,
      name: 'after',
      displayName: 'After',
      settings: {},
      hosts: ['sso.before.com'],
    });
    assert.equal(await storage.read.tenants.resolve('before'), undefined);
    assert.ok((await storage.read.tenants.listHosts()).includes('sso.before.com'));
  });

  test('a deleted tenant is gone with what it had, and others keep theirs', async () => {
    const [gone, stays] = [await insert(tenant('gone')), await insert(tenant('stays'))];
    const user = {
      id: 'user-1',
      kind: 'user' as const,
      attributes: { userPrincipalName: 'marge@x.example', displayName: 'Marge' },
      createdAt: at,
      modifiedAt: at,
      deletedAt: null,
      version: 1,
    };
    await storage.write(async ({ objects }) => {
      await objects.insert(gone.id, [user]);
      await objects.insert(stays.id, [user]);
    });
    await storage.write(({ tenants }) => tenants.delete(gone.id, at));
    const { tenants, objects } = storage.read;
    assert.equal(await tenants.find(gone.id), undefined);
    assert.equal(await tenants.resolveHost('login.gone.com'), undefined);
    assert.equal(await objects.find(gone.id, user.id, true), undefined);
    assert.equal(await objects.findByName(gone.id, 'userPrincipalName', 'marge@x.example'), undefined);
    assert.equal(await objects.count(gone.id, 'user'), 0);
    assert.deepEqual(await objects.find(stays.id, user.id), user);
  });

  test('tenants are listed page by page, by id', async () => {
    const ids: string[] = [];
    let page = await storage.read.tenants.list(2);
    while (page.length > 0) {
      ids.push(...page.map(({ id }) => id));
      page = await storage.read.tenants.list(2, ids.at(-1));
    }
    assert.deepEqual(ids, [...new Set(ids)].sort());
    assert.ok(ids.length > 4);
  });

  test('each write about a tenant is told to the change feed', async () => {
    const place = await storage.read.changes.end();
    const kept = await insert(tenant('told'));
    await storage.write(({ tenants }) => tenants.addHost(kept.id, 'told.example.com', at));
    await storage.write(({ tenants }) => tenants.delete(kept.id, at));
    const changes = await readChanges(storage, place, 3, kept.id);
    assert.deepEqual(
      changes.map(({ kind, objectId, verb }) => [kind, objectId, verb]),
      ['created', 'updated', 'deleted'].map((verb) => ['tenant', kept.id, verb]),
    );
  });
}
