import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SignInEvent } from '../../sign-in/index.ts';
import type { OpenedDatabase } from './database.ts';

const now = new Date('2026-03-01T10:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

export function signInLogConformance({ storage }: OpenedDatabase): void {
  test('the sign-in log is read newest first, by what is asked', async () => {
    const event = (id: string, change: Partial<SignInEvent> = {}): SignInEvent => ({
      id,
      at: now,
      userId: 'user',
      userName: 'marge@example.com',
      applicationId: 'sp',
      appId: 'app',
      applicationName: 'App',
      actor: null,
      resource: null,
      flow: null,
      outcome: 'success',
      failure: null,
      steps: [{ step: 'password', at: now }],
      failedStep: null,
      methods: ['pwd'],
      isInteractive: true,
      type: 'interactiveUser' as const,
      count: 1,
      sessionId: null,
      address: '192.0.2.1',
      userAgent: 'Test',
      correlationId: 'correlation',
      ...change,
    });
    const kept = [
      event('1', { at: later(1) }),
      event('2', { outcome: 'failure', failure: 'password_wrong', userId: null }),
      event('3', {
        appId: 'other',
        actor: { id: 'sp-2', appId: 'api', displayName: 'API' },
        resource: { id: 'sp-3', appId: 'ledger', displayName: 'Ledger' },
        flow: 'B2C_1_a',
        address: '192.0.2.2',
      }),
    ];
    await storage.write(async ({ signInEvents }) => {
      for (const one of kept) await signInEvents.append('log', one);
    });
    const { signInEvents } = storage.read;
    assert.deepEqual(await signInEvents.find('log', '2'), kept[1]);
    assert.equal(await signInEvents.find('another', '2'), undefined);
    const ids = async (query: Parameters<typeof signInEvents.list>[1], limit = 10, after?: SignInEvent) =>
      (await signInEvents.list('log', query, limit, after)).map(({ id }) => id);
    assert.deepEqual(await ids({}), ['1', '3', '2']);
    assert.deepEqual(await ids({}, 1, kept[0]), ['3']);
    assert.deepEqual(await ids({ outcome: 'failure' }), ['2']);
    assert.deepEqual(await ids({ userId: 'user', appId: 'other' }), ['3']);
    assert.deepEqual(await ids({ flow: 'b2c_1_A' }), ['3']);
    assert.deepEqual(await ids({ address: '192.0.2.2' }), ['3']);
    assert.deepEqual(await ids({ failures: ['paused', 'password_wrong'] }), ['2']);
    assert.deepEqual(await ids({ failures: [] }), []);
    assert.deepEqual(await ids({ from: later(1) }), ['1']);
    assert.deepEqual(await ids({ until: later(1), correlationId: 'correlation' }), ['3', '2']);

    const prune = (before: Date, most: number) =>
      storage.write((stores) => stores.signInEvents.prune('log', before, most));
    assert.equal(await storage.write((stores) => stores.signInEvents.prune('another', later(2), 10)), 0);
    assert.equal(await prune(later(1), 1), 1);
    assert.deepEqual(await ids({}), ['1', '3'], 'the oldest goes first');
    assert.equal(await prune(later(1), 10), 1);
    assert.deepEqual(await ids({}), ['1']);
  });
}
