// The form of requests, answers and routes in which the web server hands them over. Its own declarations are wider.

export interface HttpRequest {
  method: string;
  /** As the client sees it. */
  url: URL;
  /** What stood at the `:name` places of the route's path. */
  parameters: Readonly<Record<string, string>>;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array | undefined;
  remoteAddress: string;
  /** A GUID of ours, which stands in the answer and in the log. */
  requestId: string;
  /** Says whose request it is, for the log and the tenant's limit. */
  admitTenant(tenantId: string): void;
}

export interface HttpResponse {
  status: number;
  headers?: Readonly<Record<string, string | readonly string[]>>;
  body?: string | Uint8Array;
}

export interface Route {
  method: string;
  path: string;
  handle(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
}
