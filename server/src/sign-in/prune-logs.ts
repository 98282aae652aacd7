import type { AuditStore } from '../audit/index.ts';
import type { DirectoryStores, Tenant } from '../directory/index.ts';
import { type SignInTraceStore, traceRetentionDays } from './sign-in-trace.ts';
import type { SignInEventStore } from './store.ts';

interface Stores extends Pick<DirectoryStores, 'tenants'> {
  audit: AuditStore;
  signInEvents: SignInEventStore;
  signInTraces: SignInTraceStore;
}
interface Storage {
  readonly read: Stores;
  write<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
}

/** Days for which a tenant keeps its sign-in log unless it says otherwise. */
export const usualSignInRetentionDays = 90;

const day = 86_400_000;
const tenantsAtOnce = 100;
/** Events that are removed in one transaction. */
const eventsAtOnce = 500;

/** Removes what tenants keep no longer from their audit and sign-in logs and traces. */
export async function pruneLogs(storage: Storage, now: Date, signal: AbortSignal): Promise<void> {
  for (let afterId: string | undefined; ; ) {
    const tenants = await storage.read.tenants.list(tenantsAtOnce, afterId);
    for (const tenant of tenants) await pruneLogsOf(storage, tenant, now, signal);
    afterId = tenants.at(-1)?.id;
    if (tenants.length < tenantsAtOnce || signal.aborted) return;
  }
}

async function pruneLogsOf({ write }: Storage, { id, settings }: Tenant, now: Date, signal: AbortSignal) {
  const { auditRetentionDays = null, signInRetentionDays = usualSignInRetentionDays } = settings;
  const kept = { audit: auditRetentionDays, signInEvents: signInRetentionDays, signInTraces: traceRetentionDays };
  for (const log of ['audit', 'signInEvents', 'signInTraces'] as const) {
    const days = kept[log];
    if (days === null) continue;
    const before = new Date(now.getTime() - days * day);
    for (let pruned = eventsAtOnce; pruned === eventsAtOnce && !signal.aborted; ) {
      pruned = await write((stores) => stores[log].prune(id, before, eventsAtOnce));
    }
  }
}
