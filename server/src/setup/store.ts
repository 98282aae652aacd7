/** Where it is kept whether the hub has its first administrator. It belongs to no tenant. */
export interface SetupStore {
  /** When the first administrator was made; undefined before. */
  finishedAt(): Promise<Date | undefined>;
  /** Keeps the time and forgets every secret. False when it was finished before, also by another transaction. */
  finish(at: Date): Promise<boolean>;
  /** Keeps the digest of a secret. Several work side by side: each process of a hub prints its own. */
  addSecret(digest: string, endsAt: Date): Promise<void>;
  /** Until when the secret of this digest works; undefined when there is none. */
  secretEndsAt(digest: string): Promise<Date | undefined>;
  removeSecretsEndedBefore(time: Date): Promise<void>;
}
