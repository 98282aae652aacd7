export type PartyKind = 'identityProvider' | 'relyingParty';

/** Whose metadata it is: an identity provider by its id, or a relying party by that of its service principal. */
export interface Party {
  kind: PartyKind;
  id: string;
}

/** Where a party publishes its metadata. */
export interface MetadataSource {
  url: string;
  /** The entity of the document that is meant. It never becomes another. */
  entityId: string;
  /** Certificate, DER in base64, of the key that must have signed the document; null: TLS alone vouches for it. */
  signingCertificate: string | null;
}

/** Metadata that is fetched again and again. */
export interface FollowedMetadata {
  party: Party;
  source: MetadataSource;
  /** When a document was last fetched that could be used. */
  fetchedAt: Date;
  /** When one last changed the trust. */
  changedAt: Date;
  /** Settings of which the last document said something, such as `saml.singleLogout`: the others are administrators'. */
  settings: readonly string[];
  /** Until when the last document said that it is valid. */
  validUntil: Date | null;
  nextFetchAt: Date;
  /** Why there has been no usable document since then. The trust stays as it was. */
  failure: { since: Date; problem: string } | null;
}

export interface FollowedMetadataStore {
  /** Adds it, or replaces that of the same party. */
  save(tenantId: string, followed: FollowedMetadata): Promise<void>;
  find(tenantId: string, party: Party): Promise<FollowedMetadata | undefined>;
  /** All of a tenant that are of one kind. */
  list(tenantId: string, kind: PartyKind): Promise<FollowedMetadata[]>;
  remove(tenantId: string, party: Party): Promise<boolean>;
  /** Those of any tenant that are to be fetched, the longest overdue first. Without tenant: for the whole hub's job. */
  listDue(now: Date, limit: number): Promise<{ tenantId: string; followed: FollowedMetadata }[]>;
  /** How many of all tenants fail. */
  countFailing(): Promise<number>;
}

/** That administrators were told that the certificates of a party end. */
export interface CertificateWarning {
  party: Party;
  endsAt: Date;
  /** The fewest days before for which a warning was given. */
  days: number;
}

export interface CertificateWarningStore {
  save(tenantId: string, warning: CertificateWarning): Promise<void>;
  list(tenantId: string): Promise<CertificateWarning[]>;
  remove(tenantId: string, party: Party): Promise<void>;
  /** How many parties of all tenants have been warned of. */
  count(): Promise<number>;
}

export interface FederationMetadataStores {
  followedMetadata: FollowedMetadataStore;
  certificateWarnings: CertificateWarningStore;
}
