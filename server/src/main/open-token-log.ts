import type { Log } from '../http/index.ts';
import { TokenLog } from '../sign-in/token-log.ts';
import type { Storage } from '../storage/index.ts';

/** So often what was gathered is written, in milliseconds. */
const writesEvery = 2_000;

/** The part of the sign-in log that programs fill, written every other second until it is stopped. */
export function openTokenLog(storage: Storage, log: Log): { tokenLog: TokenLog; stop(): Promise<void> } {
  const tokenLog = new TokenLog(storage.write, (error) => log.error({ error }, 'sign-ins of programs were not logged'));
  const timer = setInterval(() => void tokenLog.flush(), writesEvery).unref();
  return {
    tokenLog,
    async stop() {
      clearInterval(timer);
      await tokenLog.flush();
    },
  };
}
