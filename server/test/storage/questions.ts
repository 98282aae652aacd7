// What the stores are asked often, and the statements that they send for it: for tests of how the engines carry these out.
import assert from 'node:assert/strict';
import { CompiledQuery, type KyselyPlugin } from 'kysely';
import type { Filter, Link, ObjectQuery } from '../../src/directory/index.ts';
import type { Query } from '../../src/storage/engine.ts';
import { type Engine, openStorage, type Storage, type Stores } from '../../src/storage/index.ts';
import { testSealing } from '../databases.ts';

export type Question = (storage: Storage) => Promise<unknown>;

/** Resolves to the statements that a question sends to this engine. */
export function watch(engine: Engine): (ask: Question) => Promise<CompiledQuery[]> {
  let statements: CompiledQuery[] = [];
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      statements.push(engine.reader.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const run: Engine['run'] = (query, statement) => {
    const placeholder = (place: number) => (engine.name === 'postgres' ? `$${place}` : '?');
    const text = statement.texts.reduce((before, after, place) => before + placeholder(place) + after);
    statements.push(CompiledQuery.raw(text, [...statement.values]));
    return engine.run(unwatched.get(query) ?? query, statement);
  };
  /** The handles of the engine, by those that are watched. */
  const unwatched = new WeakMap<Query, Query>();
  const watchedQuery = (query: Query): Query => {
    const watching = query.withPlugin(plugin);
    unwatched.set(watching, query);
    return watching;
  };
  const watched: Engine = {
    ...engine,
    run,
    async writeAll(query, all) {
      const counts: number[] = [];
      for (const one of all) counts.push(Number((await run(query, one)).numAffectedRows));
      return counts;
    },
    reader: watchedQuery(engine.reader),
    write: (work) => engine.write((query) => work(watchedQuery(query))),
  };
  const storage = openStorage(watched, testSealing);
  return async (ask) => {
    statements = [];
    await ask(storage);
    assert.notEqual(statements.length, 0);
    return statements;
  };
}

const users =
  (query: Partial<ObjectQuery> = {}): Question =>
  ({ read }) =>
    read.objects.list('t', { kind: 'user', limit: 100, ...query });
const startsWith: Filter = { op: 'startsWith', attribute: 'displayName', value: 'ma' };
const equal = (attribute: string, value: string | boolean | null): Filter => ({ op: 'eq', attribute, value });
const and = (...terms: Filter[]): Filter => ({ op: 'and', terms });
const or = (...terms: Filter[]): Filter => ({ op: 'or', terms });
const byName = { attribute: 'displayName', descending: true };
const after1 = { key: 'k', id: 'i' };

/** Writes, and takes it back. */
const writing =
  (work: (stores: Stores) => Promise<unknown>): Question =>
  (storage) => {
    const undone = storage.write(async (stores) => {
      await work(stores);
      throw new Error('This is taken back.');
    });
    return assert.rejects(undone, /taken back/);
  };
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
const memberLink = (toId: string): Link => {
  return { relation: 'member', fromId: 'g', fromKind: 'group', toId, toKind: 'user' };
};

export const questions = {
  'an object by id': ({ read }) => read.objects.find('t', 'id'),
  'objects by ids': ({ read }) => read.objects.findMany('t', ['a', 'b']),
  'a user by user principal name': ({ read }) =>
    read.objects.findByName('t', 'userPrincipalName', 'marge@jogcloud.com'),
  'a page': users(),
  'the next page': users({ after: { key: null, id: 'i' } }),
  'a page by display name': users({ orderBy: byName }),
  'the next page by display name': users({ orderBy: byName, after: after1 }),
  'those of a department': users({ filter: equal('department', 'Safety') }),
  'those enabled': users({ filter: equal('accountEnabled', true) }),
  'those whose name begins so': users({ filter: startsWith }),
  'the next of those whose name begins so': users({ filter: startsWith, after: after1 }),
  'those whose name begins so, by name': users({ filter: startsWith, orderBy: byName }),
  'two conditions': users({ filter: and(equal('accountEnabled', true), startsWith) }),
  'one of two conditions': users({ filter: or(equal('employeeId', '7'), startsWith) }),
  'one of several values': users({ filter: { op: 'in', attribute: 'employeeId', values: ['1', '2'] } }),
  'the end of an address': users({ filter: { op: 'endsWith', attribute: 'mail', value: '@x.example' } }),
  'how many there are': ({ read }) => read.objects.count('t', 'user'),
  'how many fit': ({ read }) => read.objects.count('t', 'user', equal('department', 'Safety')),
  'members of a group': ({ read }) => read.links.listTo('t', 'member', 'g', { limit: 100 }),
  'users of a group, next page': ({ read }) =>
    read.links.listTo('t', 'member', 'g', { kind: 'user', limit: 9, after: after1 }),
  'groups of a member': ({ read }) => read.links.listFrom('t', 'member', 'u', { limit: 100 }),
  'groups of a member through others': ({ read }) => read.links.listTransitiveGroupIds('t', 'u'),
  'members of a group through others': ({ read }) => read.links.listTransitiveMembers('t', 'g', { limit: 100 }),
  'one more member of a group': writing(({ links }) => links.addMany('t', [memberLink('new')], new Date())),
  'some members less': writing(({ links }) => links.removeMany('t', [memberLink('old')], new Date())),
  'deleted objects': ({ read }) => read.objects.listDeleted('t', 'user', 100, { key: '1', id: 'i' }),
  'expired objects of all tenants': ({ read }) => read.objects.listDeletedBefore(new Date(), 100),
  'changes of a tenant': ({ read }) => read.changes.read({ transaction: 0, sequence: 0 }, 100, 't'),
  'changes of all tenants': ({ read }) => read.changes.read({ transaction: 0, sequence: 0 }, 100),
  'the end of the change feed': ({ read }) => read.changes.end(),
  'a user by the userName of SCIM': users({ filter: equal('userName', 'marge@jogcloud.com') }),
  'a user by externalId': users({ filter: equal('externalId', '7') }),
  'whether userNames are taken': users({ filter: { op: 'in', attribute: 'userName', values: ['a', 'b'] } }),
  'what a job has to do': ({ read }) => read.provisionedObjects.listDue('t', 'j', new Date(), 9),
  'whose object of the target it is': ({ read }) => read.provisionedObjects.findByTarget('t', 'j', 'x'),
  'removals that wait': ({ read }) => read.provisionedObjects.countAwaitingRemoval('t', 'j'),
  'marking removals': writing(({ provisionedObjects }) => provisionedObjects.markAwaitingDue('t', 'j', new Date())),
  'due memberships': ({ read }) => read.provisionedMembers.listDue('t', 'j', new Date(), 9),
  'memberships of a group': ({ read }) => read.provisionedMembers.listSent('t', 'j', 'g', 9),
  'saving what came of objects': writing(({ provisionedObjects }) =>
    provisionedObjects.save('t', 'j', [worked('a'), worked('b')]),
  ),
  'marking reports': writing(({ provisionedObjects }) =>
    provisionedObjects.markReportsDue('t', 'j', ['a', 'b'], new Date()),
  ),
  'marking memberships of somebody': writing(({ provisionedMembers }) =>
    provisionedMembers.markSentDue('t', 'j', { memberId: 'u' }, new Date()),
  ),
  'marking members of a group': writing(({ provisionedMembers }) =>
    provisionedMembers.markSentDue('t', 'j', { groupId: 'g' }, new Date()),
  ),
  'forgetting what was sent': writing(({ provisionedMembers }) =>
    provisionedMembers.forgetSent('t', 'j', 'u', new Date()),
  ),
  'forgetting an object': writing(({ provisionedObjects }) => provisionedObjects.remove('t', 'j', 'u')),
  'marking memberships': writing(({ provisionedMembers }) =>
    provisionedMembers.markMembershipsDue('t', 'j', ['a', 'b'], new Date()),
  ),
  'a tenant by domain': ({ read }) => read.tenants.resolve('contoso.com'),
  'a tenant by host': ({ read }) => read.tenants.resolveHost('login.contoso.com'),
} satisfies Record<string, Question>;

/** Those that an index answers in its own order, so that a page costs the same at any depth. */
export const inOrderOfIndex = [
  'a page',
  'the next page',
  'a page by display name',
  'those of a department',
  'those whose name begins so',
  'members of a group',
] as const satisfies (keyof typeof questions)[];
