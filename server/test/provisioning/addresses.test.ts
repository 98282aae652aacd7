import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { LocalAuthority } from '../../src/http/tls/local-authority.ts';
import { newId } from '../../src/new-id.ts';
import { outboundFetch } from '../../src/outbound/index.ts';
import { explainObject, type JobContext } from '../../src/provisioning/index.ts';
import { runJob } from '../../src/provisioning/run-job.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { targetsThrough } from '../../src/targets/index.ts';
import { onEachDatabase } from '../databases.ts';
import { openTestJob, type TestJob } from './test-job.ts';

onEachDatabase(calling);

function calling({ storage }: OpenedDatabase): void {
  /** The job in a hub whose settings allow these private networks only. */
  async function contextOf(opened: TestJob, allowed: readonly string[], baseUrl?: string): Promise<JobContext> {
    const job = await opened.reload();
    const target = { ...job.definition.target, ...(baseUrl !== undefined && { baseUrl }) };
    const open = targetsThrough(outboundFetch(allowed), () => opened.clock.now);
    const signal = new AbortController().signal;
    return {
      storage,
      job,
      target: open({ ...job.definition, target }, 'secret'),
      signal,
      now: () => opened.clock.now,
      newId,
    };
  }

  test('bad-inputs 29: a target in a private network stops the job at once, and the log says who can allow it', async (t) => {
    const opened = await openTestJob(storage, { scope: 'all' });
    t.after(() => opened.fake.close());
    const marge = await opened.user('marge');
    await opened.user('barney');
    await runJob(await contextOf(opened, []), { counted() {} });
    assert.deepEqual(opened.fake.calls, []);

    const { quarantine } = (await opened.reload()).progress;
    assert.equal(quarantine?.reason, 'address_forbidden');
    assert.match(quarantine?.detail ?? '', /127\.0\.0\.1 is in a private network/);
    const entries = await storage.read.provisioningLog.list(opened.id, { problemCode: 'forbidden' }, 10);
    assert.match(entries[0]?.problem?.advice ?? '', /COUNTERSIGN_ALLOWED_PRIVATE_NETWORKS/);
    const explained = await explainObject(await contextOf(opened, []), marge.id);
    assert.equal(explained.problem?.code, 'forbidden');

    opened.clock.now = new Date(opened.clock.now.getTime() + 120_000);
    await opened.look();
    assert.equal((await opened.reload()).progress.quarantine, null, 'the operator has allowed the network');
    assert.equal(opened.fake.users().length, 2);
  });

  test('bad-inputs 29: a Location elsewhere gives an id, and is never called', async (t) => {
    const opened = await openTestJob(storage, { scope: 'all' });
    t.after(() => opened.fake.close());
    const { id } = await opened.user('marge');
    const headers = { location: 'http://169.254.169.254/latest/..%2Fmeta-data' };
    opened.fake.fault = ({ method }) =>
      method === 'POST' ? { when: 'before', status: 201, headers, body: {} } : undefined;
    await opened.look();
    const [row] = await storage.read.provisionedObjects.find(opened.id, opened.job.id, [id]);
    assert.equal(row?.targetId, '../meta-data');
    opened.fake.calls.length = 0;
    await explainObject(await contextOf(opened, ['127.0.0.1']), id);
    assert.ok(opened.fake.calls.some((call) => call.path === '/Users/..%2Fmeta-data'));
  });

  test('bad-inputs 29: a target whose certificate nobody vouches for gets no token, and the log says why', async (t) => {
    const opened = await openTestJob(storage, { scope: 'all' });
    t.after(() => opened.fake.close());
    const { id } = await opened.user('marge');
    const folder = mkdtempSync(path.join(tmpdir(), 'countersign-authority-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const authority = await LocalAuthority.open(path.join(folder, 'tls'), new Date());
    let asked = 0;
    const server = createServer(await authority.certificateFor('own', ['localhost'], new Date()), () => asked++);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { problem } = await explainObject(
      await contextOf(opened, ['127.0.0.0/8', '::1'], `https://localhost:${port}`),
      id,
    );
    assert.equal(problem?.code, 'failed');
    assert.match(problem?.detail ?? '', /certificate/);
    assert.equal(asked, 0);
  });
}
