import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import {
  changeObject,
  type DirectoryStores,
  getObjectToChange,
  type ObjectWriting,
  userKind,
} from '../directory/index.ts';
import { lastProvenAt } from './choose-proof.ts';
import { refuse } from './errors.ts';
import { findTrustedUser } from './find-trusted-user.ts';
import type { LogoutNoticeStore } from './logout-notice.ts';
import { digestOf } from './secret.ts';
import type { Session, SessionApplication } from './session.ts';
import type { SessionStore } from './store.ts';

interface Reading extends Pick<DirectoryStores, 'objects' | 'passwords'> {
  sessions: SessionStore;
}
/** What ending a session reads and writes. */
export type SessionWriting = Reading & { audit: AuditStore; logoutNotices: LogoutNoticeStore };

/** A session that was ended, with the applications that should be told. */
export interface EndedSession {
  session: Session;
  applications: SessionApplication[];
}

/** The session of a browser, unless it has expired or its user is no longer trusted as then. */
export async function findSession(
  stores: Reading,
  tenantId: string,
  secret: string | null,
  now: Date,
): Promise<Session | undefined> {
  if (secret === null) return undefined;
  const session = await stores.sessions.findBySecret(tenantId, digestOf(secret), now);
  return session && (await isTrusted(stores, tenantId, session)) ? session : undefined;
}

/** The living sessions of a user, newest first. */
export async function listSessions(stores: Reading, tenantId: string, userId: string, now: Date): Promise<Session[]> {
  const sessions = await stores.sessions.listOfUser(tenantId, userId, now);
  const trusted = await Promise.all(sessions.map((session) => isTrusted(stores, tenantId, session)));
  return sessions.filter((_, index) => trusted[index]);
}

/**
 * Ends one session of a user from elsewhere.
 * @throws Refusal `sign-in.session_not_found`
 */
export async function revokeSession(
  stores: SessionWriting,
  act: Act,
  userId: string,
  id: string,
): Promise<EndedSession> {
  const session = await stores.sessions.find(act.tenantId, id, act.now);
  if (session?.userId !== userId) throw refuse('sign-in.session_not_found', { id });
  return endSession(stores, act, session);
}

/** Ends every session of a user but one. */
export async function revokeSessions(
  stores: SessionWriting,
  act: Act,
  userId: string,
  except?: string,
): Promise<EndedSession[]> {
  const sessions = await stores.sessions.listOfUser(act.tenantId, userId, act.now);
  const ended = [];
  for (const session of sessions) if (session.id !== except) ended.push(await endSession(stores, act, session));
  return ended;
}

/**
 * Ends everything that a user has proven so far: sessions, and through them refresh tokens, also of those who have only a
 * token.
 *
 * @throws Refusal `directory.object_not_found`
 */
export async function revokeSignInSessions(
  stores: SessionWriting & ObjectWriting,
  act: Act,
  userId: string,
): Promise<EndedSession[]> {
  const user = await getObjectToChange(stores, act.tenantId, userKind, userId);
  await changeObject(stores, act, userKind, user, { signInSessionsValidFromDateTime: act.now.toISOString() });
  return revokeSessions(stores, act, userId);
}

/** The session of a browser that wants to end it, trusted or not; undefined when it has none. */
export async function findSessionToEnd(
  { sessions }: Pick<Reading, 'sessions'>,
  { tenantId, now }: Pick<Act, 'tenantId' | 'now'>,
  secret: string | null,
): Promise<Session | undefined> {
  return secret === null ? undefined : sessions.findBySecret(tenantId, digestOf(secret), now);
}

/** Ends a session. Applications that the hub calls itself are told from now on; who ends it tells the others. */
export async function endSession(stores: SessionWriting, act: Act, session: Session): Promise<EndedSession> {
  const applications = await stores.sessions.listApplications(act.tenantId, session.id);
  await stores.sessions.remove(act.tenantId, session.id);
  // In the transaction that ends the session: whatever happens afterwards, the applications will be told.
  const ids = { userId: session.userId, sessionId: session.id };
  const told = new Set<string>();
  for (const { applicationId, issuer } of applications) {
    // Flows that share an issuer are one application.
    if (issuer === null || told.has(`${applicationId} ${issuer}`)) continue;
    told.add(`${applicationId} ${issuer}`);
    const notice = { id: act.newId(), applicationId, issuer, ...ids, tries: 0, dueAt: act.now };
    await stores.logoutNotices.add(act.tenantId, notice);
  }
  const object = { kind: 'session', id: session.id, name: null };
  await stores.audit.append([auditEvent(act, 'session.end', object, [{ property: 'userId', before: session.userId }])]);
  return { session, applications };
}

/** Whether everything that the session's person has proven still counts. */
export async function isTrusted(stores: Reading, tenantId: string, { userId, factors }: Session): Promise<boolean> {
  return (await findTrustedUser(stores, tenantId, userId, lastProvenAt(factors))) !== undefined;
}
