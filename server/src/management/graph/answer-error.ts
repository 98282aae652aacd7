import { Refusal, TemporaryFailure } from '../../refusal.ts';
import { UnauthenticatedError } from '../authenticate.ts';
import { GraphError, type GraphErrorCode } from './error.ts';

/** What is answered when something failed. */
export interface ErrorAnswer {
  status: number;
  headers: Record<string, string>;
  body: { error: Record<string, unknown> };
}

/** What the innerError of every failure says, so that it can be found in the log. */
export interface Trace {
  requestId: string;
  clientRequestId: string;
  at: Date;
}

/** Graph's code for a refusal, by its HTTP class. */
const codeByStatus: Record<Refusal['status'], GraphErrorCode> = {
  400: 'Request_BadRequest',
  401: 'InvalidAuthenticationToken',
  403: 'Authorization_RequestDenied',
  404: 'Request_ResourceNotFound',
  405: 'Request_BadRequest',
  408: 'Request_BadRequest',
  409: 'Request_BadRequest',
  410: 'resyncRequired',
  412: 'PreconditionFailed',
  413: 'RequestBodyTooLarge',
  414: 'Request_BadRequest',
  415: 'UnsupportedMediaType',
  421: 'Request_BadRequest',
  422: 'Request_BadRequest',
  429: 'TooManyRequests',
  431: 'Request_BadRequest',
};

/** Where Graph answers otherwise than the class of the refusal says. */
const exceptions: Readonly<Record<string, { status: number; code: GraphErrorCode; detail?: string }>> = {
  // Interop: the Graph SDKs, az and Terraform recognise a taken name by this status and detail.
  'directory.name_taken': { status: 400, code: 'Request_BadRequest', detail: 'ObjectConflict' },
  'directory.filter_invalid': { status: 400, code: 'Request_UnsupportedQuery' },
  'directory.filter_too_complex': { status: 400, code: 'Request_UnsupportedQuery' },
  'directory.order_invalid': { status: 400, code: 'Request_UnsupportedQuery' },
};

/**
 * Turns whatever a request failed with into Microsoft Graph's error. Undefined for bugs, whose text never leaves the
 * server.
 */
export function answerError(error: unknown, trace: Trace): ErrorAnswer | undefined {
  if (error instanceof GraphError) {
    const { headers = {}, details } = error.options;
    return errorAnswer(trace, error.status, error.code, error.message, { headers, ...(details && { details }) });
  }
  if (error instanceof UnauthenticatedError) {
    return errorAnswer(trace, 401, 'InvalidAuthenticationToken', error.message, { headers: { ...error.headers } });
  }
  if (error instanceof TemporaryFailure) {
    const headers = { 'retry-after': String(error.retryAfterSeconds) };
    return errorAnswer(trace, 503, 'Service_ServiceUnavailable', `Try again later: ${error.message}`, { headers });
  }
  if (error instanceof Refusal) return answerRefusal(error, trace);
  return undefined;
}

function answerRefusal(refusal: Refusal, trace: Trace): ErrorAnswer {
  const exception = exceptions[refusal.code];
  const { retryAfterSeconds } = refusal.details;
  return errorAnswer(
    trace,
    exception?.status ?? refusal.status,
    exception?.code ?? codeByStatus[refusal.status],
    refusal.message,
    {
      headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
      refusal: refusal.code,
      ...(exception?.detail && {
        details: [{ code: exception.detail, message: refusal.message, target: String(refusal.details['space'] ?? '') }],
      }),
    },
  );
}

/** The answer itself. `innerError.code` is the stable code of our own refusal, where there is one. */
export function errorAnswer(
  trace: Trace,
  status: number,
  code: GraphErrorCode,
  message: string,
  extra: { headers?: Record<string, string>; details?: unknown; refusal?: string } = {},
): ErrorAnswer {
  return {
    status,
    headers: extra.headers ?? {},
    body: {
      error: {
        code,
        message,
        ...(extra.details !== undefined && { details: extra.details }),
        innerError: {
          ...(extra.refusal !== undefined && { code: extra.refusal }),
          date: trace.at.toISOString().slice(0, 19),
          'request-id': trace.requestId,
          'client-request-id': trace.clientRequestId,
        },
      },
    },
  };
}
