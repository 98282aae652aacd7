import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefusedTraces, Tracing } from '../../../src/endpoints/sign-in/index.ts';

const start = new Date('2026-03-01T10:00:00Z');
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

test('requests that are refused write no more than a few traces, of each application and of those that name none', async () => {
  const kept: string[] = [];
  const storage = {
    write: (work: (stores: never) => Promise<void>) =>
      work({ signInTraces: { save: async (tenantId: string) => void kept.push(tenantId) } } as never),
  };
  const traces = new RefusedTraces(storage);
  const flood = async (count: number, at: Date, tenantId = 'tenant', applicationId: string | null = null) => {
    const before = kept.length;
    const { trace } = new Tracing('saml', { correlationId: 'id', now: at });
    for (let sent = 0; sent < count; sent++) await traces.keep(tenantId, { ...trace, applicationId }, at);
    return kept.length - before;
  };
  assert.equal(await flood(10_000, start), 60);
  assert.equal(await flood(10, start), 0);
  assert.equal(await flood(10, start, 'tenant', 'application'), 10, 'others are not hindered');
  assert.equal(await flood(10, start, 'another'), 10);
  assert.equal(await flood(100, later(10)), 5, 'there is room again after a while');
  assert.equal(await flood(1000, later(100_000)), 60);
});
