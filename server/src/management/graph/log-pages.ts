import type { Resource } from '@countersign/management-api';
import type { Answer, Call } from './call.ts';
import { unsupportedQuery } from './error.ts';
import { answerPage, requestedPage } from './pages.ts';
import { pick, type Shown } from './resource-view.ts';

/** How many events an export reads at a time. */
const exportedAtOnce = 500;

interface Position {
  at: Date;
  id: string;
}

/** A log as the API shows it, the newest event first. */
export interface ShownLog<Event extends Position> {
  resource: Resource;
  /** Path of its collection. */
  path: string;
  /** The property by which it is sorted. */
  time: string;
  /** At most so many events that the caller asks for, after the position. */
  list(call: Call, limit: number, after?: Position): Promise<Event[]>;
  view(event: Event): Shown;
}

/** Answers a page of a log. @throws GraphError `Request_UnsupportedQuery` when another order is asked for */
export async function answerLogPage<Event extends Position>(call: Call, log: ShownLog<Event>): Promise<Answer> {
  const { orderBy, select } = call.query;
  if (orderBy && !(orderBy.property === log.time && orderBy.descending)) {
    throw unsupportedQuery(`Events come newest first: $orderby is ${log.time} desc or absent.`);
  }
  const show = pick(log.resource, select);
  const { limit, after } = requestedPage(call);
  const position = after && { at: new Date(Number(after.key)), id: after.id };
  const events = await log.list(call, limit + 1, position);
  const items = events.slice(0, limit);
  const last = items.at(-1);
  const nextAfter = events.length > limit && last ? { key: String(last.at.getTime()), id: last.id } : undefined;
  const page = { items: items.map((event) => show(log.view(event))), ...(nextAfter && { nextAfter }) };
  return answerPage(call, log.path, page);
}

/** A log as JSON, one event a line, read in parts, so that a log of any size takes the same memory. */
export async function* logLines<Event extends Position>(call: Call, log: ShownLog<Event>): AsyncGenerator<string> {
  let after: Position | undefined;
  while (true) {
    const events: Event[] = await log.list(call, exportedAtOnce, after);
    if (events.length > 0) yield events.map((event) => `${JSON.stringify(log.view(event))}\n`).join('');
    after = events.at(-1);
    if (events.length < exportedAtOnce) return;
  }
}
