/** Azure Resource Manager's error codes that this API answers. */
export type ResourceManagerErrorCode =
  | 'AuthenticationFailed'
  | 'AuthorizationFailed'
  | 'BadRequest'
  | 'Conflict'
  | 'InternalServerError'
  | 'InvalidApiVersionParameter'
  | 'MissingApiVersionParameter'
  | 'NotFound'
  | 'ServerBusy'
  | 'SubscriptionNotFound'
  | 'TooManyRequests';

/** A failure in Azure Resource Manager's words. Its message is shown to the caller. */
export class ResourceManagerError extends Error {
  override readonly name = 'ResourceManagerError';
  readonly status: number;
  readonly code: ResourceManagerErrorCode;

  constructor(status: number, code: ResourceManagerErrorCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
