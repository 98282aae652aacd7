import type { RedeemableStores } from './redeemable.ts';

/** The database, as far as this needs it. */
interface Storage {
  write<Result>(work: (stores: RedeemableStores) => Promise<Result>): Promise<Result>;
}

/** Rows that go in one transaction: few enough for others to write in between. */
const batch = 1_000;
/** Expired things are kept for this long, so that processes whose clocks differ agree on what they were: an hour. */
const keptAfter = 3_600_000;

/** Removes everything that expired, of all tenants, until it is done or the signal is given. Safe to run twice. */
export async function removeExpiredRedeemables(storage: Storage, now: Date, signal: AbortSignal): Promise<void> {
  const before = new Date(now.getTime() - keptAfter);
  for (const store of ['redeemables', 'usedIds'] as const) {
    let removed = batch;
    while (removed === batch && !signal.aborted) {
      removed = await storage.write((stores) => stores[store].removeExpired(before, batch));
    }
  }
}
