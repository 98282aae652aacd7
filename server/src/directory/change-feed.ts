/**
 * One row of the change feed: something happened to something. It says what to look at again, not what is there now;
 * readers read the object itself.
 */
export interface Change {
  tenantId: string;
  at: Date;
  /** Kind of the object, or of the other thing: `tenant`, `appRoleAssignment`, `permissionGrant` ... */
  kind: string;
  objectId: string;
  /** `linked` and `unlinked` tell of relations; their detail is {relation, toId, toKind}. */
  verb: 'created' | 'updated' | 'deleted' | 'restored' | 'purged' | 'linked' | 'unlinked';
  /** {attributes: names of the changed ones}, or the relation. */
  detail: Record<string, string | string[]> | null;
  position: ChangePosition;
}

/** A place, and the feed in which it means something. */
export interface FeedPlace {
  feedId: string;
  position: ChangePosition;
}

/** How many changes there are of things of one kind in one tenant. */
export type ChangeCount = Pick<Change, 'tenantId' | 'kind'> & { count: number };

/** A place in the feed; later changes have greater places. Keep it as it is. */
export interface ChangePosition {
  transaction: number;
  sequence: number;
}

/**
 * The feed of all writes to directory, applications and assignments, in an order in which nothing ever appears before a
 * place that was already read: a change whose transaction is still running hides those after it.
 */
export interface ChangeFeed {
  append(changes: readonly Omit<Change, 'position'>[]): Promise<void>;
  /**
   * Changes after the place, oldest first; of one tenant, or of all for jobs of the whole hub.
   *
   * @param end  a place that `end` told: changes up to there, and all of them. Else those that are safe to read now, which
   *   may be fewer.
   */
  read(after: ChangePosition, limit: number, tenantId?: string, end?: ChangePosition): Promise<Change[]>;
  /**
   * How much is committed after the place, by tenant and kind. Unlike `read` it does not wait for transactions that still
   * run: whoever keeps copies compares the numbers, which grow with every change, in whatever order they become visible.
   */
  countAfter(position: ChangePosition): Promise<ChangeCount[]>;
  /** The place after everything that is safe to read now. */
  end(): Promise<ChangePosition>;
  /** The first place that is still complete. A reader before it must start anew. */
  start(): Promise<ChangePosition>;
  /** Identifies this feed: another one after a restore, when places of the old one mean nothing. */
  feedId(): Promise<string>;
  /** To where a reader of all tenants has come; undefined before it began. */
  findPlace(reader: string): Promise<FeedPlace | undefined>;
  keepPlace(reader: string, place: FeedPlace): Promise<void>;
  /** Forgets what is older. */
  prune(before: Date): Promise<void>;
}
