// Attributes of extensions that the target has of its own (RFC 7643 3.3).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineAttribute, type JsonObject, type SchemaDefinition } from '@countersign/scim';
import { updateUser } from '../../src/directory/index.ts';
import { newId } from '../../src/new-id.ts';
import { defaultDefinition, explainObject, restartJob, updateJob } from '../../src/provisioning/index.ts';
import type { JobDefinition } from '../../src/provisioning/job.ts';
import type { AttributeMapping } from '../../src/provisioning/mapping.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { openTestJob, type TestJob } from './test-job.ts';

const urn = 'urn:example:params:scim:schemas:extension:acme:2.0:User';

const schema: SchemaDefinition = {
  id: urn,
  name: 'AcmeUser',
  description: 'What Acme knows of users',
  attributes: [
    defineAttribute('costCenter', 'Who pays'),
    defineAttribute('phones', 'How many telephones', { type: 'integer' }),
    defineAttribute('numbers', 'All telephones', { multiValued: true }),
  ],
};

const always = (name: string, source: string, more: Partial<AttributeMapping> = {}): AttributeMapping => ({
  target: `${urn}:${name}`,
  source,
  apply: 'always',
  ...more,
});

function mapping(...attributes: AttributeMapping[]): Pick<JobDefinition, 'scope' | 'mappings'> {
  const [ofUsers] = defaultDefinition.mappings;
  assert.ok(ofUsers);
  return { scope: 'all', mappings: [{ ...ofUsers, attributes: [...ofUsers.attributes, ...attributes] }] };
}

const typed = [
  always('costCenter', '[department]'),
  always('phones', 'Count([businessPhones])'),
  always('numbers', '[businessPhones]'),
];

onEachDatabase(extending);

function extending({ storage }: OpenedDatabase): void {
  const extensionOf = ({ fake }: TestJob): unknown => fake.users()[0]?.[urn];
  const change = (opened: TestJob, id: string, attributes: Parameters<typeof updateUser>[3]) =>
    opened.write((stores, act) => updateUser(stores, act, id, attributes));
  const pathsSent = ({ fake }: TestJob) =>
    fake.calls.flatMap(({ method, body }) =>
      method === 'PATCH' && Array.isArray(body?.['Operations'])
        ? body['Operations'].map((one) => `${(one as JsonObject)['op']} ${(one as JsonObject)['path']}`)
        : [],
    );
  const explain = async (opened: TestJob, id: string) => {
    const { target, clock } = opened;
    const signal = new AbortController().signal;
    return explainObject({ storage, job: await opened.reload(), target, signal, now: () => clock.now, newId }, id);
  };
  async function open(t: { after(work: () => Promise<void>): void }, ...attributes: AttributeMapping[]) {
    const opened = await openTestJob(storage, mapping(...attributes));
    t.after(() => opened.fake.close());
    return opened;
  }

  test('RFC 7643 3.3, 7: attributes are made, changed, emptied and put right with the types that the target tells', async (t) => {
    const opened = await open(t, ...typed);
    opened.fake.extend(schema, true);
    const marge = await opened.user('marge', { department: 'Security', businessPhones: ['1', '2'] });
    await opened.look();
    assert.deepEqual(extensionOf(opened), { costCenter: 'Security', phones: 2, numbers: ['1', '2'] });
    const [user] = opened.fake.users();
    assert.ok(user && Array.isArray(user['schemas']) && user['schemas'].includes(urn));

    await change(opened, marge.id, { department: null, businessPhones: ['1'] });
    await opened.look();
    assert.deepEqual(extensionOf(opened), { phones: 1, numbers: ['1'] });
    const paths = pathsSent(opened).filter((path) => path.includes(urn));
    assert.deepEqual(paths, [`remove ${urn}:costCenter`, `replace ${urn}:phones`, `replace ${urn}:numbers`]);

    opened.fake.meddle(String(user['id']), (resource) => ({ ...resource, [urn]: { phones: 7 } }));
    const job = await opened.reload();
    await opened.write((stores, act) => restartJob(stores, act, job));
    await opened.look();
    assert.deepEqual(extensionOf(opened), { phones: 1, numbers: ['1'] });
    assert.equal(opened.fake.calls.filter(({ path }) => path === '/Schemas').length, 1);
  });

  test('RFC 7644 4: where the target does not tell of an extension, its attributes are texts', async (t) => {
    const opened = await open(t, always('costCenter', '[department]'));
    opened.fake.extend(schema, false);
    const marge = await opened.user('marge', { department: 'Security' });
    await opened.look();
    assert.deepEqual(extensionOf(opened), { costCenter: 'Security' });
    await change(opened, marge.id, { department: 'Sales' });
    await opened.look();
    assert.deepEqual(extensionOf(opened), { costCenter: 'Sales' });
    assert.deepEqual((await explain(opened, marge.id)).changes, []);
  });

  test('a target that is busy when it is asked for its schemas is asked again', async (t) => {
    const opened = await open(t, ...typed);
    opened.fake.extend(schema, true);
    opened.fake.fault = ({ path }) => (path === '/Schemas' ? { when: 'before', status: 503, body: {} } : undefined);
    await opened.user('marge', { businessPhones: ['1'] });
    await opened.look();
    assert.equal(opened.fake.users().length, 0);
    opened.fake.fault = () => undefined;
    opened.clock.now = new Date(opened.clock.now.getTime() + 3_600_000);
    await opened.look();
    assert.deepEqual(extensionOf(opened), { phones: 1, numbers: ['1'] });
  });

  test('an attribute that the schema of the target lacks is told of', async (t) => {
    const opened = await open(t, always('costCentre', '[department]'));
    opened.fake.extend(schema, true);
    const marge = await opened.user('marge', { department: 'Security' });
    const { problem } = await explain(opened, marge.id);
    assert.equal(problem?.code, 'mapping_failed');
    assert.match(problem.detail, /costCentre/);
  });

  test('objects are matched by an attribute of an extension', async (t) => {
    const opened = await open(t, always('costCenter', '[employeeId]', { matchingPriority: 0 }));
    opened.fake.extend(schema, true);
    const post = (userName: string, costCenter: string) =>
      fetch(`${opened.fake.baseUrl}/Users`, {
        method: 'POST',
        headers: { authorization: 'Bearer secret' },
        body: JSON.stringify({ userName, [urn]: { costCenter } }),
      });
    await post('somebody', '4');
    await post('somebody else', '5');
    await opened.user('marge', { employeeId: '5' });
    await opened.look();
    const names = opened.fake.users().map(({ userName }) => String(userName).split('@')[0]);
    assert.deepEqual(names, ['somebody', 'marge']);
  });

  test('a standard extension has no attributes but its own', async (t) => {
    const opened = await open(t);
    const job = await opened.reload();
    const target = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:nonsense';
    const wanted = mapping({ target, source: '[department]', apply: 'always' });
    await assert.rejects(
      opened.write((stores, act) => updateJob(stores, act, job, wanted, opened.target)),
      { code: 'provisioning.mapping_invalid' },
    );
  });
}
