import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Link, ObjectKind, Relation } from '../../directory/index.ts';
import {
  defaultDefinition,
  type Job,
  type LogEntry,
  type LogQuery,
  newProgress,
  type ProvisionedObject,
  type WorkedObject,
} from '../../provisioning/index.ts';
import type { OpenedDatabase } from './database.ts';

const now = new Date('2026-03-01T10:00:00.000Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

function jobOf(tenantId: string, id: string): Job {
  return {
    id,
    tenantId,
    servicePrincipalId: 'sp',
    createdAt: now,
    definition: {
      ...defaultDefinition,
      target: { kind: 'scim', baseUrl: 'https://target.example/scim', dialect: 'standard', timeoutSeconds: 30 },
    },
    control: { wanted: 'paused', restarts: 0, approvedCycle: null },
    progress: newProgress,
  };
}

function worked({ kind, reading, ...rest }: ProvisionedObject, change: Partial<WorkedObject>): WorkedObject {
  return { ...rest, dueAt: null, ...change };
}

/** What the stores of provisioning must do. */
export function provisioningConformance({ engine, storage }: OpenedDatabase): void {
  const provisioningJobs = () => storage.read.provisioningJobs;
  const provisionedObjects = () => storage.read.provisionedObjects;
  const provisionedMembers = () => storage.read.provisionedMembers;
  const provisioningLog = () => storage.read.provisioningLog;

  test('a job comes back as it was kept, its parts change alone, and its token is sealed', async () => {
    const job = jobOf('jobs-1', 'job-1');
    await storage.write(async (stores) => {
      await stores.provisioningJobs.insert(job);
      await stores.provisioningJobs.saveToken('jobs-1', 'job-1', 'the token');
      await stores.provisioningJobs.saveControl('jobs-1', 'job-1', { ...job.control, wanted: 'running' });
      await stores.provisioningJobs.saveProgress('jobs-1', 'job-1', { ...newProgress, phase: 'initial' });
      await stores.provisioningJobs.saveDefinition('jobs-1', 'job-1', { ...job.definition, scope: 'all' });
    });
    const kept = await provisioningJobs().find('jobs-1', 'job-1');
    assert.deepEqual(
      [kept?.control.wanted, kept?.progress.phase, kept?.definition.scope],
      ['running', 'initial', 'all'],
    );
    assert.equal(await provisioningJobs().find('jobs-2', 'job-1'), undefined);
    assert.deepEqual(
      (await provisioningJobs().list('jobs-1', 'sp')).map(({ id }) => id),
      ['job-1'],
    );
    assert.deepEqual(await provisioningJobs().list('jobs-1', 'another'), []);
    assert.ok((await provisioningJobs().listRunning()).some(({ id }) => id === 'job-1'));
    assert.equal(await provisioningJobs().findToken('jobs-1', 'job-1'), 'the token');
    assert.equal(await provisioningJobs().findToken('jobs-2', 'job-1'), undefined);
    const rows = await engine.reader.selectFrom('provisioning_job').selectAll().execute();
    assert.ok(!JSON.stringify(rows).includes('the token'));
    await storage.write((stores) => stores.provisioningJobs.remove('jobs-1', 'job-1'));
    assert.equal(await provisioningJobs().find('jobs-1', 'job-1'), undefined);
  });

  test('due objects come users first, and what becomes due during the work stays due', async () => {
    const mark = (at: Date, ...sourceIds: string[]) =>
      storage.write((stores) =>
        stores.provisionedObjects.markDue(
          'due',
          'job',
          sourceIds.map((sourceId) => ({ sourceId, kind: sourceId.startsWith('g') ? 'group' : 'user' })),
          at,
        ),
      );
    await mark(now, 'g1', 'u2');
    await mark(later(-5), 'u1');
    const dueAt = async (at: Date) =>
      (await provisionedObjects().listDue('due', 'job', at, 10)).map((one) => one.sourceId);
    assert.deepEqual(await dueAt(now), ['u1', 'u2', 'g1']);
    assert.deepEqual(await dueAt(later(-1)), ['u1']);
    assert.deepEqual(await provisionedObjects().listDue('due', 'other job', now, 10), []);
    assert.equal((await provisionedObjects().listDue('due', 'job', now, 1)).length, 1);

    const [u1, u2] = await provisionedObjects().listDue('due', 'job', now, 10);
    assert.ok(u1 && u2);
    await mark(later(1), 'u2');
    await storage.write(async (stores) => {
      const change = { state: 'active', targetId: 't', digest: 'd' } as const;
      await stores.provisionedObjects.save('due', 'job', [
        worked(u1, { ...change, targetId: 't1' }),
        worked(u2, { ...change, targetId: 't2' }),
      ]);
    });
    assert.deepEqual(await dueAt(later(1)), ['u2', 'g1']);
    assert.equal((await provisionedObjects().findByTarget('due', 'job', 't1'))?.sourceId, 'u1');
    assert.deepEqual(
      (await provisionedObjects().list('due', 'job', 10, 'g1')).map(({ sourceId }) => sourceId),
      ['u1', 'u2'],
    );
    const counts = await provisionedObjects().count('due', 'job');
    assert.deepEqual(counts, { active: 2, removed: 0, failing: 0, due: 2, awaitingRemoval: 0 });
    await storage.write((stores) => stores.provisionedObjects.remove('due', 'job', 'u1'));
    assert.deepEqual(await provisionedObjects().find('due', 'job', ['u1']), []);
  });

  test('the deepest reading that is asked for wins until it is done', async () => {
    const object = { sourceId: 'u', kind: 'user' } as const;
    await storage.write(async (stores) => {
      await stores.provisionedObjects.markDue('deep', 'job', [object], now, 'repair');
      await stores.provisionedObjects.markDue('deep', 'job', [object], now);
    });
    const [row] = await provisionedObjects().find('deep', 'job', ['u']);
    assert.ok(row);
    assert.deepEqual([row.reading, row.mark], ['repair', 2]);
    await storage.write((stores) => stores.provisionedObjects.save('deep', 'job', [worked(row, {})]));
    assert.equal((await provisionedObjects().find('deep', 'job', ['u']))[0]?.reading, 'changed');
    await storage.write((stores) => stores.provisionedObjects.markAllDue('deep', 'job', now, 'report'));
    const [again] = await provisionedObjects().listDue('deep', 'job', now, 10);
    assert.equal(again?.reading, 'report');
  });

  test('people become due by their manager, and memberships by their member', async () => {
    const ids = ['boss', 'report', 'stranger', 'group', 'other group'];
    const objects = ids.map((id) => ({ sourceId: id, kind: id.includes('group') ? 'group' : 'user' }) as const);
    const link = (relation: Relation, fromKind: ObjectKind, fromId: string, toId: string): Link => {
      return { relation, fromId, fromKind, toId, toKind: 'user' };
    };
    const tenant = 'referring';
    const base = { attributes: {}, createdAt: now, modifiedAt: now, deletedAt: null, version: 1 };
    await storage.write(async (stores) => {
      for (const { sourceId: id, kind } of objects) {
        await stores.objects.insert(tenant, [{ ...base, id, kind, attributes: { displayName: id } }]);
      }
      await stores.links.add(tenant, link('manager', 'user', 'report', 'boss'), now);
      await stores.links.add(tenant, link('manager', 'user', 'stranger', 'boss'), now);
      await stores.links.add(tenant, link('member', 'group', 'group', 'boss'), now);
      await stores.links.add(tenant, link('member', 'group', 'other group', 'boss'), now);
      const known = objects.filter(({ sourceId }) => sourceId !== 'stranger');
      await stores.provisionedObjects.markDue(tenant, 'job', known, now);
      const rows = await stores.provisionedObjects.list(tenant, 'job', 9);
      const active = { state: 'active', targetId: 't' } as const;
      await stores.provisionedObjects.save(
        tenant,
        'job',
        rows.map((row) => worked(row, row.sourceId === 'other group' ? {} : active)),
      );
      await stores.provisionedObjects.markReportsDue(tenant, 'job', ['boss', 'nobody'], now);
      await stores.provisionedMembers.markMembershipsDue(tenant, 'job', ['boss', 'report'], now);
      await stores.provisionedMembers.markMembershipsDue(tenant, 'job', ['boss'], now);
    });
    const due = await provisionedObjects().listDue(tenant, 'job', now, 9);
    assert.deepEqual(
      due.map(({ sourceId, mark, targetId }) => [sourceId, mark, targetId]),
      [['report', 2, 't']],
    );
    assert.deepEqual(await provisionedObjects().listDue(tenant, 'other job', now, 9), []);
    assert.deepEqual(await provisionedMembers().listDue(tenant, 'job', now, 9), [
      { groupId: 'group', memberId: 'boss', isSent: false, isUncertain: false, mark: 2 },
    ]);
  });

  test('removals wait until they are called for', async () => {
    const object = { sourceId: 'u', kind: 'user' } as const;
    await storage.write((stores) => stores.provisionedObjects.markDue('wait', 'job', [object], now));
    const [row] = await provisionedObjects().find('wait', 'job', ['u']);
    assert.ok(row);
    await storage.write((stores) =>
      stores.provisionedObjects.save('wait', 'job', [worked(row, { awaitsRemoval: true })]),
    );
    assert.equal(await provisionedObjects().countAwaitingRemoval('wait', 'job'), 1);
    assert.deepEqual(await provisionedObjects().listDue('wait', 'job', later(99), 10), []);
    await storage.write((stores) => stores.provisionedObjects.markAwaitingDue('wait', 'job', now));
    assert.equal((await provisionedObjects().listDue('wait', 'job', now, 10)).length, 1);
  });

  test('memberships are due by group, and settled ones that were never sent are forgotten', async () => {
    await storage.write(async (stores) => {
      await stores.provisionedMembers.markDue('members', 'job', 'g1', ['a', 'b'], now);
      await stores.provisionedMembers.markDue('members', 'job', 'g2', ['a'], later(1));
    });
    const due = await provisionedMembers().listDue('members', 'job', later(1), 10);
    assert.deepEqual(
      due.map(({ groupId, memberId, isSent }) => [groupId, memberId, isSent]),
      [
        ['g1', 'a', false],
        ['g1', 'b', false],
      ],
    );
    const [a, b] = due;
    assert.ok(a && b);
    await storage.write((stores) =>
      stores.provisionedMembers.save(
        'members',
        'job',
        [
          { ...a, isSent: true },
          { ...b, isSent: false },
        ],
        null,
      ),
    );
    assert.deepEqual(await provisionedMembers().listSent('members', 'job', 'g1', 10), ['a']);
    assert.deepEqual((await provisionedMembers().listDue('members', 'job', later(1), 10))[0]?.groupId, 'g2');
    await storage.write((stores) => stores.provisionedMembers.markSentDue('members', 'job', { memberId: 'a' }, now));
    const [again] = await provisionedMembers().listDue('members', 'job', now, 10);
    assert.deepEqual([again?.groupId, again?.memberId, again?.isSent], ['g1', 'a', true]);
    await storage.write((stores) => stores.provisionedMembers.forgetSent('members', 'job', 'g1', now));
    assert.deepEqual(await provisionedMembers().listSent('members', 'job', 'g1', 10), []);
    assert.equal((await provisionedMembers().listDue('members', 'job', now, 10))[0]?.isSent, false);
  });

  test('what the target was found to know of memberships is kept, and what it may know', async () => {
    await storage.write(async (stores) => {
      await stores.provisionedMembers.markDue('found', 'job', 'g', ['a'], now);
      await stores.provisionedMembers.markFound('found', 'job', 'g', ['a', 'b'], true, now);
      await stores.provisionedMembers.markFound('found', 'job', 'g', ['c'], false, now);
    });
    const due = async () =>
      (await provisionedMembers().listDue('found', 'job', now, 10)).map(({ memberId, isSent, isUncertain }) => [
        memberId,
        isSent,
        isUncertain,
      ]);
    const found = [
      ['a', true, false],
      ['b', true, false],
      ['c', false, false],
    ];
    assert.deepEqual(await due(), found);
    const [, ...asked] = await provisionedMembers().listDue('found', 'job', now, 10);
    await storage.write((stores) => stores.provisionedMembers.markUncertain('found', 'job', asked));
    assert.deepEqual(await due(), [found[0], ['b', true, true], ['c', false, true]]);
    await storage.write((stores) => stores.provisionedMembers.save('found', 'job', asked, now));
    assert.deepEqual(await due(), found);
  });

  const entry = (id: string, change: Partial<LogEntry> = {}): LogEntry => ({
    id,
    at: now,
    jobId: 'job',
    cycleId: 'cycle',
    servicePrincipalId: 'sp',
    action: 'create',
    status: 'success',
    source: { id: 'u', kind: 'user', name: 'marge' },
    target: { type: 'User', id: 't' },
    durationMilliseconds: 5,
    steps: [{ name: 'read', status: 'success', detail: 'read' }],
    changes: [{ name: 'userName', after: 'marge' }],
    problem: null,
    ...change,
  });

  test('the log is read newest first, by what is asked, and pruned', async () => {
    const entries = [
      entry('1'),
      entry('2', { at: later(1), action: 'update', cycleId: 'next' }),
      entry('3', { at: later(1), status: 'failure', target: { type: 'User', id: null } }),
    ];
    await storage.write((stores) => stores.provisioningLog.append('log', entries));
    assert.deepEqual(await provisioningLog().find('log', '1'), entries[0]);
    assert.equal(await provisioningLog().find('other', '1'), undefined);
    const ids = async (query: LogQuery, after?: LogEntry) =>
      (await provisioningLog().list('log', query, 10, after)).map(({ id }) => id);
    assert.deepEqual(await ids({}), ['3', '2', '1']);
    assert.deepEqual(await ids({}, entries[2]), ['2', '1']);
    const since = async (query: LogQuery, after: { at: Date; id: string }) =>
      (await provisioningLog().listSince('log', query, 10, after)).map(({ id }) => id);
    assert.deepEqual(await since({}, { at: later(-1), id: '' }), ['1', '2', '3']);
    assert.deepEqual(await since({}, { at: later(1), id: '2' }), ['3']);
    assert.deepEqual(await since({ status: 'success' }, { at: now, id: '1' }), ['2']);
    assert.deepEqual(await ids({ cycleId: 'next' }), ['2']);
    assert.deepEqual(await ids({ action: 'create', status: 'success' }), ['1']);
    assert.deepEqual(await ids({ targetId: 't', jobId: 'job', servicePrincipalId: 'sp', sourceId: 'u' }), ['2', '1']);
    assert.deepEqual(await ids({ from: later(1) }), ['3', '2']);
    assert.deepEqual(await ids({ until: later(1) }), ['1']);
    await storage.write((stores) => stores.provisioningLog.prune('log', later(1)));
    assert.deepEqual(await ids({}), ['3', '2']);
  });

  test('the log is searched by name, problem and changed property, whatever their capitals', async () => {
    const problem = { code: 'conflict', detail: 'The name is taken.', advice: 'Rename it.' };
    const source = { id: 'b', kind: 'user', name: 'Barney_100%@Example.com' } as const;
    const changes = [{ name: 'name.givenName', after: 'Barney' }, { name: 'userName' }];
    await storage.write((stores) =>
      stores.provisioningLog.append('search', [entry('1'), entry('2', { source, changes, problem })]),
    );
    const ids = async (query: LogQuery) =>
      (await provisioningLog().list('search', query, 10)).map(({ id }) => id).join();
    assert.equal(await ids({ sourceName: 'barney_100%@example.COM' }), '2');
    assert.equal(await ids({ sourceName: 'barney' }), '');
    assert.equal(await ids({ sourceNamePart: 'Y_100%@' }), '2');
    assert.equal(await ids({ sourceNamePart: 'y__' }), '');
    assert.equal(await ids({ sourceNamePart: '' }), '2,1');
    assert.equal(await ids({ problemCode: 'conflict' }), '2');
    assert.equal(await ids({ problemCode: 'refused' }), '');
    assert.equal(await ids({ changed: 'NAME.givenname' }), '2');
    assert.equal(await ids({ changed: 'username' }), '2,1');
    assert.equal(await ids({ changed: 'name' }), '');
  });
}
