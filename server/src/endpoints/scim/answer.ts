import {
  buildErrorResponse,
  type JsonObject,
  messageUrns,
  ScimError,
  type ScimErrorCode,
  scimMediaType,
} from '@countersign/scim';
import { Refusal, TemporaryFailure } from '../../refusal.ts';
import type { HttpResponse } from '../http.ts';

/** What became of a request for one resource. */
export interface ScimAnswer {
  status: number;
  /** Address of the resource. */
  location?: string;
  version?: string;
  body?: JsonObject;
}

export function buildHttpResponse({ status, location, version, body }: ScimAnswer): HttpResponse {
  return {
    status,
    headers: {
      ...(location !== undefined && { location }),
      ...(version !== undefined && { etag: version }),
      ...(body && { 'content-type': `${scimMediaType}; charset=utf-8` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  };
}

/** Refusals that mean something to SCIM clients, beyond the HTTP class. */
const codes: Readonly<Record<string, ScimErrorCode>> = {
  'directory.name_taken': 'uniqueness',
  'directory.changed_meanwhile': 'preconditionFailed',
  'directory.filter_invalid': 'invalidFilter',
  'directory.filter_too_complex': 'invalidFilter',
};

const codesByStatus: Readonly<Partial<Record<number, ScimErrorCode>>> = {
  400: 'invalidValue',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  412: 'preconditionFailed',
  413: 'payloadTooLarge',
  429: 'tooManyRequests',
};

/** The error of SCIM for whatever a request failed with; undefined for bugs, whose text never leaves the server. */
export function toScimError(error: unknown): ScimError | undefined {
  if (error instanceof ScimError) return error;
  if (error instanceof TemporaryFailure) {
    const detail = `This cannot be answered now. Try again in ${error.retryAfterSeconds} seconds.`;
    return new ScimError('unavailable', detail, { cause: error });
  }
  const code = error instanceof Refusal ? (codes[error.code] ?? codesByStatus[error.status]) : undefined;
  return code && error instanceof Refusal ? new ScimError(code, error.message, { cause: error }) : undefined;
}

/** The answer to a request that failed. */
export function answerError(error: ScimError): HttpResponse {
  const response = buildHttpResponse({ status: error.status, body: buildErrorResponse(error) });
  const { cause } = error;
  const retryAfter =
    cause instanceof TemporaryFailure
      ? cause.retryAfterSeconds
      : cause instanceof Refusal
        ? cause.details['retryAfterSeconds']
        : undefined;
  const headers = {
    ...response.headers,
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    // RFC 6750 3: whoever asks without a good token is told which kind is wanted.
    ...(error.code === 'unauthorized' && { 'www-authenticate': 'Bearer realm="scim"' }),
  };
  return { ...response, headers };
}

/** The same for what failed before or after the endpoint had the request: too large a body, a bug. */
export function answerFailure({ status, message }: { status: number; message: string }): HttpResponse {
  return buildHttpResponse({
    status,
    body: { schemas: [messageUrns.error], status: String(status), detail: message },
  });
}
