// The form of requests, answers and routes in which the web server hands them over. Its own declarations are wider.

export interface HttpRequest {
  method: string;
  /** As the client sees it. */
  url: URL;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array | undefined;
  /** A GUID of ours, which stands in the answer and in the log. */
  requestId: string;
  /** Says whose request it is, for the log and the tenant's limit. */
  admitTenant(tenantId: string): void;
}

export interface HttpResponse {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string | AsyncIterable<string>;
  /** Name of the operation, for log and metrics. */
  operation?: string;
}

export interface Route {
  method: string;
  path: string;
  handle(request: HttpRequest): Promise<HttpResponse>;
}
