import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMember, deleteObject, updateUser, userKind } from '../../src/directory/index.ts';
import { newId } from '../../src/new-id.ts';
import { runJob } from '../../src/provisioning/run-job.ts';
import type { Target } from '../../src/provisioning/target.ts';
import type { Storage } from '../../src/storage/index.ts';
import { openStorage } from '../../src/storage/index.ts';
import { openTestSqlite, testSealing } from '../databases.ts';
import { openTestJob, type TestJob } from './test-job.ts';

/** The process ends here: nothing after this point happens, not even an answer that is on its way. */
class Killed extends Error {}

/** Ends everything at the n-th write to the database or request to the target, before or after it is done. */
function killer(at: number) {
  let steps = 0;
  let isDead = false;
  const dies = () => {
    if (isDead) throw new Killed();
    steps++;
    if (steps === at) isDead = true;
    if (isDead) throw new Killed();
  };
  const around = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    dies();
    const result = await work();
    dies();
    return result;
  };
  return { around, steps: () => steps };
}

async function lookUntilKilled(storage: Storage, opened: TestJob, kill: ReturnType<typeof killer>): Promise<void> {
  const { target } = opened;
  const mortal: Target = {
    ...target,
    find: (...parts) => kill.around(() => target.find(...parts)),
    read: (...parts) => kill.around(() => target.read(...parts)),
    create: (...parts) => kill.around(() => target.create(...parts)),
    update: (...parts) => kill.around(() => target.update(...parts)),
    remove: (...parts) => kill.around(() => target.remove(...parts)),
    changeMembers: (...parts) => kill.around(() => target.changeMembers(...parts)),
  };
  const signal = new AbortController().signal;
  const context = {
    storage: {
      read: storage.read,
      write: <Result>(work: Parameters<typeof storage.write<Result>>[0]) => kill.around(() => storage.write(work)),
    },
    job: await opened.reload(),
    target: mortal,
    signal,
    now: () => opened.clock.now,
    newId,
  };
  await runJob(context, { counted() {} });
}

test('bad-inputs 30: killed at any step of a cycle, the job goes on, loses nothing and doubles nothing', async (t) => {
  const { engine, drop } = await openTestSqlite();
  await engine.migrate();
  const storage = openStorage(engine, testSealing);
  t.after(async () => {
    await engine.close();
    await drop();
  });
  let isThrough = false;
  // One step further each time, until the cycle ends before it is killed.
  for (let at = 1; !isThrough; at += 2) {
    const opened = await openTestJob(storage, { mostAtOnce: 2 });
    t.after(() => opened.fake.close());
    const [marge, barney, group] = [
      await opened.user('marge'),
      await opened.user('barney'),
      await opened.group('Team'),
    ];
    await opened.write(async (stores, act) => {
      await addMember(stores, act, group.id, marge.id);
      await addMember(stores, act, group.id, barney.id);
    });
    await opened.assign(group.id);
    const first = killer(at);
    const second = killer(at);
    const isKilled = async (kill: ReturnType<typeof killer>) => {
      try {
        await lookUntilKilled(storage, opened, kill);
        return false;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        return true;
      }
    };
    const firstDied = await isKilled(first);
    await opened.look();
    assert.deepEqual(
      stateOf(opened),
      { users: ['barney true', 'marge true'], members: 2, groups: 1 },
      `killed at ${at}`,
    );

    await opened.write(async (stores, act) => {
      await updateUser(stores, act, marge.id, { jobTitle: 'Chief' });
      await deleteObject(stores, act, userKind, barney.id);
    });
    const secondDied = await isKilled(second);
    await opened.look();
    assert.deepEqual(
      stateOf(opened),
      { users: ['barney false', 'marge true'], members: 1, groups: 1 },
      `killed at ${at}`,
    );
    assert.equal((await opened.reload()).progress.cycle, null);
    isThrough = !firstDied && !secondDied;
    assert.ok(at < 500, 'the cycle ends');
  }
});

function stateOf({ fake }: TestJob) {
  const [group] = fake.groups();
  const members = group?.['members'];
  return {
    users: fake
      .users()
      .map(({ userName, active }) => `${String(userName).split('@')[0]} ${active}`)
      .sort(),
    members: Array.isArray(members) ? members.length : 0,
    groups: fake.groups().length,
  };
}
