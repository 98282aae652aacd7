import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUsers } from '../../src/directory/index.ts';
import { newId } from '../../src/new-id.ts';
import { pacedTarget, pauseJob, planJob, undoCycle } from '../../src/provisioning/index.ts';
import type { Target } from '../../src/provisioning/target.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import type { Fault } from './fake-target.ts';
import { openTestJob, type TestJob } from './test-job.ts';

onEachDatabase(pacing);

const mostAtOnce = 4;
const busy: Fault = { when: 'before', status: 429, headers: { 'retry-after': '7' } };

/** The target with its rate, which waits on a clock of its own, and what was seen of it. */
function pacedAndWatched(target: Target) {
  const seen = { waits: [] as number[], atOnce: 0 };
  let running = 0;
  const watch =
    <Parts extends unknown[], Result>(call: (...parts: Parts) => Promise<Result>) =>
    async (...parts: Parts) => {
      seen.atOnce = Math.max(seen.atOnce, ++running);
      try {
        return await call(...parts);
      } finally {
        running--;
      }
    };
  const watched = {
    ...target,
    find: watch(target.find),
    read: watch(target.read),
    remove: watch(target.remove),
    changeMembers: watch(target.changeMembers),
  };
  let milliseconds = 0;
  const wait = async (pause: number) => {
    seen.waits.push(pause);
    milliseconds += pause;
  };
  return { target: pacedTarget(watched, { now: () => milliseconds, wait, mostAtOnce }), seen };
}

function pacing({ storage }: OpenedDatabase): void {
  const contextOf = async ({ clock, reload }: TestJob, target: Target) => ({
    storage,
    job: await reload(),
    target,
    signal: new AbortController().signal,
    now: () => clock.now,
    newId,
  });
  async function openPeople(count: number) {
    const opened = await openTestJob(storage, { scope: 'all' });
    const domain = opened.tenant.domains[0]?.name;
    const people = Array.from({ length: count }, (_, index) => ({
      attributes: { userPrincipalName: `person${index}@${domain}`, displayName: `Person ${index}` },
    }));
    await opened.write((stores, act) => createUsers(stores, act, people));
    return opened;
  }

  test('the plan of many people comes page by page, and asks the target for no more at once than it may', async (t) => {
    const count = 520;
    const opened = await openPeople(count);
    t.after(() => opened.fake.close());
    // Somebody whom nobody knows, so that the target must be asked for each.
    await fetch(`${opened.fake.baseUrl}/Users`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret' },
      body: JSON.stringify({ userName: 'stranger' }),
    });
    opened.fake.calls.length = 0;
    let calls = 0;
    opened.fake.fault = () => (calls++ % 100 === 50 ? busy : undefined);
    const { target, seen } = pacedAndWatched(opened.target);
    const plan = planJob(await contextOf(opened, target));
    const first = await plan.next();
    assert.equal(first.value?.action, 'create');
    assert.ok(opened.fake.calls.length < count / 2, 'the first entry does not wait for the last page');
    const names = new Set([first.value?.source.name]);
    for await (const { action, status, source } of plan) {
      assert.deepEqual([action, status], ['create', 'success']);
      names.add(source.name);
    }
    assert.equal(names.size, count);
    assert.ok(seen.atOnce <= mostAtOnce);
    assert.ok(seen.waits.length > 0 && seen.waits.every((pause) => pause <= 7000));
    assert.ok(opened.fake.calls.every(({ method }) => method === 'GET'));
  });

  test('the plan of a job that never ran asks a target that has nobody only that', async (t) => {
    const opened = await openPeople(30);
    t.after(() => opened.fake.close());
    const entries = await Array.fromAsync(planJob(await contextOf(opened, opened.target)));
    assert.equal(entries.filter(({ action }) => action === 'create').length, 30);
    assert.equal(opened.fake.calls.length, 1);
  });

  test('an undo goes no faster than the target can, and waits as long as it asks for', async (t) => {
    const count = 40;
    const opened = await openPeople(count);
    t.after(() => opened.fake.close());
    await opened.look();
    const job = await opened.reload();
    await opened.write((stores, act) => pauseJob(stores, act, job));
    opened.clock.now = new Date(opened.clock.now.getTime() + 1000);
    const cycleId = job.progress.lastCycle?.id ?? '';

    opened.fake.fault = () => busy;
    const never = pacedAndWatched(opened.target);
    const refused = await Array.fromAsync(undoCycle(await contextOf(opened, never.target), cycleId));
    assert.deepEqual(new Set(refused.map(({ problem }) => problem?.code)), new Set(['busy']));
    assert.equal(opened.fake.users().length, count);

    let calls = 0;
    opened.fake.fault = () => (calls++ % 10 === 3 ? busy : undefined);
    const { target, seen } = pacedAndWatched(opened.target);
    const undone = await Array.fromAsync(undoCycle(await contextOf(opened, target), cycleId));
    assert.deepEqual(new Set(undone.map(({ action, status }) => `${action} ${status}`)), new Set(['delete success']));
    assert.equal(undone.length, count);
    assert.deepEqual(opened.fake.users(), []);
    assert.ok(seen.atOnce <= mostAtOnce);
    assert.ok(seen.waits.length > 0 && seen.waits.every((pause) => pause <= 7000));
  });
}
