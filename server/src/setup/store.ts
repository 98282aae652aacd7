/** What is kept of how the hub was set up. It belongs to no tenant. */
export interface SetupStore {
  /** When the first administrator was made; undefined before. */
  finishedAt(): Promise<Date | undefined>;
  /** Keeps the time and forgets every secret. False when it was finished before, also by another transaction. */
  finish(at: Date): Promise<boolean>;
  /** The tenant whose administrators manage the hub; undefined before the first start. */
  hubTenantId(): Promise<string | undefined>;
  /** Keeps the hub's tenant. False when there is one already, also of another transaction. */
  keepHubTenantId(tenantId: string): Promise<boolean>;
  /** Whether the first start was to make the demo tenants, and has not made all of them. */
  isDemoDue(): Promise<boolean>;
  setDemoDue(isDue: boolean): Promise<void>;
  /** Keeps the digest of a secret. Several work side by side: each process of a hub prints its own. */
  addSecret(digest: string, endsAt: Date): Promise<void>;
  /** Until when the secret of this digest works; undefined when there is none. */
  secretEndsAt(digest: string): Promise<Date | undefined>;
  removeSecretsEndedBefore(time: Date): Promise<void>;
}
