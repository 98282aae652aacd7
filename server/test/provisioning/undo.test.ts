import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteObject, groupKind, removeMember, updateUser, userKind } from '../../src/directory/index.ts';
import { newId } from '../../src/new-id.ts';
import {
  beginUndo,
  defaultDefinition,
  type LogEntry,
  pauseJob,
  planUndo,
  restartJob,
  startJob,
  undoCycle,
} from '../../src/provisioning/index.ts';
import type { Target } from '../../src/provisioning/target.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { openTeam } from './open-team.ts';
import type { TestJob } from './test-job.ts';

onEachDatabase(undoing);

function undoing({ storage }: OpenedDatabase): void {
  const contextOf = async (opened: TestJob, target: Target = opened.target) => ({
    storage,
    job: await opened.reload(),
    target,
    signal: new AbortController().signal,
    now: () => opened.clock.now,
    newId,
  });
  /** The cycle that was finished last, of a job that is paused now. */
  async function pausedAfter(opened: TestJob): Promise<string> {
    const job = await opened.reload();
    await opened.write((stores, act) => pauseJob(stores, act, job));
    opened.clock.now = new Date(opened.clock.now.getTime() + 1000);
    return job.progress.lastCycle?.id ?? '';
  }
  const told = (entries: LogEntry[]) =>
    entries.map(({ action, status, source, problem }) => [source.name.split('@')[0], action, status, problem?.code]);
  const plan = async (opened: TestJob, cycleId: string) =>
    told(await Array.fromAsync(planUndo(await contextOf(opened), cycleId)));
  const undo = async (opened: TestJob, cycleId: string) =>
    told(await Array.fromAsync(undoCycle(await contextOf(opened), cycleId)));
  const snapshot = ({ fake }: TestJob) => JSON.stringify(inOrder([fake.users(), fake.groups()]));

  test('changes of values, people and members are taken back, once', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const before = snapshot(team);
    await team.write(async (stores, act) => {
      await updateUser(stores, act, team.marge.id, { jobTitle: 'Chief', department: null, givenName: 'Marjorie' });
      await removeMember(stores, act, team.operators.id, team.barney.id);
    });
    await team.look();
    const after = snapshot(team);
    const cycleId = await pausedAfter(team);
    const expected = [
      ['Network Operators', 'update', 'success', undefined],
      ['barney', 'update', 'success', undefined],
      ['marge', 'update', 'success', undefined],
    ];
    assert.deepEqual((await plan(team, cycleId)).sort(), expected);
    assert.equal(snapshot(team), after, 'a plan writes nothing');
    assert.deepEqual((await undo(team, cycleId)).sort(), expected);
    assert.equal(snapshot(team), before);
    assert.deepEqual(
      (await undo(team, cycleId)).map(([, action, status]) => [action, status]),
      Array(3).fill(['other', 'skipped']),
    );
    const entries = await storage.read.provisioningLog.list(team.id, { sourceId: team.marge.id }, 1);
    assert.deepEqual(
      entries[0]?.changes.find(({ name }) => name === 'title'),
      { name: 'title', before: 'Chief' },
    );

    const job = await team.reload();
    await team.write(async (stores, act) => restartJob(stores, act, await startJob(stores, act, job)));
    await team.look();
    assert.equal(snapshot(team), after, 'a restart does everything again');
  });

  test('what a cycle made is removed, and what it deleted is made again', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const made = await pausedAfter(team);
    assert.equal((await undo(team, made)).filter(([, action]) => action === 'delete').length, 3);
    assert.equal(snapshot(team), '[[],[]]');
    const job = await team.reload();
    await team.write((stores, act) => startJob(stores, act, job));
    await team.look();
    assert.equal(snapshot(team), '[[],[]]', 'it stays so');
    await team.write(async (stores, act) => restartJob(stores, act, await team.reload()));
    await team.look();
    assert.equal(team.fake.groups()[0]?.['displayName'], 'Network Operators');

    await team.write((stores, act) => deleteObject(stores, act, groupKind, team.operators.id));
    await team.look();
    assert.deepEqual(team.fake.groups(), []);
    const removed = await pausedAfter(team);
    const entries = await undo(team, removed);
    assert.ok(entries.some(([name, action]) => name === 'Network Operators' && action === 'create'));
    const [group] = team.fake.groups();
    assert.deepEqual([group?.['displayName'], group?.['externalId']], ['Network Operators', team.operators.id]);
    assert.ok(team.fake.users().every(({ active }) => active === true));
    assert.ok((await undo(team, removed)).every(([, , status]) => status === 'skipped'));
  });

  test('RFC 7644 3.10: what goes with a user is told by full names, and comes again', async (t) => {
    const mappings = defaultDefinition.mappings.map((mapping) => ({ ...mapping, whenDeleted: 'delete' as const }));
    const team = await openTeam(storage, { mappings });
    t.after(() => team.fake.close());
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const lossOf = (entries: LogEntry[]) => {
      const entry = entries.find(({ source }) => source.id === team.marge.id);
      return { action: entry?.action, extension: entry?.changes.filter(({ name }) => name.startsWith(urn)) };
    };
    const expected = { action: 'delete', extension: [{ name: `${urn}:department`, before: 'Security' }] };
    const made = await pausedAfter(team);
    assert.deepEqual(lossOf(await Array.fromAsync(planUndo(await contextOf(team), made))), expected);

    const job = await team.reload();
    await team.write((stores, act) => startJob(stores, act, job));
    await team.write((stores, act) => deleteObject(stores, act, userKind, team.marge.id));
    await team.look();
    const deleted = await storage.read.provisioningLog.list(team.id, { sourceId: team.marge.id }, 1);
    assert.deepEqual(lossOf(deleted), expected);
    await undo(team, await pausedAfter(team));
    const again = team.fake.users().find(({ userName }) => String(userName).startsWith('marge@'));
    assert.deepEqual(again?.[urn], { department: 'Security' });
  });

  test('what was changed after the cycle is left, and the log says so', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const made = (await team.reload()).progress.lastCycle?.id ?? '';
    await team.write((stores, act) =>
      updateUser(stores, act, team.marge.id, { jobTitle: 'Chief', department: 'Mail' }),
    );
    await team.look();
    const cycleId = await pausedAfter(team);
    const [marge, barney] = ['marge@', 'barney@'].map((name) =>
      team.fake.users().find(({ userName }) => String(userName).startsWith(name)),
    );
    team.fake.meddle(String(marge?.['id']), (user) => ({ ...user, title: 'Boss' }));
    assert.deepEqual(await undo(team, cycleId), [['marge', 'update', 'warning', 'changed_since']]);
    team.fake.meddle(String(marge?.['id']), (user) => ({ ...user, displayName: 'Boss' }));
    team.fake.meddle(String(barney?.['id']), undefined);
    const rest = (await undo(team, made)).filter(([name]) => name !== 'Network Operators').sort();
    assert.deepEqual(rest, [
      ['barney', 'other', 'skipped', undefined],
      ['marge', 'other', 'failure', 'changed_since'],
    ]);
  });

  test('a cycle can only be taken back while the job is paused, and when the log has it', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const begin = async (cycleId: string) => {
      const job = await team.reload();
      await team.write((stores, act) => beginUndo(stores, act, job, cycleId));
    };
    const cycleId = (await team.reload()).progress.lastCycle?.id ?? '';
    await assert.rejects(begin(cycleId), { code: 'provisioning.job_runs' });
    await pausedAfter(team);
    await assert.rejects(begin('of another job'), { code: 'provisioning.cycle_not_found' });
    await begin(cycleId);
    const events = await storage.read.audit.list(team.id, {}, 100);
    assert.ok(events.some(({ verb }) => verb === 'provisioningJob.undo'));
  });

  test('bad-inputs 30: killed at any step, an undo that is asked for again takes back the rest', async (t) => {
    for (let at = 1, isThrough = false; !isThrough; at++) {
      const team = await openTeam(storage);
      t.after(() => team.fake.close());
      const cycleId = await pausedAfter(team);
      let steps = 0;
      const dies = async <Result>(work: () => Promise<Result>): Promise<Result> => {
        if (++steps >= at) throw new Error('killed');
        return work();
      };
      const target: Target = {
        ...team.target,
        read: (...parts) => dies(() => team.target.read(...parts)),
        remove: (...parts) => dies(() => team.target.remove(...parts)),
      };
      const context = await contextOf(team, target);
      const write: typeof storage.write = (work) => dies(() => storage.write(work));
      await Array.fromAsync(undoCycle({ ...context, storage: { read: storage.read, write } }, cycleId)).then(
        () => {
          isThrough = true;
        },
        (error) => assert.match(String(error), /killed/),
      );
      await undo(team, cycleId);
      assert.equal(snapshot(team), '[[],[]]', `killed at ${at}`);
      assert.ok(at < 100);
    }
  });
}

/** The same for values whose properties and items stand in another order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, inOrder(part)]),
  );
}
