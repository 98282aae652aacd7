import { operations } from '@countersign/management-api';
import { authenticate, type VerifyToken } from '../authenticate.ts';
import type { Caller } from '../caller.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { answerError, type ErrorAnswer, errorAnswer, type Trace } from './answer-error.ts';
import { basePath } from './base-path.ts';
import type { OperationAnswer, Surroundings } from './call.ts';
import { dispatcher } from './dispatch.ts';
import type { GraphErrorCode } from './error.ts';
import { handlers } from './handlers/index.ts';
import { readJson } from './read-body.ts';

export interface GraphOptions extends Surroundings {
  verifyToken: VerifyToken;
}

/** A failure that the web server met before or after us: too large a body, a bug. */
export interface ServerFailure {
  status: number;
  message: string;
  requestId: string;
  headers?: Readonly<Record<string, string>>;
}

/** The management API in Microsoft Graph's shape, to be put into the web server. */
export interface GraphMount {
  routes: Route[];
  answerError(failure: ServerFailure): HttpResponse;
}

/** Whoever calls without being signed in: nobody in the hub's own tenant. */
function anybody(tenantId: string): Caller {
  return { kind: 'application', id: '', name: '', tenantId, scopes: [], permissions: [], directoryRoles: [] };
}

const methods = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'];

export function graphMount(options: GraphOptions): GraphMount {
  const { find, perform } = dispatcher(operations, handlers, options);

  const identify = async (request: HttpRequest): Promise<Caller> => {
    const caller = await authenticate(request, options.verifyToken, options.storage.read);
    request.admitTenant(caller.tenantId);
    return caller;
  };

  const handle = async (request: HttpRequest): Promise<HttpResponse> => {
    const trace = traceOf(request, options.now());
    try {
      const call = {
        method: request.method,
        url: request.url,
        headers: request.headers,
        readBody: () => readJson(request.body, request.headers['content-type']),
        correlationId: request.requestId,
      };
      const found = find(call);
      const caller = found.operation.access === 'anybody' ? anybody(options.hubTenantId) : await identify(request);
      return { ...respond(await perform(found, caller, call, trace), trace), operation: found.name };
    } catch (error) {
      const answer = answerError(error, trace);
      if (!answer) throw error;
      return respondError(answer, trace);
    }
  };

  return {
    routes: methods.map((method) => ({ method, path: `${basePath}/*`, handle })),
    answerError: ({ status, message, requestId, headers }) => {
      const trace = { requestId, clientRequestId: requestId, at: options.now() };
      const code = codeByStatus[status] ?? (status >= 500 ? 'Service_InternalServerError' : 'BadRequest');
      return respondError(errorAnswer(trace, status, code, message, { headers: { ...headers } }), trace);
    },
  };
}

const codeByStatus: Readonly<Record<number, GraphErrorCode>> = {
  413: 'RequestBodyTooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  503: 'Service_ServiceUnavailable',
};

/** The client's own id of the request is repeated, when it is one. */
function traceOf(request: HttpRequest, at: Date): Trace {
  const given = request.headers['client-request-id'] ?? '';
  const clientRequestId = /^[\w-]{1,64}$/.test(given) ? given : request.requestId;
  return { requestId: request.requestId, clientRequestId, at };
}

function headersOf(trace: Trace): Record<string, string> {
  return { 'request-id': trace.requestId, 'client-request-id': trace.clientRequestId, 'odata-version': '4.0' };
}

function respond(answer: OperationAnswer, trace: Trace): HttpResponse {
  const { status, contentType, body, stream } = answer;
  const isJson = contentType === 'application/json';
  const content = stream ?? (isJson ? JSON.stringify(body) : (body as string | undefined));
  return {
    status,
    headers: {
      ...headersOf(trace),
      ...answer.headers,
      ...(contentType && { 'content-type': isJson ? jsonType : `${contentType}; charset=utf-8` }),
    },
    ...(content !== undefined && { body: content }),
  };
}

const jsonType = 'application/json;odata.metadata=minimal;charset=utf-8';

function respondError({ status, headers, body }: ErrorAnswer, trace: Trace): HttpResponse {
  return {
    status,
    headers: { ...headersOf(trace), ...headers, 'content-type': jsonType },
    body: JSON.stringify(body),
  };
}
