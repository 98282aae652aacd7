import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type CompiledQuery, sql } from 'kysely';
import pg from 'pg';
import type { Query } from '../../src/storage/engine.ts';
import { openTestPostgres, type TestDatabase } from '../databases.ts';
import { inOrderOfIndex, questions, watch } from './questions.ts';

// PostgreSQL plans by what is in the tables, and by statistics, which it gathers in the background: a table that was filled
// just now has none. So there are many rows, and plans are looked at before statistics and with them.

/** Rows of the largest tables. They are as many as a test can wait for; the plans are the same with a million. */
const many = 20_000;

let database: TestDatabase;
let statementsOf: ReturnType<typeof watch>;

before(async () => {
  database = await openTestPostgres();
  const { engine } = database;
  await engine.migrate();
  statementsOf = watch(engine);
  for (const statement of content) await sql.raw(statement).execute(engine.reader);
});
after(async () => {
  await database.engine.close();
  await database.drop();
});

const filled = ['directory_object', 'directory_name', 'directory_value', 'directory_link', 'change'];
const kept = ['provisioned_object', 'provisioned_member'];
const numbers = `generate_series(1, ${many}) n`;
const attributes = ['userName', 'externalId', 'displayName', 'employeeId', 'mail', 'mail~', 'modifiedAt'];

const content = [
  ...[...filled, ...kept].map((table) => `alter table ${table} set (autovacuum_enabled = off)`),
  `insert into directory_object select 't', 'u' || n, 'user', '{"aboutMe":"' || repeat('x', 700) || '"}', 0, 0, null, 1 from ${numbers}`,
  `insert into directory_name select 't', 'userPrincipalName', 'u' || n || '@x.example', 'u' || n from ${numbers}`,
  ...attributes.map(
    (attribute) => `insert into directory_value select 't', 'user', '${attribute}', 'v' || n, 'u' || n from ${numbers}`,
  ),
  `insert into directory_value select 't', 'user', 'accountEnabled', 'true', 'u' || n from ${numbers}`,
  `insert into directory_value select 't', 'user', 'department', 'd' || n % 50, 'u' || n from ${numbers}`,
  `insert into directory_link select 't', 'member', 'g', 'user', 'u' || n, 'group', 0 from ${numbers}`,
  `insert into directory_link select 't', 'member', 'g' || n % 900, 'user', 'u' || n, 'group', 0 from ${numbers}`,
  `insert into directory_link select 't', 'manager', 'u' || n, 'user', 'u' || n % 900, 'user', 0 from ${numbers}`,
  `insert into change (transaction_id, tenant_id, at, kind, object_id, verb)
    select n, 't', 0, 'user', 'u' || n, 'created' from ${numbers}`,
  `insert into provisioned_object (tenant_id, job_id, source_id, kind, target_id, state, has_members_read, mark,
      reading, awaits_removal, attempts)
    select 't', 'j', 'u' || n, 'user', 'x' || n, 'active', 0, 1, 0, 0, 0 from ${numbers}`,
  `insert into provisioned_member (tenant_id, job_id, group_id, member_id, is_sent, is_uncertain, mark)
    select 't', 'j', 'g' || n % 900, 'u' || n, 1, 0, 1 from ${numbers}`,
];

/** A scan of a table that grows. */
const scan = /Seq Scan on (directory_|change|provisioned_)/;
/** A scan of an index in which only the tenant is known. */
const wideScan = /Index Cond: \(+tenant_id = [^ ]+\)+$/m;

for (const statistics of ['before there are statistics', 'with statistics'] as const) {
  test(`${statistics}, PostgreSQL goes by indexes`, async (t) => {
    if (statistics === 'with statistics') await sql`analyze`.execute(database.engine.reader);
    for (const [name, ask] of Object.entries(questions)) {
      // That reads everything, in whatever way is the cheapest.
      if (name === 'how many there are') continue;
      await t.test(`asking for ${name}`, async () => {
        const statements = await statementsOf(ask);
        await database.engine.reader.connection().execute(async (connection) => {
          for (const statement of statements) {
            for (const plan of await plansOf(connection, statement)) {
              const unwanted = isInOrder(name) ? [scan, /\bSort\b/] : [scan, wideScan];
              for (const pattern of unwanted) assert.doesNotMatch(plan, pattern, `${statement.sql}\n${plan}`);
            }
          }
        });
      });
    }
  });
}

function isInOrder(name: string): boolean {
  return inOrderOfIndex.some((one) => one === name);
}

/** A plan that may cost so much more than one for the values is still taken, since no time goes into planning. */
const planningCost = 50;

/** The plan for the values of the statement, and the one for all values if PostgreSQL would come to prefer it. */
async function plansOf(connection: Query, statement: CompiledQuery): Promise<string[]> {
  const [own = '', general = ''] = [
    await planOf(connection, statement, 'force_custom_plan'),
    await planOf(connection, statement, 'force_generic_plan'),
  ];
  return costOf(general) <= costOf(own) + planningCost ? [own, general] : [own];
}

function costOf(plan: string): number {
  return Number(/cost=[\d.]+?\.\.([\d.]+)/.exec(plan)?.[1]);
}

async function planOf(connection: Query, statement: CompiledQuery, mode: string): Promise<string> {
  const run = (text: string) => sql.raw<{ 'QUERY PLAN': string }>(text).execute(connection);
  await run(`set plan_cache_mode = ${mode}`);
  await run(`prepare asked as ${statement.sql}`);
  const values = statement.parameters.map(literal);
  const { rows } = await run(`explain execute asked${values.length > 0 ? `(${values.join(', ')})` : ''}`);
  await run('deallocate asked');
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? `'{}'` : `array[${value.map(literal).join(', ')}]`;
  return pg.escapeLiteral(String(value));
}
