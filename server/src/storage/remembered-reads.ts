import type { ChangeCount, ChangePosition } from '../directory/index.ts';
import { RecentlyUsed } from '../recently-used.ts';
import type { Storage, Stores } from './storage.ts';

/** Stores whose most frequent reads are remembered. */
export interface RememberedReads {
  read: Stores;
  /**
   * From then on everything counts that this process wrote before, and what others wrote a moment ago. Call it at the
   * beginning of whatever reads.
   */
  freshen(): Promise<void>;
  /** Writes nothing that is remembered, so that what is remembered still counts after it. */
  write: Storage['write'];
}

/** Answers that are kept. */
const mostAnswers = 5_000;
/** After this time changes of other processes are looked for, in milliseconds. */
const looksEvery = 100;
/** Changes that are counted from one place: few, since whoever writes has them counted with every request. */
const mostChanges = 100;
/** So long changes are counted from one place, in milliseconds: far shorter than the feed is kept. */
const countedFor = 60_000;

/**
 * Remembers what tenants, their applications, flows and SCIM tokens are, until the change feed tells of a change in the tenant;
 * one of a tenant itself may give its names to another, and has everything forgotten.
 *
 * @param now  a clock that is never set, in milliseconds
 */
export function rememberReads(
  { read: stores, writeBeside, madeWrites }: Pick<Storage, 'read' | 'writeBeside' | 'madeWrites'>,
  now: () => number,
): RememberedReads {
  const answers = new RecentlyUsed<Promise<unknown>>(mostAnswers);
  const versions = new Map<string, number>();
  let everything = 0;
  let anchor: { position: ChangePosition; setAt: number; counts: ReadonlyMap<string, number> } | undefined;
  let seenWrites = -1;
  let lookedAt = 0;
  let running: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;

  async function look(): Promise<void> {
    const [writes, startedAt] = [madeWrites(), now()];
    await compare();
    [seenWrites, lookedAt] = [writes, startedAt];
  }

  async function compare(): Promise<void> {
    if (!anchor || now() - anchor.setAt > countedFor || sum(anchor.counts) > mostChanges) {
      const setAt = now();
      const position = await stores.changes.end();
      anchor = { position, setAt, counts: byPlace(await stores.changes.countAfter(position)) };
      versions.clear();
      everything++;
      return;
    }
    const { counts } = anchor;
    const counted = await stores.changes.countAfter(anchor.position);
    for (const { tenantId, kind, count } of counted) {
      const place = placeOf({ tenantId, kind });
      if (counts.get(place) === count) continue;
      for (const changed of [tenantId, place]) versions.set(changed, (versions.get(changed) ?? 0) + 1);
      if (kind === 'tenant') everything++;
    }
    anchor.counts = byPlace(counted);
  }

  async function freshen(): Promise<void> {
    if (madeWrites() === seenWrites && now() - lookedAt < looksEvery) return undefined;
    if (!running) {
      running = look().finally(() => {
        running = undefined;
      });
      return running;
    }
    // The one that runs may have counted before what the caller must see was committed.
    waiting ??= running
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        return freshen();
      });
    return waiting;
  }

  /** @param changedBy  the tenants, or the places in the feed, whose changes have the answer forgotten */
  function remember<Parameters extends unknown[], Result>(
    name: string,
    changedBy: (parameters: Parameters) => readonly string[],
    read: (...parameters: Parameters) => Promise<Result>,
  ): (...parameters: Parameters) => Promise<Result> {
    return (...parameters) => {
      const version = `${everything} ${changedBy(parameters).map((place) => versions.get(place) ?? 0)}`;
      const key = `${version} ${name} ${JSON.stringify(parameters)}`;
      const kept = answers.get(key) as Promise<Result> | undefined;
      if (kept) return kept;
      const answer = read(...parameters).then(frozen);
      answers.keep(key, answer);
      answer.catch(() => answers.forget(key));
      return answer;
    };
  }

  const {
    tenants,
    objects,
    links,
    passwords,
    clientSecrets,
    federatedCredentials,
    appRoleAssignments,
    permissionGrants,
    flows,
    extensionProperties,
    scimTokens,
  } = stores;
  const ofHub = () => [];
  const ofTenant = ([tenantId]: [string, ...unknown[]]) => [tenantId];
  const ofKinds =
    (...kinds: string[]) =>
    ([tenantId]: [string, ...unknown[]]) =>
      kinds.map((kind) => placeOf({ tenantId, kind }));
  return {
    freshen,
    write: writeBeside,
    read: {
      ...stores,
      tenants: {
        ...tenants,
        resolve: remember('tenant', ofHub, tenants.resolve),
        resolveHost: remember('host', ofHub, tenants.resolveHost),
      },
      objects: {
        ...objects,
        find: remember('object', ofTenant, objects.find),
        findByName: remember('name', ofTenant, objects.findByName),
        count: remember('count', ofTenant, objects.count),
      },
      links: { ...links, listTransitiveGroupIds: remember('groups', ofTenant, links.listTransitiveGroupIds) },
      passwords: { ...passwords, findChangedAt: remember('password', ofTenant, passwords.findChangedAt) },
      clientSecrets: { ...clientSecrets, list: remember('secrets', ofTenant, clientSecrets.list) },
      federatedCredentials: {
        ...federatedCredentials,
        list: remember('credentials', ofTenant, federatedCredentials.list),
      },
      appRoleAssignments: { ...appRoleAssignments, list: remember('roles', ofTenant, appRoleAssignments.list) },
      permissionGrants: { ...permissionGrants, list: remember('grants', ofTenant, permissionGrants.list) },
      flows: { ...flows, find: remember('flow', ofTenant, flows.find) },
      // Clients of SCIM write users all the time, which changes nothing of what follows.
      extensionProperties: {
        ...extensionProperties,
        // An application that is purged takes those that it has declared with it.
        list: remember('extensions', ofKinds('extensionProperty', 'application'), extensionProperties.list),
      },
      scimTokens: {
        ...scimTokens,
        findByDigest: remember('scim token', ofKinds('scimToken'), scimTokens.findByDigest),
      },
    },
  };
}

function placeOf({ tenantId, kind }: Pick<ChangeCount, 'tenantId' | 'kind'>): string {
  return `${tenantId} ${kind}`;
}

function byPlace(counts: readonly ChangeCount[]): ReadonlyMap<string, number> {
  return new Map(counts.map((counted) => [placeOf(counted), counted.count]));
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** Many will read the same answer, so that nobody may change it. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
