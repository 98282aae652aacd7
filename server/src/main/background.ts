import { hostname } from 'node:os';
import { applicationKind, servicePrincipalKind } from '../applications/index.ts';
import { directoryKinds, purgeExpired } from '../directory/index.ts';
import type { Log } from '../http/index.ts';
import { countExpiring } from '../inbound-provisioning/count-expiring.ts';
import { removeExpiredRedeemables } from '../issuance/remove-expired.ts';
import { rotateDueKeys } from '../issuance/rotate-due-keys.ts';
import {
  announceProcess,
  type LeasedJob,
  type LeaseStore,
  type ProcessRegister,
  startLeasedJob,
} from '../jobs/index.ts';
import { newId } from '../new-id.ts';
import { pruneProvisioningLog } from '../provisioning/prune-log.ts';
import { endUntrustedSessions } from '../sign-in/end-untrusted-sessions.ts';
import { pruneLogs } from '../sign-in/prune-logs.ts';
import type { Storage } from '../storage/index.ts';
import { actOfHub } from './act-of-hub.ts';
import { version } from './version.ts';

const kinds = [...directoryKinds, applicationKind, servicePrincipalKind];
/** Objects that are purged in one transaction. */
const purgedAtOnce = 100;
/** Housekeeping begins after this time, each kind of it a little later: all at once would hold up a start. */
const firstAfterSeconds = 10;
/** Days for which the change feed is kept: readers that were away longer start anew. */
const changeDays = 30;
const day = 86_400_000;

export interface Background {
  stop(): Promise<void>;
}

/** What runs beside the requests: the entry of this process, and recurring work that one process does at a time. */
export async function startBackground(
  storage: Storage,
  log: Log,
  provisioning: (signal: AbortSignal) => Promise<void>,
  tellOfLogouts: (signal: AbortSignal) => Promise<void>,
  upkeep: readonly LeasedJob[],
): Promise<Background> {
  const id = newId();
  const report = (job: string, error: unknown) => log.error({ job, error }, 'a job failed');
  const entry = { id, host: hostname(), pid: process.pid, version, startedAt: new Date() };
  const announced = await announceProcess(processesOf(storage), entry, (error) => report('announce', error));
  const provision = { name: 'provision', everySeconds: 2, run: provisioning };
  const logouts = { name: 'tell applications of the end of sessions', everySeconds: 2, run: tellOfLogouts };
  const housekeeping = [...recurringWork(storage, log), ...upkeep].map((job, place) => {
    return { ...job, firstAfterSeconds: firstAfterSeconds + place };
  });
  const sessions = {
    name: 'end sessions that do not count any more',
    everySeconds: 2,
    run: (signal: AbortSignal) => endUntrustedSessions(storage, actOfHub, signal),
  };
  const jobs = [...housekeeping, provision, sessions, logouts].map((job) =>
    startLeasedJob(job, leasesOf(storage), id, report),
  );
  return {
    async stop() {
      await Promise.all(jobs.map((job) => job.stop()));
      // With the database away others learn it when the entry ends.
      await announced.withdraw().catch((error) => report('withdraw', error));
    },
  };
}

function recurringWork(storage: Storage, log: Log): LeasedJob[] {
  return [
    {
      name: 'rotate signing keys',
      everySeconds: 3600,
      run: (signal) => rotateDueKeys(storage, actOfHub(''), signal),
    },
    {
      name: 'purge deleted objects',
      everySeconds: 3600,
      async run(signal) {
        for (let purged = purgedAtOnce; purged === purgedAtOnce && !signal.aborted; ) {
          purged = await storage.write((stores) => purgeExpired(stores, actOfHub(''), kinds, purgedAtOnce));
        }
      },
    },
    {
      name: 'remove expired tokens',
      everySeconds: 900,
      run: (signal) => removeExpiredRedeemables(storage, new Date(), signal),
    },
    {
      name: 'remove expired sign-ins and sessions',
      everySeconds: 900,
      run: () => storage.write(({ expired }) => expired.remove(new Date())),
    },
    {
      name: 'prune audit and sign-in logs',
      everySeconds: 3600,
      run: (signal) => pruneLogs(storage, new Date(), signal),
    },
    {
      name: 'warn of SCIM tokens that expire',
      everySeconds: 3600,
      async run() {
        if ((await countExpiring(storage.read, new Date())) === 0) return;
        const { warnOfExpiry } = await import('../inbound-provisioning/index.ts');
        const warnings = await storage.write((stores) => warnOfExpiry(stores, actOfHub('')));
        for (const { tenantId, token, days } of warnings) {
          const { label, expiresAt } = token;
          log.warn({ tenantId, label, expiresAt, days }, 'a SCIM token expires soon: rotate it');
        }
      },
    },
    {
      name: 'prune the provisioning log',
      everySeconds: 3600,
      run: (signal) => pruneProvisioningLog(storage, new Date(), signal),
    },
    {
      name: 'prune the change feed',
      everySeconds: 3600,
      run: () => storage.write((stores) => stores.changes.prune(new Date(Date.now() - changeDays * day))),
    },
  ];
}

/** Leases, each call in a transaction of its own. */
function leasesOf(storage: Storage): LeaseStore {
  return {
    take: (name, owner, seconds) => storage.write(({ leases }) => leases.take(name, owner, seconds)),
    release: (name, owner) => storage.write(({ leases }) => leases.release(name, owner)),
  };
}

/** The register, each call in a transaction of its own. */
function processesOf(storage: Storage): ProcessRegister {
  return {
    announce: (entry, seconds) => storage.write(({ processes }) => processes.announce(entry, seconds)),
    withdraw: (id) => storage.write(({ processes }) => processes.withdraw(id)),
    listAlive: () => storage.read.processes.listAlive(),
  };
}
