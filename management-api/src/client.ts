import type { Operation, Parameters, RequestOf, ResponseOf } from './operation.ts';
import { parameterNames } from './operation.ts';
import { type OperationName, operations } from './operations/index.ts';
import { readEvents } from './read-events.ts';

type Table = typeof operations;

/** What a call of the operation takes: the path's parameters, `body`, `cast`, and OData query options by their names. */
type Input<Op extends Operation> = Parameters<Op> &
  (RequestOf<Op> extends undefined ? unknown : { body: RequestOf<Op> }) &
  (Op extends { casts: readonly (infer Cast)[] } ? { cast?: Cast } : unknown) &
  (Op extends { query: readonly (infer Option extends string)[] }
    ? { [Name in Option]?: string | number | boolean }
    : unknown) &
  (Op extends { contentType: 'text/event-stream' } ? { lastEventId?: string } : unknown);

/** A call without required input can be made without an argument. */
type Arguments<Op extends Operation> =
  Record<string, never> extends Input<Op> ? [input?: Input<Op>] : [input: Input<Op>];

/** One method per operation of the contract. */
export type Client = {
  [Name in OperationName]: (...input: Arguments<Table[Name]>) => Promise<ResponseOf<Table[Name]>>;
} & {
  /** Every item of a collection, over all of its pages. */
  each<Item>(first: Promise<Collection<Item>>): AsyncGenerator<Item, void>;
};

interface Collection<Item> {
  '@odata.nextLink'?: string | undefined;
  value: Item[];
}

export interface ClientOptions {
  /** Address of the API with its version, such as `https://localhost:8443/v1.0`. */
  baseUrl: string;
  /** The access token, or where to get one before each request. */
  token?: string | (() => Promise<string>);
  fetch?: typeof fetch;
}

/** An answer of the API that is no success. */
export class ManagementApiError extends Error {
  override readonly name = 'ManagementApiError';
  readonly status: number;
  /** Microsoft Graph's code, such as `Request_ResourceNotFound`. */
  readonly code: string;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;
  /** After how many seconds it is worth to try again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(response: Response, body: ErrorBody | undefined) {
    super(body?.error?.message ?? `The server answered ${response.status} ${response.statusText}.`);
    this.status = response.status;
    this.code = body?.error?.code ?? 'unknown';
    this.requestId = response.headers.get('request-id') ?? undefined;
    const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
    this.retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : undefined;
  }
}

interface ErrorBody {
  error?: { code?: string; message?: string };
}

/** Makes a client whose methods are the operations of the contract. */
export function createClient(options: ClientOptions): Client {
  const { origin } = new URL(options.baseUrl);
  const send = async (method: string, url: string, body?: unknown, lastEventId?: unknown): Promise<unknown> => {
    const token = typeof options.token === 'function' ? await options.token() : options.token;
    const response = await (options.fetch ?? fetch)(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(lastEventId !== undefined && { 'last-event-id': String(lastEventId) }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (isStream && response.body) return readEvents(response.body);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const content: unknown = isJson ? JSON.parse(text) : text || undefined;
    if (!response.ok) throw new ManagementApiError(response, isJson ? (content as ErrorBody) : undefined);
    return content;
  };

  const methods = Object.entries<Operation>(operations).map(([name, operation]) => [
    name,
    (input: Record<string, unknown> = {}) =>
      send(operation.method, options.baseUrl + addressOf(operation, input), input['body'], input['lastEventId']),
  ]);
  return {
    ...Object.fromEntries(methods),
    async *each(first: Promise<Collection<unknown>>) {
      let page = await first;
      while (true) {
        yield* page.value;
        const next = page['@odata.nextLink'];
        if (next === undefined) return;
        // The token goes to nobody else, whatever an answer says.
        if (new URL(next).origin !== origin) throw new Error(`The next page is at another server: ${next}`);
        page = (await send('GET', next)) as Collection<unknown>;
      }
    },
  } as Client;
}

/** Path and query of a call. */
function addressOf(operation: Operation, input: Record<string, unknown>): string {
  let path = operation.path;
  for (const name of parameterNames(path)) path = path.replace(`{${name}}`, segmentOf(name, input[name]));
  if (input['cast'] !== undefined) path += `/${input['cast']}`;
  const query = Object.entries(input).filter(([name, value]) => name.startsWith('$') && value !== undefined);
  if (query.length === 0) return path;
  return `${path}?${query.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`;
}

/** A value as one segment of a path. Those that mean another path are refused. */
function segmentOf(name: string, value: unknown): string {
  const text = String(value ?? '');
  if (text === '' || text === '.' || text === '..') throw new TypeError(`'${text}' cannot be the ${name} of anything.`);
  return encodeURIComponent(text);
}
