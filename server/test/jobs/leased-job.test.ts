import assert from 'node:assert/strict';
import { test } from 'node:test';
import { announceProcess, type LeaseStore, type ServerProcess, startLeasedJob } from '../../src/jobs/index.ts';

/** A clock that stands still until the test moves it, with the waits and leases that go by it. */
function testClock() {
  let time = 0;
  let waiting: { until: number; resolve: () => void }[] = [];
  const held = new Map<string, { owner: string; until: number }>();
  const leases: LeaseStore = {
    async take(name, owner, seconds) {
      const lease = held.get(name);
      if (lease && lease.owner !== owner && lease.until > time) return false;
      held.set(name, { owner, until: time + seconds * 1000 });
      return true;
    },
    async release(name, owner) {
      if (held.get(name)?.owner === owner) held.delete(name);
    },
  };
  return {
    leases,
    holder: (name: string) => held.get(name)?.owner,
    steal: (name: string) => held.set(name, { owner: 'thief', until: Number.POSITIVE_INFINITY }),
    wait: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        waiting.push({ until: time + milliseconds, resolve });
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
    /** Moves the clock second by second, and lets everything run that is due. */
    async pass(seconds: number) {
      for (const end = time + seconds * 1000; time < end; ) {
        time += 1000;
        for (const wait of waiting.filter(({ until }) => until <= time)) wait.resolve();
        waiting = waiting.filter(({ until }) => until > time);
        await settle();
      }
    },
  };
}

/** Lets every promise go on that can. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

const never = (job: string, error: unknown) => assert.fail(`${job}: ${error}`);

test('a job is run by one process at a time, at its pace, and by another when that one stops', async () => {
  const clock = testClock();
  const runs: string[] = [];
  const start = (owner: string) =>
    startLeasedJob(
      {
        name: 'clean',
        everySeconds: 100,
        run: async () => {
          runs.push(owner);
        },
      },
      clock.leases,
      owner,
      never,
      clock.wait,
    );
  const first = start('a');
  await settle();
  const second = start('b');
  await clock.pass(350);
  assert.deepEqual(runs, ['a', 'a', 'a', 'a']);
  await first.stop();
  assert.equal(clock.holder('clean'), undefined);
  await clock.pass(200);
  assert.deepEqual(runs.slice(4), ['b', 'b']);
  await second.stop();
});

test('a job that takes long keeps its lease, and is told to stop when the lease is lost', async () => {
  const clock = testClock();
  let stopped: AbortSignal | undefined;
  const job = {
    name: 'long',
    everySeconds: 10,
    run: async (signal: AbortSignal) => {
      stopped = signal;
      await clock.wait(1_000_000, signal);
    },
  };
  const started = startLeasedJob(job, clock.leases, 'a', never, clock.wait);
  await clock.pass(300);
  assert.equal(await clock.leases.take('long', 'b', 60), false);
  assert.equal(stopped?.aborted, false);
  clock.steal('long');
  await clock.pass(21);
  assert.equal(stopped?.aborted, true);
  assert.equal(clock.holder('long'), 'thief');
  await started.stop();
  assert.equal(clock.holder('long'), 'thief');
});

test('the work of a process that is killed is taken over within a quarter of a minute', async () => {
  const clock = testClock();
  const runs: string[] = [];
  const start = (owner: string, wait: typeof clock.wait) => {
    const run = async (signal: AbortSignal) => {
      runs.push(owner);
      await wait(1_000_000, signal);
    };
    return startLeasedJob({ name: 'long', everySeconds: 2, run }, clock.leases, owner, never, wait);
  };
  // No time ever passes for a process that is dead.
  start('killed', () => new Promise(() => {}));
  await settle();
  const second = start('b', clock.wait);
  await clock.pass(15);
  assert.deepEqual(runs, ['killed', 'b']);
  await second.stop();
});

test('a job that fails is reported and run again', async () => {
  const clock = testClock();
  const errors: string[] = [];
  let runs = 0;
  const job = {
    name: 'failing',
    everySeconds: 10,
    run: async () => {
      runs++;
      throw new Error('not today');
    },
  };
  const started = startLeasedJob(job, clock.leases, 'a', (name, error) => errors.push(`${name}: ${error}`), clock.wait);
  await settle();
  await clock.pass(10);
  await started.stop();
  assert.equal(runs, 2);
  assert.deepEqual(errors, ['failing: Error: not today', 'failing: Error: not today']);
});

test('stopping waits for the work to end', async () => {
  const clock = testClock();
  const events: string[] = [];
  const job = {
    name: 'stopping',
    everySeconds: 10,
    run: async (signal: AbortSignal) => {
      await clock.wait(1_000_000, signal);
      await settle();
      events.push('work ended');
    },
  };
  const started = startLeasedJob(job, clock.leases, 'a', never, clock.wait);
  await settle();
  await started.stop();
  events.push('stopped');
  assert.deepEqual(events, ['work ended', 'stopped']);
  assert.equal(clock.holder('stopping'), undefined);
});

test('a process renews its entry three times as often as it must, also after a failure', async () => {
  const clock = testClock();
  const announced: number[] = [];
  const errors: unknown[] = [];
  const process: ServerProcess = { id: 'p', host: 'hub-1', pid: 7, version: '0.1.0', startedAt: new Date(0) };
  const register = {
    announce: async (_: ServerProcess, seconds: number) => {
      announced.push(seconds);
      if (announced.length === 2) throw new Error('away');
    },
    withdraw: async (id: string) => {
      assert.equal(id, 'p');
      announced.push(0);
    },
    listAlive: async () => [],
  };
  const { withdraw } = await announceProcess(register, process, (error) => errors.push(error), clock.wait);
  await clock.pass(30);
  await withdraw();
  await clock.pass(30);
  assert.deepEqual(announced, [30, 30, 30, 30, 0]);
  assert.equal(errors.length, 1);
});

test('a job that can wait is not begun before its time', async () => {
  const clock = testClock();
  let runs = 0;
  const run = async () => {
    runs += 1;
  };
  const wanted = { name: 'clean', everySeconds: 100, firstAfterSeconds: 10, run };
  const job = startLeasedJob(wanted, clock.leases, 'one', never, clock.wait);
  await clock.pass(9);
  assert.deepEqual([runs, clock.holder('clean')], [0, undefined]);
  await clock.pass(1);
  assert.equal(runs, 1);
  await job.stop();
});

test('a process that stops before a job has begun never runs it', async () => {
  const clock = testClock();
  const run = async () => assert.fail('it ran');
  const wanted = { name: 'clean', everySeconds: 100, firstAfterSeconds: 10, run };
  const job = startLeasedJob(wanted, clock.leases, 'one', never, clock.wait);
  await job.stop();
  await clock.pass(20);
  assert.equal(clock.holder('clean'), undefined);
});
