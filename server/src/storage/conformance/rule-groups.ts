import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noGroups, type RuleGroup } from '../../rule-groups/index.ts';
import type { OpenedDatabase } from './database.ts';
import { readChanges } from './read-changes.ts';
import { party } from './relying-parties.ts';
import { provider } from './upstream-providers.ts';

const at = new Date(1000);

function group(id: string, rules = 'c:[] => issue(claim = c);'): RuleGroup {
  return { id, description: null, purpose: 'issuance', rules };
}

/** What any store of shared claims rules must do. */
export function ruleGroupConformance({ engine, storage }: OpenedDatabase): void {
  const save = (tenantId: string, wanted: RuleGroup) =>
    storage.write(({ ruleGroups }) => ruleGroups.save(tenantId, wanted, at));
  const usesOf = async (tenantId: string, id: string, limit = 10) =>
    (await storage.read.ruleGroups.listUses(tenantId, id, limit)).map(({ kind, name }) => [kind, name]);

  test('a group is found by its id in any case, in its tenant only, and replaced by a group of the same id', async () => {
    await save('tenant-1', group('Staff'));
    const { ruleGroups } = storage.read;
    assert.deepEqual(await ruleGroups.find('tenant-1', 'STAFF'), group('Staff'));
    assert.equal(await ruleGroups.find('tenant-2', 'Staff'), undefined);
    await save('tenant-1', group('Staff', ''));
    await save('tenant-1', group('guests'));
    assert.deepEqual(await ruleGroups.list('tenant-1'), [group('guests'), group('Staff', '')]);
    assert.deepEqual(await ruleGroups.findMany('tenant-1', ['staff', 'nobody']), [group('Staff', '')]);
    assert.deepEqual(await ruleGroups.findMany('tenant-2', ['staff']), []);
  });

  test('who includes a group is known as long as it does', async () => {
    const application = {
      ...party('principal-1', 'urn:app'),
      issuanceRuleGroups: { before: ['Staff'], after: ['staff', 'Other'] },
      authorizationRuleGroups: { before: [], after: ['Staff'] },
    };
    const company = { ...provider('Company'), acceptanceRuleGroups: { before: [], after: ['STAFF'] } };
    await storage.write(async ({ relyingParties, upstreamProviders }) => {
      await relyingParties.save('tenant-3', application, at);
      await upstreamProviders.save('tenant-3', company, at);
    });
    const both = [
      ['identityProvider', 'Company'],
      ['relyingParty', 'urn:app'],
    ];
    assert.deepEqual(await usesOf('tenant-3', 'sTAFF'), both);
    assert.deepEqual(await usesOf('tenant-3', 'staff', 1), both.slice(0, 1));
    assert.deepEqual(await usesOf('tenant-3', 'other'), both.slice(1));
    assert.deepEqual(await usesOf('tenant-4', 'staff'), []);

    await storage.write(({ relyingParties }) =>
      relyingParties.save('tenant-3', { ...application, ...party('principal-1', 'urn:app') }, at),
    );
    assert.deepEqual(await usesOf('tenant-3', 'staff'), both.slice(0, 1));
    await storage.write(({ upstreamProviders }) => upstreamProviders.remove('tenant-3', 'COMPANY', at));
    assert.deepEqual(await usesOf('tenant-3', 'staff'), []);
  });

  test('a trust that was kept before there were groups includes none', async () => {
    const { issuanceRuleGroups: _, authorizationRuleGroups: __, ...oldParty } = party('principal-1', 'urn:app');
    const { acceptanceRuleGroups: ___, ...oldProvider } = provider('Company');
    await storage.write(async ({ relyingParties, upstreamProviders }) => {
      await relyingParties.save('tenant-6', party('principal-1', 'urn:app'), at);
      await upstreamProviders.save('tenant-6', provider('Company'), at);
    });
    await engine.write(async (query) => {
      for (const [table, old] of [
        ['relying_party', oldParty],
        ['upstream_provider', oldProvider],
      ] as const) {
        const document = JSON.stringify(old);
        await query.updateTable(table).set({ document }).where('tenant_id', '=', 'tenant-6').execute();
      }
    });
    const { relyingParties, upstreamProviders } = storage.read;
    const parties = [
      await relyingParties.find('tenant-6', 'principal-1'),
      await relyingParties.findByIdentifier('tenant-6', 'saml', 'urn:app'),
      ...(await relyingParties.list('tenant-6', 10)),
    ];
    for (const found of parties) {
      assert.deepEqual([found?.issuanceRuleGroups, found?.authorizationRuleGroups], [noGroups, noGroups]);
    }
    const providers = [
      await upstreamProviders.find('tenant-6', 'company'),
      ...(await upstreamProviders.list('tenant-6')),
    ];
    for (const found of providers) assert.deepEqual(found?.acceptanceRuleGroups, noGroups);
  });

  test('writing is told to the change feed, removing once', async () => {
    const place = await storage.read.changes.end();
    await save('tenant-5', group('Staff'));
    await save('tenant-5', group('Staff', ''));
    const remove = () => storage.write(({ ruleGroups }) => ruleGroups.remove('tenant-5', 'staff', at));
    assert.deepEqual([await remove(), await remove()], [true, false]);
    const changes = await readChanges(storage, place, 3, 'tenant-5');
    assert.deepEqual(
      changes.map(({ kind, verb }) => [kind, verb]),
      [
        ['ruleGroup', 'created'],
        ['ruleGroup', 'updated'],
        ['ruleGroup', 'deleted'],
      ],
    );
  });
}
