import { createHash, timingSafeEqual } from 'node:crypto';
import { refuse } from './errors.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { plainAnswer } from './plain-answer.ts';
import type { HttpResponse, Mount } from './route.ts';
import { withinTime } from './within-time.ts';

/** Something that must work for the server to be of use, such as the database. */
export interface ReadinessCheck {
  name: string;
  /** Throws when it does not work. */
  check(): Promise<void>;
}

/** Longest that a readiness check may take, in milliseconds. */
const patience = 5_000;

/**
 * The addresses by which the server is watched. `/healthz`: the process runs. `/readyz`: all that it needs works.
 * `/metrics`: numbers for Prometheus, for whoever has the token, or without a token for clients on this machine.
 */
export function watchMount(
  checks: readonly ReadinessCheck[],
  metrics: Metrics,
  metricsToken: string | undefined,
  isStopping: () => boolean,
  log: Log,
): Mount {
  return {
    routes: [
      { method: 'GET', path: '/healthz', handle: () => answer(200, { status: 'ok' }) },
      { method: 'GET', path: '/readyz', handle: () => readiness(checks, isStopping(), log) },
      {
        method: 'GET',
        path: '/metrics',
        async handle({ headers, isLocal }) {
          if (metricsToken === undefined && !isLocal) throw refuse('http.metrics_not_local');
          if (metricsToken !== undefined && !isSame(headers['authorization'] ?? '', `Bearer ${metricsToken}`)) {
            throw refuse('http.metrics_token_wrong');
          }
          const { contentType, body } = await metrics.text();
          return { status: 200, headers: { 'content-type': contentType }, body };
        },
      },
    ],
    answerError(failure) {
      const plain = plainAnswer(failure);
      // RFC 6750 3: a request without the token is told which kind is wanted.
      return failure.status === 401 ? { ...plain, headers: { ...plain.headers, 'www-authenticate': 'Bearer' } } : plain;
    },
  };
}

/** Says what does not work, but not why: that stands in the log. */
async function readiness(checks: readonly ReadinessCheck[], isStopping: boolean, log: Log): Promise<HttpResponse> {
  const results = await Promise.all(checks.map(async (check) => [check.name, await works(check, log)] as const));
  const isReady = !isStopping && results.every(([, isWorking]) => isWorking);
  return answer(isReady ? 200 : 503, {
    status: isStopping ? 'stopping' : isReady ? 'ready' : 'not ready',
    checks: Object.fromEntries(results.map(([name, isWorking]) => [name, isWorking ? 'ok' : 'failed'])),
  });
}

async function works({ name, check }: ReadinessCheck, log: Log): Promise<boolean> {
  try {
    await withinTime(patience, new AbortController(), check);
    return true;
  } catch (error) {
    log.warn({ check: name, error }, 'not ready');
    return false;
  }
}

/** Compares digests, so that the time taken says nothing about how much of the text was right. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function answer(status: number, body: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
