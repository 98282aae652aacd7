import type { Operation, Operations, Parameters, ParsedRequestOf } from '@countersign/management-api';
import type { ApplicationStores } from '../../applications/index.ts';
import type { Act, AuditStore } from '../../audit/index.ts';
import type { BrandingStore } from '../../branding/index.ts';
import type { DirectoryStores, ObjectKind, PasswordHasher } from '../../directory/index.ts';
import type { FederationMetadataStores, FetchMetadata } from '../../federation-metadata/index.ts';
import type { ScimTokenStore } from '../../inbound-provisioning/index.ts';
import type { RedeemableStore, SigningKeyStore } from '../../issuance/index.ts';
import type { OpenTarget, ProvisioningStores } from '../../provisioning/index.ts';
import type { RuleGroupStores } from '../../rule-groups/index.ts';
import type { SetupStore } from '../../setup/index.ts';
import type { LogoutNoticeStore, SessionStore, SignInEventStore, SignInTraceStore } from '../../sign-in/index.ts';
import type { UpstreamProviderStore } from '../../upstream-providers/index.ts';
import type { UserFlowStores } from '../../user-flows/index.ts';
import type { Caller } from '../caller.ts';
import type { ErrorAnswer } from './answer-error.ts';
import type { Continuation } from './odata/continuation.ts';
import type { QueryOptions } from './odata/query-options.ts';

type FlowStores = Pick<UserFlowStores, 'flows' | 'attempts' | 'authenticationMethods' | 'outgoing' | 'recoveryCodes'>;

/** The stores that handlers use. */
export interface ManagementStores
  extends DirectoryStores,
    ApplicationStores,
    FlowStores,
    RuleGroupStores,
    ProvisioningStores,
    FederationMetadataStores {
  audit: AuditStore;
  signingKeys: SigningKeyStore;
  setup: SetupStore;
  sessions: SessionStore;
  logoutNotices: LogoutNoticeStore;
  branding: BrandingStore;
  signInEvents: SignInEventStore;
  signInTraces: SignInTraceStore;
  scimTokens: ScimTokenStore;
  upstreamProviders: UpstreamProviderStore;
  redeemables: RedeemableStore;
}

/** The database as handlers see it: committed state to read, and transactions to write. */
export interface ManagementStorage {
  readonly read: ManagementStores;
  write<Result>(work: (stores: ManagementStores) => Promise<Result>): Promise<Result>;
}

/** What calls need of their surroundings, the same for all of them. */
export interface Surroundings {
  readonly storage: ManagementStorage;
  readonly continuation: Continuation;
  readonly passwords: PasswordHasher;
  /** The tenant whose administrators manage the hub and all of its tenants. */
  readonly hubTenantId: string;
  /** At which the hub is reached, and by which its tenants are known as issuers. */
  readonly publicUrl: URL;
  /** The TXT records of a domain, as the DNS has them now; none when there is no such domain. */
  readonly resolveTxt: (domain: string) => Promise<readonly string[]>;
  /** Fetches metadata from addresses that administrators give. */
  readonly fetchMetadata: FetchMetadata;
  /** Opens targets of provisioning. */
  readonly openTarget: OpenTarget;
  readonly now: () => Date;
  readonly newId: () => string;
  /** Bytes from a cryptographic generator. */
  readonly randomBytes: (size: number) => Uint8Array;
  /** Takes what nobody foresaw, when the answer does not end with it. */
  readonly reportBug: (error: unknown, requestId: string) => void;
}

/** One call of an operation: who, where, with what. Everything in it is checked against the operation's declaration. */
export interface Call extends Surroundings {
  readonly operation: string;
  readonly caller: Caller;
  /** Tenant, actor, time and ids for whatever is done by this call. */
  readonly act: Act;
  readonly tenantId: string;
  /** What stands at the places in the operation's path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: QueryOptions;
  /** The kind to which a collection of mixed kinds is narrowed. */
  readonly cast: ObjectKind | undefined;
  /** Address of the request, as the client sees it. */
  readonly url: URL;
  /** Address of the API, such as `https://localhost:8443/v1.0`. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Calls another operation as the same caller. */
  dispatch(request: OperationRequest): Promise<OperationAnswer>;
  /** The answer that says what failed. Bugs are reported. */
  describeError(error: unknown): ErrorAnswer;
}

/** A call of a certain operation. */
export interface CallOf<Op extends Operation> extends Call {
  readonly parameters: Parameters<Op>;
  readonly body: ParsedRequestOf<Op>;
}

/** A call that names one object in its path. */
export type CallWithId = Call & { readonly parameters: { readonly id: string } };

/** A request to an operation, alone or as a part of a batch. */
export interface OperationRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string | undefined>>;
  /** Read but not yet held against the declaration. */
  readBody: () => unknown;
  correlationId: string;
}

/** What a handler answers. Status and content type come from the operation's declaration. */
export interface Answer {
  /** JSON, or a text where the operation's content type says so. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Sent as it comes, in place of a body. */
  stream?: AsyncIterable<string>;
}

/** What an operation answered. */
export interface OperationAnswer extends Answer {
  status: number;
  contentType: string | undefined;
}

export type Handler<Op extends Operation> = (call: CallOf<Op>) => Promise<Answer>;

/** A handler for each operation of a table. */
export type Handlers<Table extends Operations> = { readonly [Name in keyof Table]: Handler<Table[Name]> };
