import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateUser } from '../../src/directory/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { join, openTeam } from './open-team.ts';
import { memberIds, userOf } from './target-content.ts';
import { openJob, openTestJob } from './test-job.ts';

onEachDatabase(sharing);

function sharing({ storage }: OpenedDatabase): void {
  test('bad-inputs 30: two jobs that send the same people to one target at once make each once, and come to rest', async (t) => {
    const first = await openTestJob(storage, { scope: 'all' });
    t.after(() => first.fake.close());
    const second = await openJob(storage, first, { scope: 'all' });
    const people = ['marge', 'barney', 'carl'];
    const operators = await first.group('Network Operators');
    for (const name of people) await join(first, operators.id, (await first.user(name)).id);
    await Promise.all([first.look(), second.look()]);
    // Whoever was told of a conflict looks again when it is time.
    first.clock.now = new Date(first.clock.now.getTime() + 60_000);
    for (const job of [first, second, first, second]) await job.look();
    assert.equal(first.fake.users().length, people.length);
    assert.equal(first.fake.groups().length, 1);
    assert.equal(memberIds(first).length, people.length);
    first.fake.calls.length = 0;
    for (const job of [first, second]) await job.look();
    assert.deepEqual(first.fake.calls, []);
  });

  test('bad-inputs 30: a change arrives once by each of two jobs on one target, which then come to rest', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const second = await openJob(storage, team);
    await second.assign(team.operators.id);
    await second.look();
    await team.write((stores, act) => updateUser(stores, act, team.marge.id, { jobTitle: 'Chief' }));
    team.fake.calls.length = 0;
    for (const job of [team, second, team, second]) await job.look();
    assert.equal(userOf(team, 'marge')['title'], 'Chief');
    assert.equal(team.fake.calls.filter(({ method }) => method === 'PATCH').length, 1);
    assert.equal(team.fake.users().length, 2);
  });
}
