import type { ApplicationStores } from '../applications/index.ts';
import type { AuditStore } from '../audit/index.ts';
import type { BrandingStore } from '../branding/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import type { FederationMetadataStores } from '../federation-metadata/index.ts';
import type { ScimTokenStore } from '../inbound-provisioning/index.ts';
import type { RedeemableStores, SigningKeyStore } from '../issuance/index.ts';
import type { LeaseStore, ProcessRegister } from '../jobs/index.ts';
import type { ProvisioningStores } from '../provisioning/index.ts';
import type { RuleGroupStores } from '../rule-groups/index.ts';
import type { SetupStore } from '../setup/index.ts';
import type { SignInStores } from '../sign-in/index.ts';
import type { UpstreamProviderStore } from '../upstream-providers/index.ts';
import type { UserFlowStores } from '../user-flows/index.ts';

/** Every store of every feature. Features name just those that they need. */
export interface Stores
  extends DirectoryStores,
    ApplicationStores,
    RuleGroupStores,
    RedeemableStores,
    UserFlowStores,
    SignInStores,
    ProvisioningStores,
    FederationMetadataStores {
  audit: AuditStore;
  branding: BrandingStore;
  setup: SetupStore;
  signingKeys: SigningKeyStore;
  leases: LeaseStore;
  processes: ProcessRegister;
  scimTokens: ScimTokenStore;
  upstreamProviders: UpstreamProviderStore;
}

/** The database as features see it. */
export interface Storage {
  /** Reads what is committed. */
  readonly read: Stores;
  /**
   * Runs the work in one transaction, and resolves when its writes are durable; when it throws, nothing is kept. The work
   * may be run again after a deadlock, and must not wait for anything but the stores.
   *
   * @throws TemporaryFailure when the database is away
   */
  write<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  /** The same for what nobody remembers: not one of `madeWrites`. */
  writeBeside: Storage['write'];
  /** Throws unless the database answers and has our tables. */
  check(): Promise<void>;
  /** How many writes were made through this, by whomever in this process. */
  madeWrites(): number;
  /** How many writes wait for their turn. */
  waitingWrites(): number;
  close(): Promise<void>;
}
