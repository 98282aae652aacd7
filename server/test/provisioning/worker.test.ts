import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateUser } from '../../src/directory/index.ts';
import { newId } from '../../src/new-id.ts';
import { pauseJob, runProvisioning, updateJob } from '../../src/provisioning/index.ts';
import type { Target } from '../../src/provisioning/target.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { openTestJob, type TestJob } from './test-job.ts';

onEachDatabase(working);

/** Long enough for any machine; nothing waits so long that works. */
const patience = 60_000;

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const start = performance.now(); !(await isSo()); await new Promise((next) => setTimeout(next, 5))) {
    assert.ok(performance.now() - start < patience, `never came: ${what}`);
  }
}

function working({ storage }: OpenedDatabase): void {
  /** Runs the jobs of the database on the clock of one of them. */
  function start(opened: TestJob, targetOf: (baseUrl: string) => Target = () => opened.target) {
    const stopping = new AbortController();
    const errors: unknown[] = [];
    let looks = 0;
    const done = runProvisioning(
      {
        storage,
        openTarget: ({ target }) => targetOf(target.baseUrl),
        now: () => opened.clock.now,
        newId,
        wait: async () => {
          looks++;
          await new Promise((next) => setTimeout(next, 1));
        },
        observer: { counted() {} },
        onError: (error) => errors.push(error),
      },
      stopping.signal,
    );
    const stop = async () => {
      stopping.abort(new Error('stopped'));
      await done;
      const job = await opened.reload();
      await opened.write((stores, act) => pauseJob(stores, act, job));
    };
    /** So many more looks for changes. */
    const looked = (count: number) => {
      const wanted = looks + count;
      return until('looks', () => looks >= wanted);
    };
    return { stop, errors, looked };
  }
  const later = (opened: TestJob, milliseconds: number) => {
    opened.clock.now = new Date(opened.clock.now.getTime() + milliseconds);
  };
  const isSteady = async (opened: TestJob) => {
    const { phase, cycle } = (await opened.reload()).progress;
    return phase === 'incremental' && cycle === null;
  };

  test('a change is followed by itself', async (t) => {
    const opened = await openTestJob(storage, { scope: 'all' });
    t.after(() => opened.fake.close());
    const worker = start(opened);
    await opened.user('marge');
    await until('marge', () => opened.fake.users().length === 1);
    await worker.stop();
    assert.deepEqual(worker.errors, []);
  });

  test('a job on a timer is left alone between its cycles', async (t) => {
    const opened = await openTestJob(storage, { scope: 'all', intervalMinutes: 40 });
    t.after(() => opened.fake.close());
    const marge = await opened.user('marge');
    const worker = start(opened);
    await until('the initial cycle', () => isSteady(opened));
    await opened.write((stores, act) => updateUser(stores, act, marge.id, { jobTitle: 'Chief' }));
    later(opened, 39 * 60_000);
    await worker.looked(5);
    const title = () => opened.fake.users()[0]?.['title'];
    assert.equal(title(), undefined);
    later(opened, 60_000);
    await until('the next cycle', () => title() === 'Chief');
    await worker.stop();
    assert.deepEqual(worker.errors, []);
  });

  /** A target that never answers a creation, as long as nobody stops it. */
  function silent({ target }: TestJob) {
    const seen = { isAsked: false, isAborted: false };
    const create: Target['create'] = (_type, _values, signal) =>
      new Promise((resolve) => {
        seen.isAsked = true;
        signal.addEventListener('abort', () => {
          seen.isAborted = true;
          resolve({ kind: 'failed', detail: 'aborted' });
        });
      });
    return { target: { ...target, create }, seen };
  }

  test('a pause stops what is under way at once', async (t) => {
    const opened = await openTestJob(storage, { scope: 'all' });
    t.after(() => opened.fake.close());
    await opened.user('marge');
    const { target, seen } = silent(opened);
    const worker = start(opened, () => target);
    await until('a request', () => seen.isAsked);
    const job = await opened.reload();
    await opened.write((stores, act) => pauseJob(stores, act, job));
    await until('the stop', () => seen.isAborted);
    await worker.stop();
    assert.deepEqual(worker.errors, []);
    assert.deepEqual(await storage.read.provisioningLog.list(opened.id, {}, 9), [], 'a stop is no failure');
  });

  test('a job whose target is changed goes on with the new one', async (t) => {
    const opened = await openTestJob(storage, { scope: 'all' });
    t.after(() => opened.fake.close());
    await opened.user('marge');
    const { target, seen } = silent(opened);
    const worker = start(opened, (baseUrl) => (baseUrl === opened.fake.baseUrl ? target : opened.target));
    await until('a request', () => seen.isAsked);
    const job = await opened.reload();
    const change = { target: { ...job.definition.target, baseUrl: 'https://elsewhere.example/scim' } };
    await opened.write((stores, act) => updateJob(stores, act, job, change, opened.target));
    await until('marge', () => opened.fake.users().length === 1);
    assert.ok(seen.isAborted);
    await worker.stop();
    assert.deepEqual(worker.errors, []);
  });

  test('a job that cannot be run is told of, and stops no other', async (t) => {
    const [broken, opened] = [
      await openTestJob(storage, { scope: 'all' }),
      await openTestJob(storage, { scope: 'all' }),
    ];
    t.after(() => Promise.all([broken.fake.close(), opened.fake.close()]));
    for (const one of [broken, opened]) await one.user('marge');
    const worker = start(opened, (baseUrl) => {
      if (baseUrl === broken.fake.baseUrl) throw new Error('no such target');
      return opened.target;
    });
    await until('marge', () => opened.fake.users().length === 1);
    await until('the complaint', () => worker.errors.length > 0);
    await worker.stop();
    await broken.write(async (stores, act) => pauseJob(stores, act, await broken.reload()));
    assert.match(String(worker.errors[0]), /no such target/);
  });
}
