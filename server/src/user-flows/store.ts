import type { UserFlow } from './flow.ts';
import type { CodePlace } from './one-time-codes.ts';

/** Where a tenant's flows are kept. */
export interface FlowStore {
  /** Adds the flow, or replaces the one of that name. */
  save(tenantId: string, flow: UserFlow): Promise<void>;
  remove(tenantId: string, name: string): Promise<boolean>;
  /** The name is compared without regard to case. */
  find(tenantId: string, name: string): Promise<UserFlow | undefined>;
  /** By name. */
  list(tenantId: string): Promise<UserFlow[]>;
}

/** How often something was tried in vain. */
export interface Attempts {
  count: number;
  lastAt: Date;
}

/** Where it is kept how often something was tried, under keys of the features. */
export interface AttemptStore {
  /** Makes others wait who claim the same keys, until the transaction ends; gives what is known of them. */
  claim(tenantId: string, keys: readonly string[]): Promise<ReadonlyMap<string, Attempts>>;
  /** @param forgottenAt  when the row means nothing any more and may be removed */
  save(tenantId: string, key: string, attempts: Attempts, forgottenAt: Date): Promise<void>;
  remove(tenantId: string, key: string): Promise<void>;
}

/** In which browsers users have signed in before. */
export interface KnownBrowserStore {
  has(tenantId: string, userId: string, browserDigest: string, now: Date): Promise<boolean>;
  /** @param forgottenAt  until when the browser counts as known if it is not used again */
  remember(tenantId: string, userId: string, browserDigest: string, forgottenAt: Date): Promise<void>;
}

/** Where codes are kept that were sent to somebody. */
export interface OneTimeCodeStore {
  /** Replaces the code of that place; null is a code that nobody has. */
  save(place: CodePlace, digest: string | null, expiresAt: Date): Promise<void>;
  /** Counts the try. True when it was right, the first to be so, in time, and not after too many others. */
  redeem(place: CodePlace, digest: string, mostTries: number, now: Date): Promise<boolean>;
}

/** Everything that flows keep. */
export interface UserFlowStores {
  flows: FlowStore;
  attempts: AttemptStore;
  knownBrowsers: KnownBrowserStore;
  oneTimeCodes: OneTimeCodeStore;
}
