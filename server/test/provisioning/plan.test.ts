import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeMember, setManager } from '../../src/directory/index.ts';
import { newId } from '../../src/new-id.ts';
import { planJob } from '../../src/provisioning/index.ts';
import type { Target } from '../../src/provisioning/target.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { join, openTeam } from './open-team.ts';
import { openTestJob, type TestJob } from './test-job.ts';

onEachDatabase(planning);

const short = (name: unknown) => String(name).split('@')[0];

function planning({ storage }: OpenedDatabase): void {
  /** Each change as `<action> <name>`, those of members as `<group> +<member> -<member>`; failures by their code. */
  async function plan({ target, clock, reload }: TestJob, changed: Partial<Target> = {}): Promise<string[]> {
    const signal = new AbortController().signal;
    const parts = { storage, job: await reload(), target: { ...target, ...changed }, signal, newId };
    const entries = await Array.fromAsync(planJob({ ...parts, now: () => clock.now }));
    return entries
      .map(({ action, source, changes, problem }) => {
        if (problem) return `${source.name} ${problem.code}`;
        const named = (values: unknown, sign: string) =>
          Array.isArray(values) ? values.map((value) => ` ${sign}${short(value)}`) : [];
        const members = changes.filter(({ name }) => name === 'members');
        const told = members.flatMap(({ before, after }) => [...named(after, '+'), ...named(before, '-')]).sort();
        return told.length > 0 ? source.name + told.join('') : `${action} ${short(source.name)}`;
      })
      .sort();
  }

  test('a plan tells who would be made and who would come into which group, and writes nothing', async (t) => {
    const opened = await openTestJob(storage);
    t.after(() => opened.fake.close());
    const [marge, barney, group] = [
      await opened.user('marge'),
      await opened.user('barney'),
      await opened.group('Operators'),
    ];
    await join(opened, group.id, marge.id, barney.id);
    await opened.assign(group.id);
    const expected = ['Operators +barney +marge', 'create Operators', 'create barney', 'create marge'];
    assert.deepEqual(await plan(opened), expected);
    assert.deepEqual(await plan(opened), expected);
    assert.ok(opened.fake.calls.every(({ method }) => method === 'GET'));
    await opened.look();
    assert.deepEqual(await plan(opened), []);
  });

  test('RFC 7643 4.3: a plan tells of managers who are yet to be made, by their names, as the cycle then sets them', async (t) => {
    const opened = await openTestJob(storage);
    t.after(() => opened.fake.close());
    const [marge, barney, boss] = [await opened.user('marge'), await opened.user('barney'), await opened.user('boss')];
    await opened.write((stores, act) => setManager(stores, act, marge.id, boss.id));
    await opened.assign(marge.id);
    await opened.assign(barney.id);
    assert.deepEqual(await plan(opened), ['create barney', 'create marge'], 'the boss is in no scope');
    await opened.assign(boss.id);
    assert.deepEqual(await plan(opened), ['create barney', 'create boss', 'create marge', 'update marge']);
    await opened.look();
    assert.deepEqual(await plan(opened), []);
    await opened.write((stores, act) => setManager(stores, act, barney.id, boss.id));
    assert.deepEqual(await plan(opened), ['update barney'], 'once, where the manager is there');
  });

  test('a plan tells who would go from a group, also whom nobody sent there', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const homer = await team.user('homer');
    await join(team, team.operators.id, homer.id);
    await team.write((stores, act) => removeMember(stores, act, team.operators.id, team.barney.id));
    assert.deepEqual(await plan(team), ['Network Operators +homer -barney', 'create homer', 'disable barney']);

    const group = String(team.fake.groups()[0]?.['id']);
    const [marge] = team.fake.users().filter(({ userName }) => short(userName) === 'marge');
    team.fake.meddle(group, (resource) => ({
      ...resource,
      members: [
        ...(Array.isArray(resource['members']) ? resource['members'] : []).filter(
          (member) => JSON.stringify(member) !== JSON.stringify({ value: marge?.['id'] }),
        ),
        { value: 'stranger' },
      ],
    }));
    const [members] = await plan(team);
    assert.equal(members, 'Network Operators +homer +marge -barney -stranger');
  });

  test('where a target does not tell members, a plan goes by those that were sent', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const untold: Partial<Target> = { listMembers: async () => ({ kind: 'done', value: null }) };
    assert.deepEqual(await plan(team, untold), []);
    await team.write((stores, act) => removeMember(stores, act, team.operators.id, team.barney.id));
    assert.deepEqual(await plan(team, untold), ['Network Operators -barney', 'disable barney']);
  });

  test('members of a group that is there already and was never sent are left in it', async (t) => {
    const opened = await openTestJob(storage);
    t.after(() => opened.fake.close());
    await fetch(`${opened.fake.baseUrl}/Groups`, {
      method: 'POST',
      headers: { authorization: 'Bearer secret' },
      body: JSON.stringify({ displayName: 'Operators', members: [{ value: 'stranger' }] }),
    });
    const [marge, group] = [await opened.user('marge'), await opened.group('Operators')];
    await join(opened, group.id, marge.id);
    await opened.assign(group.id);
    assert.deepEqual(await plan(opened), ['Operators +marge', 'create marge', 'update Operators']);
  });

  test('a plan tells of groups whose members it could not read', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    team.fake.fault = ({ path }) =>
      path.includes('attributes=members') && !path.includes('excluded') ? { when: 'before', status: 500 } : undefined;
    assert.deepEqual(await plan(team), ['Network Operators failed']);
  });
}
