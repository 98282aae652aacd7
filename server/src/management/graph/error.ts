/** Microsoft Graph's error codes that this API answers. https://learn.microsoft.com/graph/errors */
export type GraphErrorCode =
  | 'Authorization_RequestDenied'
  | 'BadRequest'
  | 'Directory_ExpiredPageToken'
  | 'FailedDependency'
  | 'InvalidAuthenticationToken'
  | 'PreconditionFailed'
  | 'RequestBodyTooLarge'
  | 'Request_BadRequest'
  | 'Request_MultipleObjectsWithSameKeyValue'
  | 'Request_ResourceNotFound'
  | 'Request_UnsupportedQuery'
  | 'Service_InternalServerError'
  | 'Service_ServiceUnavailable'
  | 'TooManyRequests'
  | 'UnsupportedMediaType'
  | 'resyncRequired';

export interface GraphErrorOptions {
  headers?: Record<string, string>;
  /** What exactly is wrong, one entry per property. */
  details?: { code: string; message: string; target: string }[];
  cause?: unknown;
}

/** A failure of the management API in Microsoft Graph's words. Its message is shown to the caller. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly status: number;
  readonly code: GraphErrorCode;
  readonly options: GraphErrorOptions;

  constructor(status: number, code: GraphErrorCode, message: string, options: GraphErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

/** The request cannot be understood. */
export function badRequest(message: string): GraphError {
  return new GraphError(400, 'BadRequest', message);
}

/** The query is understood, and not supported. */
export function unsupportedQuery(message: string): GraphError {
  return new GraphError(400, 'Request_UnsupportedQuery', message);
}

/** The object is not there, or not in this tenant: both look the same. */
export function notFound(key: string): GraphError {
  return new GraphError(404, 'Request_ResourceNotFound', `Resource '${key}' does not exist in this tenant.`);
}

/** The caller may not do this. */
export function denied(reason: string): GraphError {
  const message = `Insufficient privileges to complete the operation. ${reason}`;
  return new GraphError(403, 'Authorization_RequestDenied', message);
}

/** Interop: azure-cli and the Graph SDKs recognise this sentence. */
export function alreadyThere(property: string): GraphError {
  const message = `One or more added object references already exist for the following modified properties: '${property}'.`;
  return new GraphError(400, 'Request_BadRequest', message);
}
