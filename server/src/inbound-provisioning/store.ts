/** What a token allows. Who may write may also read, since answers show what was written. */
export const scimScopes = ['users.read', 'users.write', 'groups.read', 'groups.write'] as const;
export type ScimScope = (typeof scimScopes)[number];

/** The dialects of SCIM that a client can be answered in, by the names that `@countersign/scim` gives them. */
export const scimDialectNames = ['tolerant', 'standard', 'entra', 'aws-identity-center'] as const;
export type ScimDialectName = (typeof scimDialectNames)[number];

/** Bytes of randomness in a token: 256 bits. */
export const scimTokenBytes = 32;

/** The credential of one SCIM client. Its text is shown once; only digests are kept. */
export interface ScimToken {
  id: string;
  /** Unique within the tenant, without regard to case. */
  label: string;
  scopes: readonly ScimScope[];
  dialect: ScimDialectName;
  /** E-mail address that is warned before the token expires. */
  contact: string | null;
  /** The beginning of the present text, by which people recognise it. */
  hint: string;
  /** SHA-256 in base64url. */
  digest: string;
  /** The text before the last rotation, and until when it is accepted. */
  previous: { digest: string; endsAt: Date } | null;
  createdAt: Date;
  expiresAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
  /** The fewest days before the expiry for which a warning was given; null before the first. */
  warnedDays: number | null;
}

export interface ScimTokenStore {
  /** @throws Refusal `inbound_provisioning.label_taken` */
  insert(tenantId: string, token: ScimToken): Promise<void>;
  /**
   * Keeps all but the last use.
   * @throws Refusal `inbound_provisioning.label_taken`
   */
  update(tenantId: string, token: ScimToken, at: Date): Promise<void>;
  remove(tenantId: string, id: string, at: Date): Promise<void>;
  find(tenantId: string, id: string): Promise<ScimToken | undefined>;
  /** By the digest of its present or its former text, whether or not that is still accepted. */
  findByDigest(tenantId: string, digest: string): Promise<ScimToken | undefined>;
  /** By label. */
  list(tenantId: string): Promise<ScimToken[]>;
  /** Sets the time of last use, unless a later one is known. */
  noteUse(tenantId: string, id: string, at: Date): Promise<void>;
  /** Tokens of any tenant that expire between the two times, the first one first. Without tenant: for the whole hub's job. */
  listExpiring(after: Date, before: Date): Promise<{ tenantId: string; token: ScimToken }[]>;
}
