import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Act, auditEvent } from '../../audit/index.ts';
import type { OpenedDatabase } from './database.ts';

const act: Act = {
  tenantId: 'tenant-1',
  actor: { kind: 'user', id: 'user-1', name: 'marge@jogcloud.com' },
  now: new Date('2026-03-01T10:00:00Z'),
  correlationId: 'correlation-1',
  newId: () => crypto.randomUUID(),
};

/** What any store of audit events must do. */
export function auditConformance({ storage }: OpenedDatabase): void {
  test('an audit event comes back as it was appended', async () => {
    const event = auditEvent(act, 'user.update', { kind: 'user', id: 'user-2', name: 'barney@jogcloud.com' }, [
      { property: 'department', before: 'Safety', after: 'Bowling' },
    ]);
    await storage.write((stores) => stores.audit.append([event]));
    assert.deepEqual(await storage.read.audit.list('tenant-1', { objectId: 'user-2' }, 10), [event]);
  });

  test('audit events are read newest first, page by page, without loss where times are equal', async () => {
    const tenantId = 'tenant-paging';
    const events = Array.from({ length: 7 }, (_, index) =>
      auditEvent({ ...act, tenantId, now: new Date(1000 + Math.floor(index / 3)) }, 'group.create', {
        kind: 'group',
        id: `group-${index}`,
        name: null,
      }),
    );
    await storage.write((stores) => stores.audit.append(events));
    const seen = [];
    let page = await storage.read.audit.list(tenantId, {}, 2);
    while (page.length > 0) {
      seen.push(...page);
      const last = page.at(-1);
      page = last ? await storage.read.audit.list(tenantId, {}, 2, last) : [];
    }
    const newestFirst = events.toSorted((a, b) => b.at.getTime() - a.at.getTime() || (a.id < b.id ? 1 : -1));
    assert.deepEqual(seen, newestFirst);
  });

  test('an audit event of another tenant is never listed', async () => {
    const event = auditEvent({ ...act, tenantId: 'tenant-a' }, 'user.create', { kind: 'user', id: 'x', name: null });
    await storage.write((stores) => stores.audit.append([event]));
    assert.deepEqual(await storage.read.audit.list('tenant-b', { objectId: 'x' }, 10), []);
  });

  test('nothing of a write that throws is kept', async () => {
    const event = auditEvent({ ...act, tenantId: 'tenant-throw' }, 'user.create', {
      kind: 'user',
      id: null,
      name: null,
    });
    const failing = storage.write(async (stores) => {
      await stores.audit.append([event]);
      throw new Error('after the append');
    });
    await assert.rejects(failing, /after the append/);
    assert.deepEqual(await storage.read.audit.list('tenant-throw', {}, 10), []);
  });
}
