// `npm test`: all checks, then all tests, on SQLite and on a PostgreSQL that is started for them.
// `npm test -- <file or pattern>...` runs just these tests, without the checks. Tests in e2e/programs and e2e/journeys
// need programs that npm does not bring (Chromium among them), and run only when they are named.
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { check } from './check.ts';
import { run } from './commands.ts';
import { startPostgres } from './postgres.ts';

const chosen = process.argv.slice(2);
const patterns =
  chosen.length > 0
    ? chosen
    : ['{protocols/*,server,management-api,cli,samples/*}/test/**/*.test.ts', 'e2e/peers/**/*.test.ts'];
const files = patterns.flatMap((pattern) => globSync(pattern)).sort();
if (files.length === 0) throw new Error(`No test file matches ${patterns.join(' ')}.`);

const checked = chosen.length > 0 || (await check());
const postgres = await startPostgres();
try {
  // By itself node:test leaves one core to the runner, which needs next to nothing of it.
  const options = ['--disable-warning=ExperimentalWarning', `--test-concurrency=${availableParallelism()}`, '--test'];
  const passed = await run(process.execPath, [...options, ...files], { COUNTERSIGN_TEST_POSTGRES_URL: postgres.url });
  process.exitCode = checked && passed ? 0 : 1;
} finally {
  await postgres.stop();
}
if (!checked) console.error('\nThe tests are done, but lint, types or unused code above need mending.');
