/**
 * Answers of another SCIM server, judged. The outcome is a value, since a provisioning log shows it. Strict where a wrong
 * answer would damage data (another identifier, another page), lenient where servers differ (200 or 204, missing members).
 */
import { type PeerError, readErrorResponse } from '../error-response.ts';
import { ScimError } from '../errors.ts';
import { asList, findMember, isObject, type JsonObject, type JsonValue, parseBody } from '../json.ts';
import type { Page } from '../list/list-query.ts';
import { tolerantDialect } from '../presets.ts';
import { readSchema } from '../read-schema.ts';
import type { ResourceType } from '../registry.ts';
import { readAnsweredResource } from '../resource/read-resource.ts';
import type { SchemaDefinition } from '../schema.ts';

export interface ScimResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Empty when there is none. */
  readonly body: string;
}

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: Refusal; readonly error: PeerError }
  /** Too many requests, or a server that is down for a while: ask again. */
  | { readonly kind: 'busy'; readonly error: PeerError; readonly retryAfterSeconds: number | undefined }
  /** The server broke the protocol; nothing of its answer can be relied on. */
  | { readonly kind: 'malformed'; readonly reason: string };

/** `failed`: the server had a failure of its own and may succeed later. `refused`: it never will. */
export type Refusal = 'unauthorized' | 'notFound' | 'conflict' | 'stale' | 'failed' | 'refused';

/** A resource as a server answered it. */
export interface Answered {
  readonly id: string;
  /** From the body or the ETag header. */
  readonly version: string | undefined;
  /** In the form of readAnsweredResource; undefined when the answer had no body. */
  readonly resource: JsonObject | undefined;
}

/** Judges the answer to a creation: 201 with the resource, or 200 or 204 and a Location. `now` is for Retry-After. */
export function readCreated(type: ResourceType, response: ScimResponse, now: Date): Outcome<Answered> {
  return judge(response, now, (body) => {
    const id = findId(body) ?? lastSegment(response.headers['location']);
    if (id === undefined) throw wrongAnswer('The server created a resource but did not say its id.');
    return answered(type, id, body, response);
  });
}

/** Judges the answer to reading, replacing or patching the resource `id`. A change need not be answered with a body. */
export function readChanged(type: ResourceType, id: string, response: ScimResponse, now: Date): Outcome<Answered> {
  return judge(response, now, (body) => {
    const answeredId = findId(body) ?? id;
    if (answeredId !== id) throw wrongAnswer(`The server answered about ${answeredId} instead of ${id}.`);
    return answered(type, id, body, response);
  });
}

/** Judges the answer to a deletion; a resource that was not there is gone as well. */
export function readDeleted(response: ScimResponse, now: Date): Outcome<undefined> {
  const outcome = judge(response, now, () => undefined);
  return outcome.kind === 'notFound' ? { kind: 'done', value: undefined } : outcome;
}

/** Judges the answer to a request for all schemas (RFC 7644 4). Those that cannot be read are left out. */
export function readSchemas(response: ScimResponse, now: Date): Outcome<SchemaDefinition[]> {
  return judge(response, now, (body) => {
    const list = body && findMember(body, 'Resources');
    if (list === undefined) throw wrongAnswer('The server did not answer with a list.');
    return asList(list).filter(isObject).flatMap(readableSchema);
  });
}

function readableSchema(json: JsonObject): SchemaDefinition[] {
  try {
    return [readSchema(json)];
  } catch (error) {
    if (error instanceof ScimError) return [];
    throw error;
  }
}

export interface ResourcePage {
  readonly resources: readonly JsonObject[];
  /** Undefined when the server does not say. */
  readonly totalResults: number | undefined;
  /** What to ask for next; undefined after the last page. */
  readonly next: Page | undefined;
}

