import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Comparable, DirectoryObject, Filter, ObjectQuery, PagePosition } from '../../src/directory/index.ts';
import type { Storage } from '../../src/storage/index.ts';
import { onEachDatabase } from '../databases.ts';
import { fits, ordered } from './filter-oracle.ts';

// Characters that fold, join, sort beyond the basic plane, or mean something in SQL.
const letters = ['a', 'A', 'b', 'é', 'e\u0301', 'İ', 'ﬁ', 'Ｋ', 'ß', '😀', '\ud7ff', '%', '_', '\\', "'", '~', ' '];
const text = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const longText = fc.tuple(text, fc.constantFrom(249, 250, 290)).map(([end, length]) => 'x'.repeat(length) + end);
const anyText = fc.oneof({ arbitrary: text, weight: 9 }, { arbitrary: longText, weight: 1 });
const time = fc.constantFrom(0, 1, 1000, 86_400_000, 1_772_000_000_000).map((at) => new Date(at).toISOString());
const number = fc.constantFrom(-9_007_199_254_740_991, -2, -1, 0, 1, 2, 10, 255, 256, 9_007_199_254_740_991);
const flag = fc.boolean();
const texts = fc.uniqueArray(text, { minLength: 1, maxLength: 3 });

const values = {
  displayName: anyText,
  department: text,
  mail: text,
  otherMails: texts,
  externalId: text,
  accountEnabled: flag,
  employeeHireDate: time,
  extension_0_level: number,
  extension_0_tags: texts,
} satisfies Record<string, fc.Arbitrary<unknown>>;

const attributes = fc.record(
  {
    ...values,
    onPremisesExtensionAttributes: fc.record({ extensionAttribute1: text }, { requiredKeys: [] }),
  },
  { requiredKeys: ['displayName', 'accountEnabled'] },
);

const textAttributes = ['displayName', 'department', 'mail', 'otherMails', 'externalId', 'extension_0_tags'] as const;
const memberAttribute = 'onPremisesExtensionAttributes/extensionAttribute1';
const textAttribute = fc.constantFrom(...textAttributes, memberAttribute);
const valueArbitraries: Record<string, fc.Arbitrary<Comparable>> = {
  ...Object.fromEntries([...textAttributes, memberAttribute].map((name) => [name, anyText])),
  accountEnabled: flag,
  employeeHireDate: time,
  createdAt: time,
  extension_0_level: number,
  id: fc.constantFrom('id-00', 'id-03', 'id-10'),
};
const attribute = fc.constantFrom(...Object.keys(valueArbitraries));
const valueFor = (name: string) => valueArbitraries[name] ?? text;

const comparison: fc.Arbitrary<Filter> = fc.oneof(
  attribute.chain((name) =>
    fc.record({ op: fc.constantFrom('eq', 'ne'), attribute: fc.constant(name), value: fc.option(valueFor(name)) }),
  ),
  attribute.chain((name) =>
    fc.record({ op: fc.constantFrom('gt', 'ge', 'lt', 'le'), attribute: fc.constant(name), value: valueFor(name) }),
  ),
  attribute.chain((name) =>
    fc.record({
      op: fc.constant('in' as const),
      attribute: fc.constant(name),
      values: fc.array(valueFor(name), { maxLength: 3 }),
    }),
  ),
  fc.record({
    op: fc.constantFrom('startsWith', 'contains'),
    attribute: textAttribute,
    value: fc.oneof(text, fc.constant('')),
  }),
  fc.record({ op: fc.constant('endsWith' as const), attribute: fc.constantFrom('mail', 'otherMails'), value: text }),
);

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    comparison,
    fc.record({ op: fc.constantFrom('and', 'or'), terms: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ op: fc.constant('not' as const), term: tie('filter') }),
  ),
}));

const order = fc.record({
  attribute: fc.constantFrom('displayName', 'department', 'accountEnabled', 'extension_0_level', 'createdAt', 'id'),
  descending: flag,
});

let tenants = 0;

async function keep(storage: Storage, documents: DirectoryObject['attributes'][]) {
  const tenantId = `tenant-${tenants++}`;
  const objects = documents.map((document, index): DirectoryObject => {
    const at = new Date(index % 3 === 0 ? 1000 : index);
    const id = `id-${String(index).padStart(2, '0')}`;
    return { id, kind: 'user', attributes: document, createdAt: at, modifiedAt: at, deletedAt: null, version: 1 };
  });
  await storage.write(async (stores) => {
    await stores.objects.insert(tenantId, objects);
  });
  return { tenantId, objects };
}

async function readAll(storage: Storage, tenantId: string, query: Omit<ObjectQuery, 'limit' | 'after'>, limit: number) {
  const ids: string[] = [];
  let after: PagePosition | undefined;
  do {
    const page = await storage.read.objects.list(tenantId, { ...query, limit, ...(after && { after }) });
    assert.ok(page.items.length <= limit, 'no page is longer than asked for');
    ids.push(...page.items.map(({ id }) => id));
    after = page.nextAfter;
  } while (after);
  return ids;
}

onEachDatabase(({ storage }) => {
  test('a filter in SQL finds exactly what a scan of the documents finds, page by page and in order', async () => {
    const documents = fc.array(attributes, { minLength: 1, maxLength: 25 });
    const question = fc.record({ filter, limit: fc.integer({ min: 1, max: 12 }), orderBy: fc.option(order) });
    const questions = fc.array(question, { minLength: 10, maxLength: 30 });
    const property = fc.asyncProperty(documents, questions, async (someDocuments, someQuestions) => {
      const { tenantId, objects } = await keep(storage, someDocuments);
      for (const { filter, limit, orderBy } of someQuestions) {
        const expected = objects.filter((object) => fits(object, filter));
        const query = { kind: 'user', filter, ...(orderBy && { orderBy }) } as const;
        const ids = await readAll(storage, tenantId, query, limit);
        const inOrder = orderBy ? ordered(expected, orderBy) : expected.map(({ id }) => id).sort();
        assert.deepEqual(orderBy ? ids : ids.toSorted(), inOrder, JSON.stringify(query));
        assert.equal(await storage.read.objects.count(tenantId, 'user', filter), expected.length);
      }
    });
    await fc.assert(property, { numRuns: 20 });
  });
});
