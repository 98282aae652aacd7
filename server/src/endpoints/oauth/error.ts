/** An error in the form of RFC 6749 5.2, of requests that never reach the provider. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly status: number;
  /** `error` */
  readonly code: string;

  constructor(status: number, code: string, description: string) {
    super(description);
    this.status = status;
    this.code = code;
  }
}
