import http from 'node:http';
import https from 'node:https';

/** One request of a load. */
export interface LoadRequest {
  method?: string;
  path: string;
  body?: unknown;
  /** In place of `body` and of the token: an HTML form. */
  form?: Readonly<Record<string, string>>;
  /** Statuses that count as success; everything else ends the run. */
  expect?: number;
  /** Looks into the answer, where the status does not say everything. */
  isRight?: (answer: string) => boolean;
}

export interface LoadResult {
  perSecond: number;
  /** Milliseconds. */
  median: number;
  p99: number;
  largest: number;
  /** Milliseconds of processor time that the hub used for each. */
  cpu: number;
  count: number;
}

export interface LoadTarget {
  baseUrl: string;
  authority: string;
  token: string;
  /** Processor time that the hub has used so far. */
  usedMilliseconds: () => number;
}

/**
 * Sends `count` requests over `connections` kept connections, each one after the answer to its former (a closed loop), and
 * tells rate and latencies.
 *
 * @throws Error with the answer, as soon as one is not the expected.
 */
export async function runLoad(
  target: LoadTarget,
  connections: number,
  count: number,
  make: (index: number) => LoadRequest,
): Promise<LoadResult> {
  const kept = { keepAlive: true, maxSockets: connections };
  const isEncrypted = target.baseUrl.startsWith('https:');
  const agent = isEncrypted ? new https.Agent({ ...kept, ca: target.authority }) : new http.Agent(kept);
  try {
    return await runClosed(target, connections, count, (index) => send(agent, target, make(index)));
  } finally {
    agent.destroy();
  }
}

/** Does something `count` times, so many at once, each as soon as a former one is done; and tells rate and durations. */
export async function runClosed(
  target: Pick<LoadTarget, 'usedMilliseconds'>,
  atOnce: number,
  count: number,
  each: (index: number) => Promise<void>,
): Promise<LoadResult> {
  const durations = new Float64Array(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      const startedAt = performance.now();
      await each(index);
      durations[index] = performance.now() - startedAt;
    }
  };
  const usedBefore = target.usedMilliseconds();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = (target.usedMilliseconds() - usedBefore) / count;
  durations.sort();
  const quantile = (part: number) => durations[Math.min(count - 1, Math.floor(count * part))] ?? 0;
  return { perSecond: count / seconds, median: quantile(0.5), p99: quantile(0.99), largest: quantile(1), cpu, count };
}

function send(
  agent: http.Agent,
  target: LoadTarget,
  { method = 'GET', path, body, form, expect, isRight }: LoadRequest,
): Promise<void> {
  const text = form ? new URLSearchParams(form).toString() : body === undefined ? undefined : JSON.stringify(body);
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
  const wanted = expect ?? (method === 'POST' ? 201 : method === 'GET' ? 200 : 204);
  return new Promise((resolve, reject) => {
    const { request } = target.baseUrl.startsWith('https:') ? https : http;
    const sent = request(
      target.baseUrl + path,
      {
        agent,
        method,
        headers: {
          ...(!form && { authorization: `Bearer ${target.token}` }),
          ...(text !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
        },
      },
      (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          if (isRight || response.statusCode !== wanted) answer += part;
        });
        response.on('end', () => {
          if (response.statusCode === wanted && isRight?.(answer) !== false) resolve();
          else reject(new Error(`${method} ${path} was answered ${response.statusCode}: ${answer.slice(0, 500)}`));
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}
