import type { EngineStorage } from './context.ts';

const day = 86_400_000;
/** Days for which entries are kept unless the tenant says otherwise. */
export const usualProvisioningRetentionDays = 30;
/** Tenants that are looked at together. */
const batch = 100;

/** Removes entries of the log that are older than their tenant wants them kept. */
export async function pruneProvisioningLog(storage: EngineStorage, now: Date, signal: AbortSignal): Promise<void> {
  for (let afterId = ''; !signal.aborted; ) {
    const tenants = await storage.read.tenants.list(batch, afterId);
    for (const { id, settings } of tenants) {
      const { provisioningRetentionDays: days = usualProvisioningRetentionDays } = settings;
      if (days === null) continue;
      const before = new Date(now.getTime() - days * day);
      await storage.write(({ provisioningLog }) => provisioningLog.prune(id, before));
    }
    const last = tenants.at(-1);
    if (!last || tenants.length < batch) return;
    afterId = last.id;
  }
}
