import type { RuleGroupStores } from '../rule-groups/index.ts';
import type { UpstreamProviderStore } from '../upstream-providers/index.ts';
import type { StepStores } from '../user-flows/index.ts';
import type { SignInResult } from './completed-sign-in.ts';
import type { LogoutNoticeStore } from './logout-notice.ts';
import type { Participation, Session, SessionApplication } from './session.ts';
import type { SignIn } from './sign-in.ts';
import type { SignInEvent } from './sign-in-event.ts';
import type { SignInTraceStore } from './sign-in-trace.ts';

/** Where sign-ins that are under way are kept, and their results until they are fetched. */
export interface SignInStore {
  insert(tenantId: string, signIn: SignIn): Promise<void>;
  find(tenantId: string, id: string): Promise<SignIn | undefined>;
  /** Replaces the sign-in whose version is one less. False when somebody else was faster. */
  update(tenantId: string, signIn: SignIn): Promise<boolean>;
  /** Puts the result in the place of the sign-in of this version. False when somebody else was faster. */
  complete(tenantId: string, signIn: SignIn, resultDigest: string, result: SignInResult, until: Date): Promise<boolean>;
  /** Gives the result to whoever comes first, and forgets it. */
  takeResult(
    tenantId: string,
    resultDigest: string,
    browserDigest: string,
    now: Date,
  ): Promise<SignInResult | undefined>;
}

/** Where sessions are kept. Expired ones are not found. */
export interface SessionStore {
  insert(tenantId: string, session: Session, secretDigest: string | null): Promise<void>;
  /** @param secretDigest  of a new secret, which replaces the one before */
  update(tenantId: string, session: Session, secretDigest?: string): Promise<void>;
  findBySecret(tenantId: string, secretDigest: string, now: Date): Promise<Session | undefined>;
  find(tenantId: string, id: string, now: Date): Promise<Session | undefined>;
  /** Newest first. */
  listOfUser(tenantId: string, userId: string, now: Date): Promise<Session[]>;
  remove(tenantId: string, id: string): Promise<boolean>;
  /** Remembers that the session was used for an application with a flow. */
  addApplication(
    tenantId: string,
    sessionId: string,
    application: Omit<SessionApplication, 'participation'>,
  ): Promise<void>;
  /**
   * Remembers what an application that the session was used for was told.
   * @param nameKey  digest of the name under which its messages speak of the person, where they do
   */
  participate(
    tenantId: string,
    sessionId: string,
    application: Pick<SessionApplication, 'applicationId' | 'flow'>,
    participation: Participation,
    nameKey?: string,
  ): Promise<void>;
  /** The sessions of whom the application knows by this name. */
  listNamed(tenantId: string, applicationId: string, nameKey: string, now: Date): Promise<Session[]>;
  /** The sessions that came of the word of an identity provider, by a key that it gave them. */
  listOfUpstream(tenantId: string, key: string, now: Date): Promise<Session[]>;
  listApplications(tenantId: string, sessionId: string): Promise<SessionApplication[]>;
}

/** Which part of the sign-in log is wanted. Every part that is given must hold. */
export interface SignInEventQuery {
  from?: Date;
  until?: Date;
  userId?: string;
  appId?: string;
  type?: SignInEvent['type'];
  flow?: string;
  outcome?: SignInEvent['outcome'];
  /** Codes of which the failure has one. */
  failures?: readonly string[];
  address?: string;
  correlationId?: string;
}

/** Where the sign-in log is kept; see `AuditStore` for its manner. */
export interface SignInEventStore {
  append(tenantId: string, event: SignInEvent): Promise<void>;
  find(tenantId: string, id: string): Promise<SignInEvent | undefined>;
  /** Newest first, at most `limit`, after the event when one is given. */
  list(
    tenantId: string,
    query: SignInEventQuery,
    limit: number,
    after?: Pick<SignInEvent, 'at' | 'id'>,
  ): Promise<SignInEvent[]>;
  /** Removes the oldest events from before the time, at most so many. Returns how many. */
  prune(tenantId: string, before: Date, most: number): Promise<number>;
}

/** Rows that mean nothing any more. It cleans the whole hub, so that it knows no tenant. */
export interface ExpiredStore {
  /** Removes sign-ins, results, sessions, known browsers and counters whose time was over before. */
  remove(before: Date): Promise<void>;
}

/** Everything that sign-ins keep. */
export interface SignInStores {
  signIns: SignInStore;
  sessions: SessionStore;
  logoutNotices: LogoutNoticeStore;
  signInEvents: SignInEventStore;
  signInTraces: SignInTraceStore;
  expired: ExpiredStore;
}

/** What sign-ins write and read, with everything that their steps do. */
export type SignInWriting = StepStores & SignInStores & RuleGroupStores & { upstreamProviders: UpstreamProviderStore };
