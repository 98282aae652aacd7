import type { Act } from '../audit/index.ts';
import type { Change, ChangeFeed } from '../directory/index.ts';
import { endSession, isTrusted, type SessionWriting } from './sessions.ts';

type Stores = SessionWriting & { changes: ChangeFeed };

interface Storage {
  readonly read: Stores;
  write<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
}

/** Under this name the place in the feed is kept to which we have come. */
const reader = 'end untrusted sessions';
/** Changes that are looked at in one transaction. */
const changesAtOnce = 500;

/**
 * Ends the sessions of users who were disabled or deleted, or whose password or trust has changed. Such a session has not
 * counted since that moment; what is left is that the applications of the session are told.
 *
 * @param actIn  makes an act of the hub in a tenant
 */
export async function endUntrustedSessions(
  { read, write }: Storage,
  actIn: (tenantId: string) => Act,
  signal: AbortSignal,
): Promise<void> {
  const feedId = await read.changes.feedId();
  const kept = await read.changes.findPlace(reader);
  // Of another feed, or of none: sessions of before that have no trust end when they expire.
  let position = kept?.feedId === feedId ? kept.position : await read.changes.end();
  if (kept?.feedId !== feedId) await write(({ changes }) => changes.keepPlace(reader, { feedId, position }));
  for (let looked = changesAtOnce; looked === changesAtOnce && !signal.aborted; ) {
    const page = await read.changes.read(position, changesAtOnce);
    looked = page.length;
    const last = page.at(-1);
    if (!last) return;
    ({ position } = last);
    await write(async (stores) => {
      for (const [userId, tenantId] of changedUsers(page)) await endUntrusted(stores, actIn(tenantId), userId);
      await stores.changes.keepPlace(reader, { feedId, position });
    });
  }
}

/** Tenants by ids of users, each once. Whoever was made just now has no session yet. */
function changedUsers(changes: readonly Change[]): ReadonlyMap<string, string> {
  const users = changes.filter(({ kind, verb }) => kind === 'user' && verb !== 'created');
  return new Map(users.map(({ objectId, tenantId }) => [objectId, tenantId]));
}

async function endUntrusted(stores: Stores, act: Act, userId: string): Promise<void> {
  for (const session of await stores.sessions.listOfUser(act.tenantId, userId, act.now)) {
    if (!(await isTrusted(stores, act.tenantId, session))) await endSession(stores, act, session);
  }
}
