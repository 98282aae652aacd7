import { availableParallelism } from 'node:os';
import { argon2Threads, isCompromised, type PasswordHasher, passwordHasher } from '../directory/index.ts';
import type { GaugeDefinition, Log } from '../http/index.ts';
import type { OutboundFetch } from '../outbound/index.ts';

/** Passwords that may wait for their turn before others are told to come again. */
const mostWaitingPasswords = 200;

/** Nobody waits longer for the service that knows leaked passwords, in milliseconds. */
const longestCheck = 3_000;

/**
 * One hasher for the whole process: it bounds memory, leaves a core to everything else, and gives way on the others.
 *
 * @param rangeUrl  of the service that knows leaked passwords; when it does not answer, passwords are taken
 */
export function openPasswords(
  rangeUrl: URL | undefined,
  fetch: OutboundFetch,
  log: Log,
): { passwords: PasswordHasher; gauges: GaugeDefinition[] } {
  const atOnce = Math.max(1, availableParallelism() - 1);
  const argon2 = argon2Threads();
  if (!rangeUrl) return { passwords: passwordHasher(atOnce, mostWaitingPasswords, { argon2 }), gauges: [] };
  let failures = 0;
  const isLeaked = async (password: string) => {
    try {
      return await isCompromised((prefix) => rangeFrom(fetch, new URL(prefix, rangeUrl)), password);
    } catch (error) {
      failures++;
      log.warn({ error }, 'nobody said whether a new password is known from a leak');
      return false;
    }
  };
  const gauge = {
    name: 'countersign_leaked_password_checks_failed',
    help: 'New passwords since the start of which the service for leaked passwords said nothing.',
    read: () => failures,
  };
  return { passwords: passwordHasher(atOnce, mostWaitingPasswords, { isLeaked, argon2 }), gauges: [gauge] };
}

async function rangeFrom(fetch: OutboundFetch, address: URL): Promise<string> {
  // Answers of one length do not tell who looks at the network which range was asked for.
  const headers = { 'add-padding': 'true', 'user-agent': 'countersign' };
  const answer = await fetch(address, { headers, signal: AbortSignal.timeout(longestCheck) });
  if (answer.status !== 200) throw new Error(`${address.host} answered with status ${answer.status}.`);
  return answer.text();
}
