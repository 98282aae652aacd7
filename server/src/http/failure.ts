import { Refusal, TemporaryFailure } from '../refusal.ts';
import { refuse } from './errors.ts';
import type { Failure } from './route.ts';

/**
 * What is told about an error. A refusal says what it is; a temporary failure only when to come again; a bug nothing but
 * the reference under which the log has it.
 */
export function failureOf(error: unknown, requestId: string): Failure {
  if (error instanceof Refusal) {
    const { code, status, message, details } = error;
    const retryAfterSeconds = details['retryAfterSeconds'];
    const failure = { status, code, message, requestId };
    return typeof retryAfterSeconds === 'number' ? { ...failure, retryAfterSeconds } : failure;
  }
  if (error instanceof TemporaryFailure) {
    const { retryAfterSeconds } = error;
    return {
      status: 503,
      code: 'http.unavailable',
      message: `This cannot be answered now. Try again in ${retryAfterSeconds} seconds.`,
      requestId,
      retryAfterSeconds,
    };
  }
  return {
    status: 500,
    code: 'http.failed',
    message: `Something went wrong here. It stands in the log under ${requestId}.`,
    requestId,
  };
}

/** The refusal behind an error of the web framework or of Node's reader of HTTP; undefined for every other error. */
export function refusalOfFramework(error: unknown, limits: { bodyBytes: number; headerBytes: number }) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('http.body_too_large', { limit: limits.bodyBytes });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('http.media_type_not_supported', { header: 'Content-Type' });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refuse('http.malformed_request', { reason: 'its body has another length than Content-Length says' });
    case 'HPE_HEADER_OVERFLOW':
      return refuse('http.headers_too_large', { limit: limits.headerBytes });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return refuse('http.request_too_slow');
    default:
      return code.startsWith('HPE_') ? refuse('http.malformed_request', { reason: 'it cannot be parsed' }) : undefined;
  }
}
