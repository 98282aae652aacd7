import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CompiledQuery, type KyselyPlugin } from 'kysely';
import type { Filter, ObjectQuery } from '../../src/directory/index.ts';
import { type Engine, openStorage, type Stores } from '../../src/storage/index.ts';
import { openTestSqlite, type TestDatabase, testSealing } from '../databases.ts';

// Without statistics SQLite plans by the statement and the indexes alone, so an empty database tells what a full one does.
let database: TestDatabase;
let read: Stores;
let statements: CompiledQuery[] = [];

before(async () => {
  database = await openTestSqlite();
  const { engine } = database;
  await engine.migrate();
  const watch: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      statements.push(engine.reader.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const run: Engine['run'] = (_query, statement) => {
    statements.push(CompiledQuery.raw(statement.texts.join('?'), [...statement.values]));
    return engine.run(engine.reader, statement);
  };
  read = openStorage({ ...engine, run, reader: engine.reader.withPlugin(watch) }, testSealing).read;
});
after(async () => {
  await database.engine.close();
  await database.drop();
});

/** What SQLite would do for the statements of the work, one step per line. */
async function planOf(work: () => Promise<unknown>): Promise<string> {
  statements = [];
  await work();
  const steps: string[] = [];
  for (const { sql, parameters } of statements) {
    const explained = CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]);
    const { rows } = await database.engine.reader.executeQuery<{ detail: string }>(explained);
    steps.push(...rows.map(({ detail }) => detail));
  }
  assert.notEqual(steps.length, 0);
  return steps.join('\n');
}

const user = (query: Partial<ObjectQuery> = {}) => read.objects.list('t', { kind: 'user', limit: 100, ...query });
const startsWith: Filter = { op: 'startsWith', attribute: 'displayName', value: 'ma' };
const equal = (attribute: string, value: string | boolean | null): Filter => ({ op: 'eq', attribute, value });
const and = (...terms: Filter[]): Filter => ({ op: 'and', terms });
const or = (...terms: Filter[]): Filter => ({ op: 'or', terms });
const byName = { attribute: 'displayName', descending: true };
const after1 = { key: 'k', id: 'i' };

/** What writes is only planned: these stores cannot. */
const refused = (writing: Promise<unknown>) => assert.rejects(writing, /readonly/);
const worked = (sourceId: string) => ({
  sourceId,
  targetId: null,
  state: 'absent' as const,
  digest: null,
  hasMembersRead: false,
  dueAt: null,
  mark: 1,
  awaitsRemoval: false,
  attempts: 0,
  problem: null,
});

const questions: Record<string, () => Promise<unknown>> = {
  'an object by id': () => read.objects.find('t', 'id'),
  'objects by ids': () => read.objects.findMany('t', ['a', 'b']),
  'a user by user principal name': () => read.objects.findByName('t', 'userPrincipalName', 'marge@jogcloud.com'),
  'a page': () => user(),
  'the next page': () => user({ after: { key: null, id: 'i' } }),
  'a page by display name': () => user({ orderBy: byName }),
  'the next page by display name': () => user({ orderBy: byName, after: after1 }),
  'those of a department': () => user({ filter: equal('department', 'Safety') }),
  'those enabled': () => user({ filter: equal('accountEnabled', true) }),
  'those whose name begins so': () => user({ filter: startsWith }),
  'the next of those whose name begins so': () => user({ filter: startsWith, after: after1 }),
  'those whose name begins so, by name': () => user({ filter: startsWith, orderBy: byName }),
  'two conditions': () => user({ filter: and(equal('accountEnabled', true), startsWith) }),
  'one of two conditions': () => user({ filter: or(equal('employeeId', '7'), startsWith) }),
  'one of several values': () => user({ filter: { op: 'in', attribute: 'employeeId', values: ['1', '2'] } }),
  'the end of an address': () => user({ filter: { op: 'endsWith', attribute: 'mail', value: '@x.example' } }),
  'how many there are': () => read.objects.count('t', 'user'),
  'how many fit': () => read.objects.count('t', 'user', equal('department', 'Safety')),
  'members of a group': () => read.links.listTo('t', 'member', 'g', { limit: 100 }),
  'users of a group, next page': () => read.links.listTo('t', 'member', 'g', { kind: 'user', limit: 9, after: after1 }),
  'groups of a member': () => read.links.listFrom('t', 'member', 'u', { limit: 100 }),
  'groups of a member through others': () => read.links.listTransitiveGroupIds('t', 'u'),
  'members of a group through others': () => read.links.listTransitiveMembers('t', 'g', { limit: 100 }),
  'deleted objects': () => read.objects.listDeleted('t', 'user', 100, { key: '1', id: 'i' }),
  'expired objects of all tenants': () => read.objects.listDeletedBefore(new Date(), 100),
  'changes of a tenant': () => read.changes.read({ transaction: 0, sequence: 0 }, 100, 't'),
  'changes of all tenants': () => read.changes.read({ transaction: 0, sequence: 0 }, 100),
  'the end of the change feed': () => read.changes.end(),
  'a user by the userName of SCIM': () => user({ filter: equal('userName', 'marge@jogcloud.com') }),
  'a user by externalId': () => user({ filter: equal('externalId', '7') }),
  'whether userNames are taken': () => user({ filter: { op: 'in', attribute: 'userName', values: ['a', 'b'] } }),
  'what a job has to do': () => read.provisionedObjects.listDue('t', 'j', new Date(), 9),
  'whose object of the target it is': () => read.provisionedObjects.findByTarget('t', 'j', 'x'),
  'removals that wait': () => read.provisionedObjects.countAwaitingRemoval('t', 'j'),
  'marking removals': () => refused(read.provisionedObjects.markAwaitingDue('t', 'j', new Date())),
  'due memberships': () => read.provisionedMembers.listDue('t', 'j', new Date(), 9),
  'memberships of a group': () => read.provisionedMembers.listSent('t', 'j', 'g', 9),
  'saving what came of objects': () => refused(read.provisionedObjects.save('t', 'j', [worked('a'), worked('b')])),
  'marking reports': () => refused(read.provisionedObjects.markReportsDue('t', 'j', ['a', 'b'], new Date())),
  'marking memberships': () => refused(read.provisionedMembers.markMembershipsDue('t', 'j', ['a', 'b'], new Date())),
  'a tenant by domain': () => read.tenants.resolve('contoso.com'),
  'a tenant by host': () => read.tenants.resolveHost('login.contoso.com'),
};

/** A scan of a table, or a search in which only the tenant, the job or the relation is known: its cost grows with these. */
const costly = /^SCAN (?!p$|g$|l$|t$|found$|f$|json_each VIRTUAL TABLE)|\(tenant_id=\?( AND (job_id|relation)=\?)?\)$/;

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

test('a page in the order of an index is not sorted', async () => {
  for (const name of [
    'a page',
    'a page by display name',
    'those of a department',
    'those whose name begins so',
    'members of a group',
  ]) {
    const plan = await planOf(questions[name] ?? (() => Promise.reject(new Error(name))));
    assert.doesNotMatch(plan, /TEMP B-TREE/, `${name}\n${plan}`);
  }
});

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
    const plan = await planOf(() => read.signInEvents.list('t', asked, 100));
    assert.match(plan, new RegExp(`USING INDEX ${index} `));
    assert.doesNotMatch(plan, /TEMP B-TREE FOR ORDER BY/);
  });
}
