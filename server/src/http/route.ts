/** A request as those who serve it see it, whatever the web framework. */
export interface HttpRequest {
  /** HEAD arrives as GET; the body of its answer is not sent. */
  method: string;
  /** As the client sees it: with its host, without doubled slashes and without a slash at the end of the path. */
  url: URL;
  /** What stood at the `:name` places of the route's path, decoded. */
  parameters: Readonly<Record<string, string>>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  /** As sent, within the size limit; undefined when there is none. */
  body: Uint8Array | undefined;
  /** Address of the client, or of the last proxy that is not trusted. */
  remoteAddress: string;
  /** True when the client runs on this machine, and no proxy that we do not know stands between. */
  isLocal: boolean;
  /** A GUID of ours, which stands in the answer and in the log. */
  requestId: string;
  /** Aborted when the client is gone or the time is up. */
  signal: AbortSignal;
  /**
   * Says whose request it is, as soon as that is proven: it stands in the log and counts against the tenant's limit.
   *
   * @throws Refusal `http.too_many_requests` when the tenant had too many
   */
  admitTenant(tenantId: string): void;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case. What is not given here comes from `securityHeaders`. */
  headers?: Readonly<Record<string, string | readonly string[]>>;
  /** An iterable is sent as it comes. */
  body?: string | Uint8Array | AsyncIterable<Uint8Array | string>;
  /** What was done, where the route's path does not say it: a name of a small set, for log and metrics. */
  operation?: string;
}

export interface Route {
  method: string;
  /** Matched without regard to case. A segment `:name` takes any text, and `/*` at the end takes the rest. */
  path: string;
  handle(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
}

/** What is told to whoever asked in vain. */
export interface Failure {
  status: number;
  /** Stable, `<folder>.<reason>`. */
  code: string;
  /** For a person; never the text of a bug. */
  message: string;
  /** Finds the request in the log. */
  requestId: string;
  /** When it may work again. Sent as Retry-After whatever the answer looks like. */
  retryAfterSeconds?: number;
}

/** Routes that answer errors in the same form. */
export interface Mount {
  routes: readonly Route[];
  /** The error format of the mount's protocol. Default: a page or small JSON, whichever the client takes. */
  answerError?(failure: Failure, url: URL): HttpResponse;
}

/** A mount that is loaded with the first request to a path that it serves. */
export interface LateMount {
  /** Matches every path of the mount, in any case; also of more than it serves, where that is simpler to say. */
  serves: RegExp;
  load(): Promise<Mount>;
}
