// The roles of WS-Federation in metadata (WS-Federation 1.2 3.1), as far as sign-in and sign-out need them.

export interface FederationMetadata {
  entityId: string;
  /** Not to be used after this instant. */
  validUntil?: Date | undefined;
  securityTokenService?: SecurityTokenService | undefined;
  application?: FederationApplication | undefined;
}

export interface ClaimDescription {
  /** The claim's type, a URI. */
  type: string;
  displayName?: string | undefined;
  description?: string | undefined;
}

/** Who issues tokens (WS-Federation 1.2 3.1.2.2). */
export interface SecurityTokenService {
  displayName?: string | undefined;
  /** Certificates, DER in base64: while one rolls over, there are two, the current one first. */
  signingCertificates: readonly string[];
  /** URIs of the kinds of token. */
  tokenTypes: readonly string[];
  claimTypes: readonly ClaimDescription[];
  /** Addresses of WS-Trust, each perhaps with that of its WS-MetadataExchange document. */
  tokenEndpoints: readonly { address: string; metadataAddress?: string | undefined }[];
  /** Addresses for browsers. */
  passiveEndpoints: readonly string[];
}

/** Who takes tokens (WS-Federation 1.2 3.1.2.3). */
export interface FederationApplication {
  displayName?: string | undefined;
  encryptionCertificates: readonly string[];
  claimTypes: readonly (ClaimDescription & { isRequired: boolean })[];
  /** The names that it goes by as an audience. */
  audiences: readonly string[];
  passiveEndpoints: readonly string[];
}
