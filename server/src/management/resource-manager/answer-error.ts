import { Refusal, TemporaryFailure } from '../../refusal.ts';
import { UnauthenticatedError } from '../authenticate.ts';
import type { HttpResponse } from '../http.ts';
import { ResourceManagerError, type ResourceManagerErrorCode } from './error.ts';

const codeByStatus: Readonly<Record<number, ResourceManagerErrorCode>> = {
  401: 'AuthenticationFailed',
  403: 'AuthorizationFailed',
  404: 'NotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  503: 'ServerBusy',
};

/** Turns what a request failed with into Azure Resource Manager's error. Undefined for bugs. */
export function answerError(error: unknown): HttpResponse | undefined {
  if (error instanceof ResourceManagerError) return errorAnswer(error.status, error.message, {}, error.code);
  if (error instanceof UnauthenticatedError) return errorAnswer(401, error.message, error.headers);
  if (error instanceof TemporaryFailure) {
    return errorAnswer(503, `Try again later: ${error.message}`, { 'retry-after': String(error.retryAfterSeconds) });
  }
  if (error instanceof Refusal) {
    const { retryAfterSeconds } = error.details;
    const headers = retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) };
    return errorAnswer(error.status, error.message, headers);
  }
  return undefined;
}

/** The answer itself, with the code of the status where there is no better one. */
export function errorAnswer(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  code: ResourceManagerErrorCode = codeByStatus[status] ?? (status >= 500 ? 'InternalServerError' : 'BadRequest'),
): HttpResponse {
  return jsonAnswer(status, { error: { code, message } }, headers);
}

export function jsonAnswer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}
