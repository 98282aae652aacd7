import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from './call.ts';
import { badRequest } from './error.ts';
import type { Shown } from './resource-view.ts';

/** Events that are read together. */
const eventsAtOnce = 500;
/** Pause between two looks at the log, in milliseconds. */
const lookEvery = 500;
/** An event is seen at the latest so long after the time that it carries, in milliseconds: several processes write. */
const overlap = 5_000;
/** Something is sent at least so often, so that nobody in between takes the connection for dead. In milliseconds. */
const silence = 15_000;
/** Then the client comes again, and its token is looked at. In milliseconds. */
const longest = 15 * 60_000;

interface Place {
  at: Date;
  id: string;
}

/** A log that can be read in the order in which it is written. */
export interface FollowedLog<Event extends Place> {
  listSince(call: Call, limit: number, after: Place): Promise<Event[]>;
  view(event: Event): Shown;
}

/**
 * The place that the client saw last; undefined when it begins now.
 * @throws GraphError when its Last-Event-ID is none of ours
 */
export function lastSeen({ headers }: Call): Place | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  const [, time, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(given) ?? [];
  if (time === undefined || id === undefined)
    throw badRequest('Last-Event-ID must be the id of an event of this stream.');
  return { at: new Date(Number(time)), id };
}

/**
 * A log as server-sent events (HTML Standard 9.2.5), while it is written. After a resumption events of the last seconds may
 * come again, with the same ids.
 */
export async function* logEvents<Event extends Place>(
  call: Call,
  log: FollowedLog<Event>,
  seen: Place | undefined,
): AsyncGenerator<string> {
  const startedAt = call.now().getTime();
  const earliest = seen ? seen.at.getTime() - overlap : startedAt;
  /** Times of the events that were sent and may be read again, by their ids. */
  const sent = new Map<string, number>(seen && [[seen.id, seen.at.getTime()]]);
  let newest = seen?.at.getTime() ?? startedAt;
  let sentAt = startedAt;
  yield `retry: ${lookEvery}\n\n`;
  while (call.now().getTime() - startedAt < longest) {
    let after: Place = { at: new Date(Math.max(earliest, newest - overlap)), id: '' };
    for (let isMore = true; isMore; ) {
      const page = await log.listSince(call, eventsAtOnce, after);
      const fresh = page.filter(({ id }) => !sent.has(id));
      for (const { id, at } of fresh) sent.set(id, at.getTime());
      if (fresh.length > 0) {
        sentAt = call.now().getTime();
        yield fresh.map((event) => eventText(event, log.view(event))).join('');
      }
      after = page.at(-1) ?? after;
      newest = Math.max(newest, after.at.getTime());
      isMore = page.length === eventsAtOnce;
    }
    for (const [id, at] of sent) if (at < newest - overlap) sent.delete(id);
    if (call.now().getTime() - sentAt >= silence) {
      sentAt = call.now().getTime();
      yield ': nothing new\n\n';
    }
    await sleep(lookEvery, undefined, { ref: false });
  }
}

function eventText({ id, at }: Place, shown: Shown): string {
  return `id: ${at.getTime()}.${id}\ndata: ${JSON.stringify(shown)}\n\n`;
}
