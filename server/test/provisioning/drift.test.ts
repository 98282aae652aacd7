import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { openTeam } from './open-team.ts';
import { memberIds, userOf } from './target-content.ts';

onEachDatabase(drift);

const minute = 60_000;

function drift({ storage }: OpenedDatabase): void {
  test('drift is reported, or put right, as the job says', async (t) => {
    for (const repairs of [false, true]) {
      const team = await openTeam(storage, { reconciliation: { everyHours: 1, repairs } });
      t.after(() => team.fake.close());
      team.fake.meddle(String(userOf(team, 'marge')['id']), (user) => ({ ...user, displayName: 'Meddled' }));
      team.clock.now = new Date(team.clock.now.getTime() + 61 * minute);
      await team.look();
      assert.equal(userOf(team, 'marge')['displayName'], repairs ? 'marge' : 'Meddled');
      const [entry] = await storage.read.provisioningLog.list(team.id, { sourceId: team.marge.id }, 1);
      assert.equal(entry?.status, repairs ? 'success' : 'warning');
      assert.deepEqual(entry?.changes, [{ name: 'displayName', before: 'Meddled', after: 'marge' }]);
    }
  });

  test('drift of members is reported, or put right, as the job says', async (t) => {
    for (const repairs of [false, true]) {
      const team = await openTeam(storage, { reconciliation: { everyHours: 1, repairs } });
      t.after(() => team.fake.close());
      const solo = await team.user('solo');
      await team.assign(solo.id);
      await team.look();
      const [marge, barney, outsider] = ['marge', 'barney', 'solo'].map((name) => userOf(team, name)['id']);
      const strange = [outsider, 'stranger', barney].map((value) => ({ value: String(value) }));
      team.fake.meddle(String(team.fake.groups()[0]?.['id']), (group) => ({ ...group, members: strange }));
      team.clock.now = new Date(team.clock.now.getTime() + 61 * minute);
      await team.look();
      const kept = repairs ? [barney, marge] : [outsider, 'stranger', barney];
      assert.deepEqual(memberIds(team).sort(), kept.sort());
      const query = { sourceId: team.operators.id };
      const entries = await storage.read.provisioningLog.list(team.id, query, repairs ? 2 : 1);
      const told = entries.flatMap(({ changes }) => changes).filter(({ name }) => name === 'members');
      const reported = [{ name: 'members', before: [outsider, 'stranger'], after: [marge] }];
      const repaired = [
        { name: 'members', after: [marge] },
        { name: 'members', before: [outsider] },
        { name: 'members', before: ['stranger'] },
      ];
      assert.deepEqual(told, repairs ? repaired : reported);
    }
  });
}
