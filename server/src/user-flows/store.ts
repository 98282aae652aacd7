import type { AuthenticationMethod, PasskeyMethod } from './authentication-method.ts';
import type { UserFlow } from './flow.ts';
import type { CodePlace } from './one-time-codes.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** Where a tenant's flows are kept. */
export interface FlowStore {
  /** Adds the flow, or replaces the one of that name. */
  save(tenantId: string, flow: UserFlow, at: Date): Promise<void>;
  remove(tenantId: string, name: string, at: Date): Promise<boolean>;
  /** The name is compared without regard to case. */
  find(tenantId: string, name: string): Promise<UserFlow | undefined>;
  /** The same; others who want to change a flow of this name wait until the transaction ends. */
  findToChange(tenantId: string, name: string): Promise<UserFlow | undefined>;
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
  /**
   * @param counted      what is now known, by key
   * @param forgottenAt  when that means nothing any more and may be removed
   */
  save(tenantId: string, counted: ReadonlyMap<string, Attempts>, forgottenAt: Date): Promise<void>;
  remove(tenantId: string, keys: readonly string[]): Promise<void>;
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

/** Where it is kept what users have registered to prove who they are. */
export interface AuthenticationMethodStore {
  /**
   * @param secret  what must be read back to check a code; kept sealed
   * @throws Refusal `user-flows.passkey_taken` when another method of the tenant has the same credential
   */
  insert(tenantId: string, userId: string, method: AuthenticationMethod, secret?: string): Promise<void>;
  /** Oldest first. */
  list(tenantId: string, userId: string): Promise<AuthenticationMethod[]>;
  findSecret(tenantId: string, userId: string, id: string): Promise<string | undefined>;
  /** Whose passkey it is. */
  findPasskey(tenantId: string, credentialId: string): Promise<{ userId: string; method: PasskeyMethod } | undefined>;
  /** Remembers a use. False, and nothing is kept, when the counter has come so far or further already. */
  advance(tenantId: string, userId: string, id: string, counter: number, at: Date): Promise<boolean>;
  /** Remembers a use of something that does not count. */
  touch(tenantId: string, userId: string, id: string, at: Date): Promise<void>;
  remove(tenantId: string, userId: string, id: string): Promise<boolean>;
}

/** Where the digests of recovery codes are kept. */
export interface RecoveryCodeStore {
  /** In place of all that the user had. */
  replace(tenantId: string, userId: string, digests: readonly string[]): Promise<void>;
  /** Takes a code. False when the user does not have it, or not any more. */
  take(tenantId: string, userId: string, digest: string): Promise<boolean>;
  count(tenantId: string, userId: string): Promise<number>;
}

/** Where it is kept which terms of use users have accepted. Versions are named once in a tenant, whatever the flow. */
export interface AcceptedTermsStore {
  /** Does nothing when the user has accepted that version before. */
  add(tenantId: string, userId: string, version: string, at: Date): Promise<void>;
  /** Oldest first. */
  list(tenantId: string, userId: string): Promise<{ version: string; acceptedAt: Date }[]>;
}

/** A message that waits to be sent. */
export interface WaitingMessage {
  tenantId: string;
  id: string;
  message: OutgoingMessage;
  /** How often it was tried in vain. */
  tries: number;
  dueAt: Date;
  expiresAt: Date;
}

/** Where messages wait. Whoever sends works for the whole hub, so that only `add` and what follows from it know tenants. */
export interface OutgoingMessageStore {
  /** Keeps the message, sealed: it may hold a code. */
  add(tenantId: string, id: string, message: OutgoingMessage, dueAt: Date, expiresAt: Date): Promise<void>;
  /** Those whose time has come, longest due first. */
  listDue(now: Date, limit: number): Promise<WaitingMessage[]>;
  /** How many wait, also for a later time. */
  count(): Promise<number>;
  /** Puts the next try off. False when another process was faster, or the message is gone. */
  postpone(waiting: WaitingMessage, next: Pick<WaitingMessage, 'tries' | 'dueAt'>): Promise<boolean>;
  remove(tenantId: string, id: string): Promise<boolean>;
}

/** Everything that flows keep. */
export interface UserFlowStores {
  flows: FlowStore;
  attempts: AttemptStore;
  knownBrowsers: KnownBrowserStore;
  oneTimeCodes: OneTimeCodeStore;
  authenticationMethods: AuthenticationMethodStore;
  recoveryCodes: RecoveryCodeStore;
  acceptedTerms: AcceptedTermsStore;
  outgoing: OutgoingMessageStore;
}
