import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../../src/management/graph/call.ts';
import { type FollowedLog, lastSeen, logEvents } from '../../../src/management/graph/log-events.ts';

interface Kept {
  at: Date;
  id: string;
}

const begun = Date.parse('2026-03-01T10:00:00Z');

/** A log in memory, and a clock that stands still until the test moves it. */
function openLog() {
  const kept: Kept[] = [];
  const clock = { now: begun };
  const log: FollowedLog<Kept> = {
    listSince: async (_call, limit, after) =>
      kept
        .filter(({ at, id }) => at > after.at || (at.getTime() === after.at.getTime() && id > after.id))
        .sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1))
        .slice(0, limit),
    view: ({ id }) => ({ id }),
  };
  const call = (lastEventId?: string) =>
    ({ now: () => new Date(clock.now), headers: { 'last-event-id': lastEventId } }) as unknown as Call;
  const add = (id: string, seconds: number) => kept.push({ id, at: new Date(begun + seconds * 1000) });
  const next = async (events: AsyncGenerator<string>) => String((await events.next()).value);
  return { log, clock, call, add, next };
}

const idsIn = (text: string) => [...text.matchAll(/data: (.*)/g)].map(([, data = '']) => JSON.parse(data).id);

test('events are sent in order and once, also those that are written late', async () => {
  const { log, clock, call, add, next } = openLog();
  add('before', -1);
  const events = logEvents(call(), log, lastSeen(call()));
  assert.equal(await next(events), 'retry: 500\n\n');
  add('b', 3);
  add('a', 2);
  assert.equal(
    await next(events),
    `id: ${begun + 2000}.a\ndata: {"id":"a"}\n\nid: ${begun + 3000}.b\ndata: {"id":"b"}\n\n`,
  );
  add('late', 1);
  assert.deepEqual(idsIn(await next(events)), ['late']);
  for (let index = 0; index < 1200; index++) add(`many-${index}`, 10 + index);
  const many = [await next(events), await next(events), await next(events)].flatMap(idsIn);
  assert.equal(new Set(many).size, 1200);
  clock.now += 16_000;
  assert.equal(await next(events), ': nothing new\n\n');
  clock.now += 15 * 60_000;
  assert.equal((await events.next()).done, true, 'the client comes again, and its token is looked at');
});

test('HTML 9.2.4: a stream goes on after the Last-Event-ID, and an id of another stream is refused', async () => {
  const { log, call, add, next } = openLog();
  for (const [id, seconds] of [
    ['old', 1],
    ['seen', 10],
    ['new', 11],
  ] as const) {
    add(id, seconds);
  }
  const again = call(`${begun + 10_000}.seen`);
  const events = logEvents(again, log, lastSeen(again));
  await next(events);
  assert.deepEqual(idsIn(await next(events)), ['new']);
  assert.throws(() => lastSeen(call('no id of ours')), { status: 400 });
});
