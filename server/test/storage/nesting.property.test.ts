import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DirectoryObject, Link } from '../../src/directory/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { onEachDatabase } from '../databases.ts';

const groups = ['g0', 'g1', 'g2', 'g3', 'g4', 'g5'];
const users = ['u0', 'u1'];
const at = new Date(1000);

const pair = fc.record({ from: fc.constantFrom(...groups), to: fc.constantFrom(...groups, ...users) });
const step = fc.oneof(
  { arbitrary: fc.record({ op: fc.constant('add' as const), pair }), weight: 6 },
  { arbitrary: fc.record({ op: fc.constant('remove' as const), pair }), weight: 3 },
  { arbitrary: fc.record({ op: fc.constantFrom('delete', 'restore'), group: fc.constantFrom(...groups) }), weight: 2 },
);

/** What the stores should know, said as a graph that is searched anew for every question. */
class Graph {
  readonly links = new Set<string>();
  readonly deleted = new Set<string>();

  childrenOf(group: string): string[] {
    const isLiving = (id: string) => !this.deleted.has(id);
    return [...groups, ...users].filter((id) => isLiving(group) && isLiving(id) && this.links.has(`${group} ${id}`));
  }

  pathsBetween(from: string, to: string): number {
    return this.childrenOf(from).reduce((sum, child) => sum + (child === to ? 1 : 0) + this.pathsBetween(child, to), 0);
  }

  hasCycle(): boolean {
    const visit = (id: string, above: string[]): boolean =>
      above.includes(id) || this.childrenOf(id).some((child) => visit(child, [...above, id]));
    return groups.some((group) => visit(group, []));
  }
}

function object(id: string): DirectoryObject {
  const kind = groups.includes(id) ? 'group' : 'user';
  return { id, kind, attributes: {}, createdAt: at, modifiedAt: at, deletedAt: null, version: 1 };
}

function linkOf(from: string, to: string): Link {
  return { relation: 'member', fromId: from, fromKind: 'group', toId: to, toKind: object(to).kind };
}

let tenants = 0;

/** Does the step if the directory accepts it. */
async function attempt(
  storage: Storage,
  tenantId: string,
  taken: { op: string; pair?: { from: string; to: string }; group?: string },
) {
  await storage.write(async ({ objects, links }) => {
    if (taken.pair && taken.op === 'add') await links.add(tenantId, linkOf(taken.pair.from, taken.pair.to), at);
    if (taken.pair && taken.op === 'remove') await links.remove(tenantId, linkOf(taken.pair.from, taken.pair.to), at);
    if (taken.group === undefined) return;
    const before = await objects.findToChange(tenantId, taken.group);
    const deletedAt = taken.op === 'delete' ? at : null;
    if (!before || (before.deletedAt === null) === (deletedAt === null)) return;
    await objects.setDeleted(tenantId, before, { ...before, deletedAt, version: before.version + 1 });
  });
}

onEachDatabase(({ storage, engine }) => {
  test('nesting kept step by step is what a search of all memberships finds, and no step makes a cycle', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
      const tenantId = `tenant-${tenants++}`;
      await storage.write(async ({ objects }) => {
        for (const id of [...groups, ...users]) await objects.insert(tenantId, [object(id)]);
      });
      let graph = new Graph();
      for (const taken of steps) {
        const next = new Graph();
        for (const link of graph.links) next.links.add(link);
        for (const id of graph.deleted) next.deleted.add(id);
        if ('pair' in taken) {
          const name = `${taken.pair.from} ${taken.pair.to}`;
          if (taken.op === 'add') next.links.add(name);
          else next.links.delete(name);
        } else if (taken.op === 'delete') next.deleted.add(taken.group);
        else next.deleted.delete(taken.group);

        const attempted = attempt(storage, tenantId, taken);
        if (next.hasCycle()) await assert.rejects(attempted, { code: 'directory.group_cycle' });
        else {
          await attempted;
          graph = next;
        }
      }
      const rows = await engine.reader
        .selectFrom('group_closure')
        .select(['ancestor_id', 'descendant_id', 'paths'])
        .where('tenant_id', '=', tenantId)
        .execute();
      const kept = new Map(rows.map((row) => [`${row.ancestor_id} ${row.descendant_id}`, row.paths]));
      const expected = groups.flatMap((from) =>
        groups.map((to) => [`${from} ${to}`, graph.pathsBetween(from, to)] as const),
      );
      assert.deepEqual(kept, new Map(expected.filter(([, paths]) => paths > 0)));
      for (const id of [...groups, ...users]) {
        const found = await storage.read.links.listTransitiveGroupIds(tenantId, id);
        const containing = groups.filter((group) => graph.pathsBetween(group, id) > 0);
        if (!graph.deleted.has(id)) assert.deepEqual(found, containing);
      }
      for (const group of groups.filter((id) => !graph.deleted.has(id))) {
        const { items } = await storage.read.links.listTransitiveMembers(tenantId, group, { limit: 100 });
        const members = [...groups, ...users].filter((id) => graph.pathsBetween(group, id) > 0);
        assert.deepEqual(
          items.map(({ id }) => id),
          members,
        );
      }
    });
    await fc.assert(property, { numRuns: 20 });
  });
});
