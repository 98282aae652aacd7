// `npm test`: all checks, then all tests, on SQLite and on a PostgreSQL that is started for them.
// `npm test -- <file or pattern>...` runs just these tests, without the checks. Tests in e2e/programs and e2e/journeys
// need programs that npm does not bring (Chromium among them), and run only when they are named.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { check } from './check.ts';
import { run } from './commands.ts';
import { type RunningPostgres, startOwnPostgres } from './postgres.ts';

/** Each takes some 100 MB; files that find none free wait for one. */
const mostServers = 8;

const chosen = process.argv.slice(2);
const patterns =
  chosen.length > 0
    ? chosen
    : ['{protocols/*,server,management-api,cli,samples/*}/test/**/*.test.ts', 'e2e/peers/**/*.test.ts'];
const files = patterns.flatMap((pattern) => globSync(pattern)).sort();
if (files.length === 0) throw new Error(`No test file matches ${patterns.join(' ')}.`);

const checked = chosen.length > 0 || (await check());
// By itself node:test leaves one core to the runner, which needs next to nothing of it.
const atOnce = availableParallelism();
const servers = await startServers(atOnce);
try {
  const options = ['--disable-warning=ExperimentalWarning', `--test-concurrency=${atOnce}`, '--test'];
  const passed = await run(process.execPath, [...options, ...files], {
    COUNTERSIGN_TEST_POSTGRES_URL: servers.map(({ url }) => url).join(' '),
  });
  process.exitCode = checked && passed ? 0 : 1;
} finally {
  for (const server of servers) await server.stop();
}
if (!checked) console.error('\nThe tests are done, but lint, types or unused code above need mending.');

/** Those that `COUNTERSIGN_TEST_POSTGRES_URL` names, or as many of our own as files run at once: each has one for itself. */
async function startServers(count: number): Promise<RunningPostgres[]> {
  const given = process.env['COUNTERSIGN_TEST_POSTGRES_URL'];
  if (given) return [{ url: given, stop: async () => {} }];
  return Promise.all(Array.from({ length: Math.min(count, mostServers) }, startOwnPostgres));
}
