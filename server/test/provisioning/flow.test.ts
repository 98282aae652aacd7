import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deleteObject, updateUser, userKind } from '../../src/directory/index.ts';
import { defaultDefinition, type ObjectMapping } from '../../src/provisioning/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { userOf } from './target-content.ts';
import { openTestJob, type TestJob } from './test-job.ts';

onEachDatabase(flow);

/** The usual mappings, that of users changed. */
function mappingUsers(change: (users: ObjectMapping) => Partial<ObjectMapping>) {
  const mappings = defaultDefinition.mappings.map((mapping) =>
    mapping.source === 'user' ? { ...mapping, ...change(mapping) } : mapping,
  );
  return { scope: 'all', mappings } as const;
}

function flow({ storage }: OpenedDatabase): void {
  /** Somebody in the target, by a job whose users are mapped so. */
  async function openMarge(change: Parameters<typeof mappingUsers>[0]) {
    const opened = await openTestJob(storage, mappingUsers(change));
    const marge = await opened.user('marge', { department: 'Security', jobTitle: 'Guard' });
    await opened.look();
    return { ...opened, marge };
  }
  const update = (opened: TestJob & { marge: { id: string } }, change: Parameters<typeof updateUser>[3]) =>
    opened.write((stores, act) => updateUser(stores, act, opened.marge.id, change));
  const remove = (opened: TestJob & { marge: { id: string } }) =>
    opened.write((stores, act) => deleteObject(stores, act, userKind, opened.marge.id));
  const isActive = (opened: TestJob) => opened.fake.users().map(({ active }) => active);
  const inSecurity = [[{ attribute: 'department', operator: 'EQUALS', values: ['Security'] }]] as const;
  const scope = inSecurity.map((group) => group.map((clause) => ({ ...clause, values: [...clause.values] })));

  test('an attribute that is applied on creation is sent once, and then left to the target', async (t) => {
    const opened = await openMarge(({ attributes }) => ({
      attributes: [...attributes, { target: 'nickName', source: '[jobTitle]', apply: 'onCreate' }],
    }));
    t.after(() => opened.fake.close());
    await update(opened, { jobTitle: 'Chief' });
    await opened.look();
    const { title, nickName } = userOf(opened, 'marge');
    assert.deepEqual([title, nickName], ['Chief', 'Guard']);
  });

  test('a default value stands in where the source has none', async (t) => {
    const opened = await openMarge(({ attributes }) => ({
      attributes: [
        ...attributes,
        { target: 'userType', source: '[employeeType]', defaultValue: 'Employee', apply: 'always' },
      ],
    }));
    t.after(() => opened.fake.close());
    assert.equal(userOf(opened, 'marge')['userType'], 'Employee');
    await update(opened, { employeeType: 'Contractor' });
    await opened.look();
    assert.equal(userOf(opened, 'marge')['userType'], 'Contractor');
    await update(opened, { employeeType: null });
    await opened.look();
    assert.equal(userOf(opened, 'marge')['userType'], 'Employee');
  });

  test('objects are matched by the attribute with the lowest number first', async (t) => {
    const opened = await openTestJob(
      storage,
      mappingUsers(({ attributes }) => ({
        attributes: attributes.map((attribute) =>
          attribute.target === 'externalId' ? { ...attribute, matchingPriority: 0 } : attribute,
        ),
      })),
    );
    t.after(() => opened.fake.close());
    const marge = await opened.user('marge');
    const made = async (body: object) => {
      const headers = { authorization: 'Bearer secret' };
      const answer = await fetch(`${opened.fake.baseUrl}/Users`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return ((await answer.json()) as { id: string }).id;
    };
    const byExternalId = await made({ userName: 'somebody', externalId: marge.id });
    await opened.look();
    assert.deepEqual(
      opened.fake.users().map(({ id, userName }) => [id, String(userName).split('@')[0]]),
      [[byExternalId, 'marge']],
    );
  });

  for (const [allowed, expected] of [
    ['create', []],
    ['update', ['Guard']],
    ['delete', ['Chief']],
  ] as const) {
    test(`a mapping that does not let the job ${allowed} objects is obeyed, and the log says so`, async (t) => {
      const opened = await openMarge((users) => ({ flow: { ...users.flow, [allowed]: false }, whenDeleted: 'delete' }));
      t.after(() => opened.fake.close());
      await update(opened, { jobTitle: 'Chief' });
      await opened.look();
      assert.deepEqual(
        opened.fake.users().map(({ title }) => title),
        expected,
      );
      await remove(opened);
      await opened.look();
      assert.equal(opened.fake.users().length, allowed === 'delete' ? 1 : 0);
    });
  }

  test('whoever leaves the scope filter is disabled, deleted or left, as the mapping says', async (t) => {
    const expected = { disable: [false], delete: [], leave: [true] } as const;
    for (const [whenOutOfScope, active] of Object.entries(expected)) {
      const opened = await openMarge(() => ({ scope, whenOutOfScope: whenOutOfScope as keyof typeof expected }));
      t.after(() => opened.fake.close());
      assert.deepEqual(isActive(opened), [true]);
      await update(opened, { department: 'Mail' });
      await opened.look();
      assert.deepEqual(isActive(opened), active, whenOutOfScope);
      await update(opened, { department: 'security' });
      await opened.look();
      assert.deepEqual(isActive(opened), [true], `${whenOutOfScope}: the return is noticed`);
    }
  });

  test('whoever is deleted from the directory is disabled, deleted or left, as the mapping says', async (t) => {
    const expected = { disable: [false], delete: [], leave: [true] } as const;
    for (const [whenDeleted, active] of Object.entries(expected)) {
      const opened = await openMarge(() => ({ whenDeleted: whenDeleted as keyof typeof expected }));
      t.after(() => opened.fake.close());
      await remove(opened);
      await opened.look();
      assert.deepEqual(isActive(opened), active, whenDeleted);
    }
  });

  test('bad-inputs 30: whoever is disabled and then deleted stays as the first of the two left them', async (t) => {
    const opened = await openMarge(() => ({}));
    t.after(() => opened.fake.close());
    await update(opened, { accountEnabled: false });
    await opened.look();
    await remove(opened);
    await opened.look();
    assert.deepEqual(isActive(opened), [false]);
  });
}
