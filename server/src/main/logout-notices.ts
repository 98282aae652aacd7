import type { LogoutNoticeOptions } from '../endpoints/index.ts';
import { newId } from '../new-id.ts';
import type { Sealing } from '../storage/index.ts';

type Parts = Omit<LogoutNoticeOptions, 'newId' | 'deriveKey'> & { sealing: Sealing };

/** Tells applications of sessions that have ended; what that takes is loaded when the first of them waits to be told. */
export function logoutNotices({ sealing, ...parts }: Parts): (signal: AbortSignal) => Promise<void> {
  const options = { ...parts, newId, deriveKey: sealing.deriveKey };
  return async (signal) => {
    const waiting = await parts.storage.read.logoutNotices.listDue(parts.now(), 1);
    if (waiting.length === 0) return;
    const { deliverLogoutNotices } = await import('../endpoints/oauth/index.ts');
    await deliverLogoutNotices(options, signal);
  };
}
