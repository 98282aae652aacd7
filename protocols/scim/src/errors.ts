/**
 * The errors of SCIM (RFC 7644 3.12, RFC 9865 2.1): one catalogue, one exception. `detail` is for the peer, `reason` for
 * the log; neither carries a secret.
 */

interface ErrorDescription {
  /** HTTP status of the answer. */
  readonly status: number;
  /** The keyword of RFC 7644 table 9 or RFC 9865; absent where the HTTP status says it all. */
  readonly scimType?: string;
  readonly meaning: string;
}

/** Every error a SCIM answer can carry. A code that has been retired is never used again. */
export const scimErrors = {
  invalidFilter: {
    status: 400,
    scimType: 'invalidFilter',
    meaning: 'The filter cannot be read, is too large, or compares an attribute in a way it cannot be compared.',
  },
  tooMany: { status: 400, scimType: 'tooMany', meaning: 'The filter matches more resources than can be worked on.' },
  uniqueness: {
    status: 409,
    scimType: 'uniqueness',
    meaning: 'Another resource already has a value that must be unique.',
  },
  mutability: {
    status: 400,
    scimType: 'mutability',
    meaning: 'The change touches an attribute that cannot be changed, or empties one that is required.',
  },
  invalidSyntax: { status: 400, scimType: 'invalidSyntax', meaning: 'The body is not the message that was expected.' },
  invalidPath: { status: 400, scimType: 'invalidPath', meaning: 'The path names no attribute of the resource type.' },
  noTarget: { status: 400, scimType: 'noTarget', meaning: 'The path selects no value that could be changed.' },
  invalidValue: { status: 400, scimType: 'invalidValue', meaning: 'A value is missing or is not of its attribute.' },
  invalidVers: { status: 400, scimType: 'invalidVers', meaning: 'The version of the SCIM protocol is not supported.' },
  sensitive: { status: 403, scimType: 'sensitive', meaning: 'The URL carries information that must not be in a URL.' },
  invalidCursor: { status: 400, scimType: 'invalidCursor', meaning: 'The cursor was not given out for this query.' },
  expiredCursor: { status: 400, scimType: 'expiredCursor', meaning: 'The cursor is too old; start again without one.' },
  invalidCount: { status: 400, scimType: 'invalidCount', meaning: 'A page by cursor holds at least one resource.' },
  unauthorized: { status: 401, meaning: 'The token is missing, unknown, expired or revoked.' },
  forbidden: { status: 403, meaning: 'The token does not allow this.' },
  notFound: { status: 404, meaning: 'There is no such resource or endpoint.' },
  conflict: { status: 409, meaning: 'The change cannot be reconciled with the present state.' },
  preconditionFailed: { status: 412, meaning: 'The resource has changed since the version that the request names.' },
  payloadTooLarge: { status: 413, meaning: 'The request exceeds a limit of ServiceProviderConfig.' },
  unsupportedMediaType: { status: 415, meaning: 'The body is neither application/scim+json nor application/json.' },
  tooManyRequests: { status: 429, meaning: 'The client asks too fast; Retry-After says when to come back.' },
  internal: { status: 500, meaning: 'The server failed; the reference finds the reason in its log.' },
  notImplemented: { status: 501, meaning: 'The endpoint does not offer this operation.' },
  unavailable: { status: 503, meaning: 'The server cannot answer now; Retry-After says when to come back.' },
} as const satisfies Record<string, ErrorDescription>;

export type ScimErrorCode = keyof typeof scimErrors;

/** The only exception that parsing, checking and applying SCIM messages throws. */
export class ScimError extends Error {
  override readonly name = 'ScimError';
  readonly code: ScimErrorCode;
  /** What the peer is told: what is wrong, where, and what to do. */
  readonly detail: string;
  /** What the log is told. */
  readonly reason: string;

  constructor(code: ScimErrorCode, detail: string, options: { reason?: string; cause?: unknown } = {}) {
    const reason = options.reason ?? detail;
    super(`${code}: ${reason}`, { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.reason = reason;
  }

  get status(): number {
    return scimErrors[this.code].status;
  }

  get scimType(): string | undefined {
    const description: ErrorDescription = scimErrors[this.code];
    return description.scimType;
  }
}

/** A peer's text as an error message may repeat it: quoted, and at most 60 characters of it. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}