/** Judges the answer to a list request for `page`. */
export function readPage(type: ResourceType, page: Page, response: ScimResponse, now: Date): Outcome<ResourcePage> {
  return judge(response, now, (body) => {
    const list = body && findMember(body, 'Resources');
    const total = body && findMember(body, 'totalResults');
    const totalResults = typeof total === 'number' ? total : undefined;
    // RFC 7644 3.4.2: without results there need not be a list, but something must say that this is an answer.
    if (body === undefined || (list === undefined && totalResults === undefined)) {
      throw wrongAnswer('The server did not answer with a list.');
    }
    const resources = asList(list ?? undefined)
      .filter(isObject)
      .map((item) => readAnsweredResource(type, item, tolerantDialect));
    const start = findMember(body, 'startIndex');
    if (page.kind === 'index' && typeof start === 'number' && start !== page.startIndex && resources.length > 0) {
      throw wrongAnswer(`The server answered the page at ${start} instead of ${page.startIndex}.`);
    }
    return {
      resources,
      totalResults,
      next: nextPage(page, resources.length, totalResults, findMember(body, 'nextCursor')),
    };
  });
}

/** RFC 9865 2: a next cursor, also one that was not asked for, is the only way on; else the next index, until all is read. */
function nextPage(
  page: Page,
  received: number,
  totalResults: number | undefined,
  nextCursor: JsonValue | undefined,
): Page | undefined {
  if (typeof nextCursor === 'string' && nextCursor !== '') {
    return { kind: 'cursor', cursor: nextCursor, count: page.count };
  }
  // A server that answers an empty page would be asked for ever.
  if (page.kind === 'cursor' || received === 0) return undefined;
  const startIndex = page.startIndex + received;
  const isLast = totalResults === undefined ? received < page.count : startIndex > totalResults;
  return isLast ? undefined : { ...page, startIndex };
}

/** The outcome of an answer; `read` makes the value of a success out of its body, or throws what is wrong with it. */
function judge<T>(response: ScimResponse, now: Date, read: (body: JsonObject | undefined) => T): Outcome<T> {
  const { status, headers, body } = response;
  if (status < 200 || (status >= 300 && status < 400)) return malformed(`The server answered with status ${status}.`);
  if (status < 300) {
    try {
      return { kind: 'done', value: read(body.trim() === '' ? undefined : parseBody(body)) };
    } catch (error) {
      if (error instanceof ScimError) return malformed(error.detail);
      throw error;
    }
  }
  const error = readErrorResponse(status, body);
  if (status === 429 || status === 503) {
    return { kind: 'busy', error, retryAfterSeconds: readRetryAfter(headers['retry-after'], now) };
  }
  return { kind: refusals[status] ?? (status >= 500 ? 'failed' : 'refused'), error };
}

function malformed(reason: string): { kind: 'malformed'; reason: string } {
  return { kind: 'malformed', reason };
}

const refusals: Record<number, Refusal> = {
  401: 'unauthorized',
  403: 'unauthorized',
  404: 'notFound',
  409: 'conflict',
  410: 'notFound',
  412: 'stale',
  501: 'refused',
};

function answered(type: ResourceType, id: string, body: JsonObject | undefined, { headers }: ScimResponse): Answered {
  const resource = body && readAnsweredResource(type, body, tolerantDialect);
  const meta = resource?.['meta'];
  const version = isObject(meta) && typeof meta['version'] === 'string' ? meta['version'] : headers['etag'];
  return { id, version, resource };
}

function findId(body: JsonObject | undefined): string | undefined {
  const id = body && findMember(body, 'id');
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** The identifier at the end of an address; undefined when there is none. */
function lastSegment(location = ''): string | undefined {
  const segment = location
    .replace(/[?#].*$/, '')
    .split('/')
    .at(-1);
  try {
    return segment ? decodeURIComponent(segment) : undefined;
  } catch {
    return undefined;
  }
}

function wrongAnswer(detail: string): ScimError {
  return new ScimError('invalidSyntax', detail);
}

/** Seconds to wait (RFC 9110 10.2.3: a number or a date); undefined when the server does not say. */
function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(Math.ceil((at - now.getTime()) / 1000), 0);
}
