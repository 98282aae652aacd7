import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setManager } from '../../src/directory/index.ts';
import { defaultDefinition } from '../../src/provisioning/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { userOf } from './target-content.ts';
import { openTestJob, type TestJob } from './test-job.ts';

onEachDatabase(initialCycle);

const names = ['marge', 'barney', 'homer', 'lenny', 'carl'];

function initialCycle({ storage }: OpenedDatabase): void {
  const openPeople = async (definition: Parameters<typeof openTestJob>[1] = {}) => {
    const opened = await openTestJob(storage, { scope: 'all', ...definition });
    for (const name of names) await opened.user(name);
    return opened;
  };
  const asked = ({ fake }: TestJob, method: string, part: string) =>
    fake.calls.filter((call) => call.method === method && call.path.startsWith('/Users') && call.path.includes(part));
  const inTarget = ({ fake }: TestJob) => fake.users().map(({ userName }) => String(userName).split('@')[0]);

  test('a target that has nobody is asked once, and then each is made by one request', async (t) => {
    const opened = await openPeople();
    t.after(() => opened.fake.close());
    await opened.look();
    assert.deepEqual(inTarget(opened).sort(), names.toSorted());
    assert.equal(asked(opened, 'GET', '').length, 1);
    assert.equal(asked(opened, 'POST', '').length, names.length);
  });

  test('a target that has somebody is asked for each, and whoever is there is matched', async (t) => {
    const opened = await openPeople();
    t.after(() => opened.fake.close());
    const there = `marge@${opened.tenant.domains[0]?.name}`;
    await fetch(`${opened.fake.baseUrl}/Users`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret' },
      body: JSON.stringify({ userName: there }),
    });
    await opened.look();
    assert.deepEqual(inTarget(opened).sort(), names.toSorted());
    assert.ok(names.every((name) => asked(opened, 'GET', encodeURIComponent(`"${name}@`)).length > 0));
  });

  test('bad-inputs 29: after a stop nobody relies on that the target had nobody', async (t) => {
    const opened = await openPeople({ mostAtOnce: 1 });
    t.after(() => opened.fake.close());
    const stopping = new AbortController();
    opened.fake.fault = ({ method }) => {
      if (method !== 'POST' || opened.fake.users().length < 2) return undefined;
      stopping.abort(new Error('stopped'));
      return { when: 'after', cut: true };
    };
    await assert.rejects(opened.look(stopping.signal), /stopped/);
    assert.equal(opened.fake.users().length, 3);
    opened.fake.fault = () => undefined;
    await opened.look();
    assert.deepEqual(inTarget(opened).sort(), names.toSorted());
    assert.equal(asked(opened, 'POST', '').length, names.length, 'nobody was sent twice');
  });

  test('where two people can be matched by the same value, the target is asked for each', async (t) => {
    const opened = await openPeople({
      mostAtOnce: 1,
      mappings: defaultDefinition.mappings.map((mapping) => ({
        ...mapping,
        attributes: mapping.attributes.map((attribute) =>
          attribute.target === 'externalId' ? { ...attribute, source: '[employeeId]' } : attribute,
        ),
      })),
    });
    t.after(() => opened.fake.close());
    for (const name of ['one', 'two']) await opened.user(name, { employeeId: '7' });
    await opened.look();
    const twins = inTarget(opened).filter((name) => ['one', 'two'].includes(name ?? ''));
    assert.equal(twins.length, 1);
    const [entry] = await storage.read.provisioningLog.list(opened.id, { problemCode: 'match_taken' }, 2);
    assert.equal(entry?.status, 'failure');
  });

  test('RFC 7643 4.3: managers who arrive together with their reports are set', async (t) => {
    const opened = await openPeople({ mostAtOnce: 8 });
    t.after(() => opened.fake.close());
    const [boss, ...reports] = (await storage.read.objects.list(opened.id, { kind: 'user', limit: 9 })).items;
    for (const { id } of reports) {
      await opened.write((stores, act) => setManager(stores, act, id, boss?.id ?? ''));
    }
    await opened.look();
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const bossName = String(boss?.attributes['displayName']);
    for (const name of names.filter((one) => one !== bossName)) {
      const { manager } = userOf(opened, name)[enterprise] as { manager?: { value: string } };
      assert.equal(manager?.value, userOf(opened, bossName)['id'], name);
    }
  });
}
