import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CompiledQuery } from 'kysely';
import { openTestSqlite, type TestDatabase } from '../databases.ts';
import { inOrderOfIndex, type Question, questions, watch } from './questions.ts';

// Without statistics SQLite plans by the statement and the indexes alone, so an empty database tells what a full one does.
let database: TestDatabase;
let statementsOf: ReturnType<typeof watch>;

before(async () => {
  database = await openTestSqlite();
  await database.engine.migrate();
  statementsOf = watch(database.engine);
});
after(async () => {
  await database.engine.close();
  await database.drop();
});

/** What SQLite would do for the statements of the question, one step per line. */
async function planOf(ask: Question): Promise<string> {
  const steps: string[] = [];
  for (const { sql, parameters } of await statementsOf(ask)) {
    const explained = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await database.engine.reader.executeQuery<{ detail: string }>(explained);
    steps.push(...rows.map(({ detail }) => detail));
  }
  return steps.join('\n');
}

/** A scan of a table, or a search in which only the tenant, the job or the relation is known: its cost grows with these. */
const costly =
  /^SCAN (?!p$|g$|l$|t$|found$|f$|json_each VIRTUAL TABLE|CONSTANT ROW)|\(tenant_id=\?( AND (job_id|relation)=\?)?\)$/;

for (const [name, ask] of Object.entries(questions)) {
  test(`asking for ${name} goes by indexes`, async () => {
    const steps = (await planOf(ask)).split('\n');
    assert.deepEqual(
      steps.filter((step) => costly.test(step)),
      [],
      steps.join('\n'),
    );
  });
}

test('how much changed after a place is counted from there, and not of the whole change feed', async () => {
  const plan = await planOf(({ read }) => read.changes.countAfter({ transaction: 0, sequence: 7 }));
  const steps = plan.split('\n').filter((step) => / change\b/.test(step));
  assert.equal(steps.length, 2, plan);
  assert.match(steps[0] ?? '', /USING INDEX change_order \(transaction_id=\? AND sequence>\?\)$/);
  assert.match(steps[1] ?? '', /USING INDEX change_order \(transaction_id>\?\)$/);
});

for (const name of inOrderOfIndex) {
  test(`${name}: is not sorted, since it comes in the order of an index`, async () => {
    assert.doesNotMatch(await planOf(questions[name]), /TEMP B-TREE/);
  });
}

test('a statement that does not go by indexes would be noticed', () => {
  for (const step of ['SCAN directory_value', 'SEARCH o USING PRIMARY KEY (tenant_id=?)']) assert.match(step, costly);
});

for (const [asked, index] of [
  [{}, 'sign_in_event_at'],
  [{ userId: 'u' }, 'sign_in_event_of_user'],
  [{ appId: 'a' }, 'sign_in_event_by_app_id'],
  [{ flow: 'f' }, 'sign_in_event_by_flow_key'],
  [{ address: '192.0.2.1' }, 'sign_in_event_by_address'],
  [{ correlationId: 'c' }, 'sign_in_event_by_correlation_id'],
  [{ failures: ['password_wrong'] }, 'sign_in_event_failed'],
] as const) {
  test(`the sign-in log by ${Object.keys(asked)[0] ?? 'time'} is read from an index, in its order`, async () => {
    const plan = await planOf(({ read }) => read.signInEvents.list('t', asked, 100));
    assert.match(plan, new RegExp(`USING INDEX ${index} `));
    assert.doesNotMatch(plan, /TEMP B-TREE FOR ORDER BY/);
  });
}
