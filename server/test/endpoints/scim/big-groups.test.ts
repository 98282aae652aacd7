// Groups of 100,000 members: what a request costs follows from what it changes, not from the group.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import type { Storage } from '../../../src/storage/index.ts';
import { onEachDatabase } from '../../databases.ts';
import { ScimHub } from './scim-hub.ts';

const size = 100_000;
/** More rows than any question for checking, changing and answering has; far fewer than the group. */
const fewRows = 20;

onEachDatabase(({ engine, storage }) => {
  let hub: ScimHub;
  let id: string;
  const newcomers: string[] = [];
  const read: number[] = [];

  before(async () => {
    hub = await ScimHub.open(counting(storage, read));
    id = (await hub.group('everybody')).id;
    for (const name of ['marge', 'barney']) newcomers.push((await hub.user(name)).id);
    await engine.write(async (query) => {
      const { id: tenant } = hub.tenant;
      await sql`
        insert into directory_link (tenant_id, relation, from_id, from_kind, to_kind, to_id, created_at)
        with recursive member(number) as (select 1 union all select number + 1 from member where number < ${sql.lit(size)})
        select ${tenant}, 'member', ${id}, 'group', 'user', 'member-' || number, 0 from member`.execute(query);
    });
  });

  const count = async () => {
    const { rows } = await sql<{ count: number | string }>`
      select count(*) as count from directory_link where tenant_id = ${hub.tenant.id} and from_id = ${id}`.execute(
      engine.reader,
    );
    return Number(rows[0]?.count);
  };
  /** The most rows that one question of the directory was answered with. */
  async function mostRead(...operations: Parameters<ScimHub['patch']>[1][]): Promise<number> {
    read.length = 0;
    const { status, text } = await hub.patch(`/Groups/${id}?attributes=displayName`, ...operations);
    assert.equal(status, 200, text);
    return Math.max(...read);
  }

  test('RFC 7644 3.5.2.1: members are added to a group of 100,000, which keeps all others', async () => {
    const value = newcomers.map((member) => ({ value: member }));
    assert.ok((await mostRead({ op: 'add', path: 'members', value })) < fewRows);
    assert.equal(await count(), size + 2);
    assert.ok((await mostRead({ op: 'add', path: 'members', value })) < fewRows);
    assert.equal(await count(), size + 2);
  });

  test('RFC 7644 3.5.2.2: members are removed from a group of 100,000, which keeps all others', async () => {
    const [marge = '', barney = ''] = newcomers;
    assert.ok((await mostRead({ op: 'remove', path: `members[value eq "${marge}"]` })) < fewRows);
    assert.ok((await mostRead({ op: 'remove', path: 'members', value: [{ value: barney }] })) < fewRows);
    assert.equal(await count(), size);
  });

  test('RFC 7644 3.5.2.3: a group of 100,000 is renamed without a look at its members', async () => {
    assert.ok((await mostRead({ op: 'replace', path: 'displayName', value: 'all' })) < fewRows);
    assert.equal(await count(), size);
    read.length = 0;
    const { body } = await hub.get('/Groups?filter=displayName eq "all"&excludedAttributes=members');
    assert.equal(body.totalResults, 1);
    assert.ok(Math.max(...read) < fewRows);
  });
});

/** The storage, which notes how many rows each answer of a store has. */
function counting(storage: Storage, read: number[]): Storage {
  const noted = async (answer: unknown) => {
    const value = await answer;
    const items = Array.isArray(value) ? value : (value as { items?: unknown } | undefined)?.items;
    read.push(Array.isArray(items) ? items.length : 1);
    return value;
  };
  const watched = <Watched extends object>(object: Watched): Watched =>
    new Proxy(object, {
      get(of, name) {
        const member: unknown = Reflect.get(of, name);
        if (typeof member === 'function') return (...given: unknown[]) => noted(member.apply(of, given));
        return typeof member === 'object' && member !== null ? watched(member) : member;
      },
    });
  return {
    ...storage,
    madeWrites: () => storage.madeWrites(),
    read: watched(storage.read),
    write: (work) => storage.write((stores) => work(watched(stores))),
  };
}
