import type { Act } from '../audit/index.ts';
import type { FetchMetadata } from './fetch-document.ts';
import { type RefreshStorage, refreshMetadata } from './refresh.ts';
import type { FollowedMetadata } from './store.ts';

/** Parties whose metadata is fetched at the same time. */
const atOnce = 4;

/**
 * Fetches all metadata that is due, party after party.
 *
 * @returns the parties whose metadata has failed, each with its problem
 */
export async function refreshDueMetadata(
  storage: RefreshStorage,
  actIn: (tenantId: string) => Act,
  fetch: FetchMetadata,
  signal: AbortSignal,
): Promise<{ tenantId: string; followed: FollowedMetadata }[]> {
  const failed: { tenantId: string; followed: FollowedMetadata }[] = [];
  while (!signal.aborted) {
    const due = await storage.read.followedMetadata.listDue(actIn('').now, atOnce);
    if (due.length === 0) break;
    const refresh = async ({ tenantId, followed }: (typeof due)[number]) => {
      const after = await refreshMetadata(storage, actIn(tenantId), fetch, followed);
      if (after?.failure) failed.push({ tenantId, followed: after });
    };
    await Promise.all(due.map(refresh));
  }
  return failed;
}
