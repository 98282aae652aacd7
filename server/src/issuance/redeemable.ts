/**
 * Kinds of things that are handed out to be handed back. A `grant` is what a person allowed; everything else of its
 * family was issued on it.
 */
export type RedeemableKind =
  | 'grant'
  | 'authorizationCode'
  | 'deviceCode'
  | 'refreshToken'
  | 'accessToken'
  | 'pushedRequest'
  | 'registrationToken'
  /** The link by which an administrator elsewhere completes a trust. */
  | 'setupLink'
  /** A sign-in by which that administrator tries the trust. */
  | 'setupLinkTrial'
  /** A token for an application that may act for the person of whom it speaks. */
  | 'securityToken'
  /** The question to an application whether its session has ended, for the answer. */
  | 'signOut';

/** Something that was handed out and means something to us only as long as its row is there. */
export interface Redeemable {
  kind: RedeemableKind;
  /** SHA-256 of its value in base64url: whoever reads the database can redeem nothing. */
  digest: string;
  /** Digest of the grant, which everything that came from one sign-in has in common. Null for what came from none. */
  familyDigest: string | null;
  /** Digest of a second, shorter name, such as the code that a person types for a device. */
  aliasDigest: string | null;
  /** JSON of whoever handed it out. */
  content: Readonly<Record<string, unknown>>;
  expiresAt: Date;
  /** When it was redeemed; it is kept until it expires, so that a second time is noticed. */
  redeemedAt: Date | null;
}

/** What is handed out in place of something that was redeemed, in the same family. */
export type HandedOut = Pick<Redeemable, 'kind' | 'digest' | 'content' | 'expiresAt'>;

/** What was handed out, and the grant of its family as long as that is there. */
export interface RedeemableWithGrant {
  found: Redeemable;
  grant: Pick<Redeemable, 'content' | 'expiresAt'> | undefined;
}

/** Of several who redeem the same at one time, this one was not the first. */
export class AlreadyRedeemedError extends Error {
  constructor() {
    super('It was redeemed already, or is gone.');
  }
}

/** Where they are kept. */
export interface RedeemableStore {
  /**
   * Keeps it in place of the one with the same kind and digest, whose redemption stays. A grant lives as long as
   * everything that was issued on it.
   */
  save(tenantId: string, redeemable: Omit<Redeemable, 'redeemedAt'>): Promise<void>;
  /** Finds it though it is expired or redeemed. */
  find(tenantId: string, kind: RedeemableKind, digest: string): Promise<Redeemable | undefined>;
  /** The same, and the grant of its family. */
  findWithGrant(tenantId: string, kind: RedeemableKind, digest: string): Promise<RedeemableWithGrant | undefined>;
  findByAlias(tenantId: string, kind: RedeemableKind, aliasDigest: string): Promise<Redeemable | undefined>;
  /** Of all who redeem it, at once or one after another, exactly one gets true. */
  redeem(tenantId: string, kind: RedeemableKind, digest: string, at: Date): Promise<boolean>;
  /**
   * Redeems it and keeps what is handed out in its place, as `redeem` and `save` do.
   *
   * @throws AlreadyRedeemedError to all who redeem it but the first: their transaction must be given up
   */
  exchange(
    tenantId: string,
    redeemed: Pick<Redeemable, 'kind' | 'digest' | 'familyDigest'>,
    at: Date,
    handedOut: readonly HandedOut[],
  ): Promise<void>;
  remove(tenantId: string, kind: RedeemableKind, digest: string): Promise<void>;
  /** Removes the grant and everything that was issued on it; or just what is of one kind. */
  removeFamily(tenantId: string, familyDigest: string, kind?: RedeemableKind): Promise<void>;
  /** Removes what had expired before, of the whole hub, and says how many at most `limit`. */
  removeExpired(before: Date, limit: number): Promise<number>;
}

/** Ids of messages that must not be accepted twice: client assertions, proofs, SAML assertions. */
export interface UsedIdStore {
  /**
   * Remembers that the id was used. False when it was used before, by whomever.
   *
   * @param until  when the message expires, so that its id need not be remembered any longer
   */
  use(tenantId: string, id: string, until: Date): Promise<boolean>;
  /** Forgets those whose time was over before, of the whole hub, and says how many, at most `limit`. */
  removeExpired(before: Date, limit: number): Promise<number>;
}

/** What issuance keeps of what was handed out. */
export interface RedeemableStores {
  redeemables: RedeemableStore;
  usedIds: UsedIdStore;
}
