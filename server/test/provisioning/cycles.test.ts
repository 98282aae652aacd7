import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeAppRoleAssignment } from '../../src/applications/index.ts';
import {
  deleteObject,
  groupKind,
  removeMember,
  restoreObject,
  setManager,
  updateGroup,
  updateTenant,
  updateUser,
  userKind,
} from '../../src/directory/index.ts';
import { approveRemovals, pruneProvisioningLog } from '../../src/provisioning/index.ts';
import type { OpenedDatabase } from '../../src/storage/conformance/database.ts';
import { onEachDatabase } from '../databases.ts';
import { join, openTeam } from './open-team.ts';
import { memberIds, userOf } from './target-content.ts';
import { openTestJob, type TestJob } from './test-job.ts';

onEachDatabase(cycles);

const minute = 60_000;

const leave = (opened: TestJob, groupId: string, memberId: string) =>
  opened.write((stores, act) => removeMember(stores, act, groupId, memberId));

function cycles({ storage }: OpenedDatabase): void {
  test('an initial cycle makes what is assigned, with members and mapped values, and nothing else', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    await team.user('homer');
    await team.look();
    assert.equal(team.fake.users().length, 2);
    const marge = userOf(team, 'marge');
    assert.equal(marge['externalId'], team.marge.id);
    assert.equal(marge['active'], true);
    assert.deepEqual(marge['name'], { givenName: 'Marge', familyName: 'Simpson', formatted: 'Marge Simpson' });
    assert.deepEqual(
      memberIds(team).sort(),
      team.fake
        .users()
        .map(({ id }) => id)
        .sort(),
    );
    const { progress } = await team.reload();
    assert.equal(progress.phase, 'incremental');
    assert.equal(progress.lastCycle?.kind, 'initial');
    assert.equal(progress.lastCycle?.counts.created, 3);
  });

  test('a look without changes asks the target for nothing', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    team.fake.calls.length = 0;
    await team.look();
    assert.deepEqual(team.fake.calls, []);
  });

  test('a change is sent alone, and null takes the value away', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    team.fake.calls.length = 0;
    await team.write((stores, act) => updateUser(stores, act, team.marge.id, { jobTitle: 'Chief', department: null }));
    await team.look();
    const [changes, ...more] = team.fake.calls.filter(({ method }) => method !== 'GET');
    assert.deepEqual(more, []);
    assert.deepEqual(changes?.body?.['Operations'], [
      { op: 'add', path: 'title', value: 'Chief' },
      { op: 'remove', path: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department' },
    ]);
    const entry = (await storage.read.provisioningLog.list(team.id, { sourceId: team.marge.id }, 1))[0];
    assert.equal(entry?.action, 'update');
    assert.deepEqual(entry?.changes[0], { name: 'title', after: 'Chief' });
  });

  test('the three scenarios of the demo: disabled, out of scope, deleted', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    await team.write((stores, act) => updateUser(stores, act, team.marge.id, { accountEnabled: false }));
    await team.look();
    assert.equal(userOf(team, 'marge')['active'], false);

    await leave(team, team.operators.id, team.marge.id);
    await leave(team, team.operators.id, team.barney.id);
    await team.look();
    assert.deepEqual(memberIds(team), []);
    assert.equal(userOf(team, 'barney')['active'], false);

    await team.write((stores, act) => deleteObject(stores, act, userKind, team.barney.id));
    await team.look();
    assert.equal(userOf(team, 'barney')['active'], false);
  });

  test('whoever comes back into scope is active again, with the memberships', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    await leave(team, team.operators.id, team.barney.id);
    await team.look();
    await join(team, team.operators.id, team.barney.id);
    await team.look();
    assert.equal(userOf(team, 'barney')['active'], true);
    assert.equal(memberIds(team).length, 2);

    await team.write((stores, act) => deleteObject(stores, act, userKind, team.barney.id));
    await team.look();
    assert.equal(userOf(team, 'barney')['active'], false);
    assert.equal(memberIds(team).length, 1);
    await team.write((stores, act) => restoreObject(stores, act, userKind, team.barney.id));
    await team.look();
    assert.equal(userOf(team, 'barney')['active'], true);
    assert.equal(memberIds(team).length, 2);
  });

  test('bad-inputs 30: an assignment that is removed and made again in one cycle changes nothing', async (t) => {
    const opened = await openTestJob(storage);
    t.after(() => opened.fake.close());
    const { id } = await opened.user('solo');
    const assignment = await opened.assign(id);
    await opened.look();
    opened.fake.calls.length = 0;
    await opened.write((stores, act) => removeAppRoleAssignment(stores, act, assignment));
    const again = await opened.assign(id);
    await opened.look();
    assert.deepEqual(opened.fake.calls, []);
    await opened.write((stores, act) => removeAppRoleAssignment(stores, act, again));
    await opened.look();
    assert.equal(userOf(opened, 'solo')['active'], false);
  });

  test('bad-inputs 30: users who swap their names swap them in the target', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const names = [userOf(team, 'marge'), userOf(team, 'barney')].map(({ userName }) => String(userName));
    const ids = new Map(team.fake.users().map((user) => [user['externalId'], user['id']]));
    const rename = (id: string, userPrincipalName: string) =>
      team.write((stores, act) => updateUser(stores, act, id, { userPrincipalName }));
    const [first = '', second = ''] = names;
    await rename(team.marge.id, `interim.${first}`);
    await rename(team.barney.id, first);
    await rename(team.marge.id, second);
    await team.look();
    assert.equal(userOf(team, 'barney')['id'], ids.get(team.marge.id));
    assert.equal(userOf(team, 'marge')['id'], ids.get(team.barney.id));
  });

  test('bad-inputs 30: a user who is deleted and made again with the same name takes the object over', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const { id } = userOf(team, 'barney');
    await team.write((stores, act) => deleteObject(stores, act, userKind, team.barney.id));
    const again = await team.user('barney');
    await join(team, team.operators.id, again.id);
    await team.look();
    const barney = userOf(team, 'barney');
    assert.deepEqual([barney['id'], barney['externalId'], barney['active']], [id, again.id, true]);
    assert.equal(memberIds(team).length, 2);
  });

  test('a group is renamed, and deleted when it leaves the directory', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const { id } = team.operators;
    await team.write((stores, act) => updateGroup(stores, act, id, { displayName: 'Operators' }));
    await team.look();
    assert.equal(team.fake.groups()[0]?.['displayName'], 'Operators');
    await team.write((stores, act) => deleteObject(stores, act, groupKind, id));
    await team.look();
    assert.deepEqual(team.fake.groups(), []);
    assert.ok(team.fake.users().every(({ active }) => active === false));
    await team.write((stores, act) => restoreObject(stores, act, groupKind, id));
    await team.look();
    assert.equal(memberIds(team).length, 2);
    assert.ok(team.fake.users().every(({ active }) => active === true));
  });

  test('a manager who arrives later is set then', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const boss = await team.user('boss');
    await team.write((stores, act) => setManager(stores, act, team.marge.id, boss.id));
    await team.look();
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const managerOf = () => (userOf(team, 'marge')[enterprise] as Record<string, { value?: string }>)['manager'];
    assert.equal(managerOf(), undefined);
    await team.assign(boss.id);
    await team.look();
    assert.equal(managerOf()?.value, userOf(team, 'boss')['id']);
  });

  test('nested groups: members of member groups are in scope, and flattened where the job says so', async (t) => {
    const team = await openTeam(storage, { flattensGroups: true });
    t.after(() => team.fake.close());
    const [night, lenny] = [await team.group('Night shift'), await team.user('lenny')];
    await join(team, night.id, lenny.id);
    await join(team, team.operators.id, night.id);
    await team.look();
    assert.equal(memberIds(team).length, 3);
    await leave(team, night.id, lenny.id);
    await leave(team, team.operators.id, night.id);
    await team.look();
    assert.equal(memberIds(team).length, 2);
    assert.equal(userOf(team, 'lenny')['active'], false);
  });

  test('bad-inputs 29: an object whose creation was not acknowledged is found again, never doubled', async (t) => {
    const opened = await openTestJob(storage);
    t.after(() => opened.fake.close());
    const { id } = await opened.user('lost');
    await opened.assign(id);
    opened.fake.fault = ({ method }) => (method === 'POST' ? { when: 'after', cut: true } : undefined);
    await opened.look();
    assert.equal(opened.fake.users().length, 1);
    const [row] = await storage.read.provisionedObjects.find(opened.id, opened.job.id, [id]);
    assert.deepEqual([row?.targetId, row?.problem?.code], [null, 'failed']);
    opened.fake.fault = () => undefined;
    opened.clock.now = new Date(opened.clock.now.getTime() + minute);
    await opened.look();
    assert.equal(opened.fake.users().length, 1);
    const [found] = await storage.read.provisionedObjects.find(opened.id, opened.job.id, [id]);
    assert.deepEqual([found?.targetId, found?.problem], [opened.fake.users()[0]?.['id'], null]);
  });

  test('bad-inputs 29: an answer about another object is not believed', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const other = userOf(team, 'barney');
    team.fake.fault = ({ method, path }) =>
      method === 'GET' && path.startsWith('/Users/') ? { when: 'before', status: 200, body: other } : undefined;
    await team.write((stores, act) => updateUser(stores, act, team.marge.id, { jobTitle: 'Chief' }));
    await team.look();
    assert.equal(userOf(team, 'marge')['title'], undefined);
    const [row] = await storage.read.provisionedObjects.find(team.id, team.job.id, [team.marge.id]);
    assert.equal(row?.problem?.code, 'malformed');
  });

  test('one object that the target refuses does not stop the others, and is tried again later', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const [bad, good] = [await team.user('bad'), await team.user('good')];
    await join(team, team.operators.id, bad.id, good.id);
    const isBad = (body: object | undefined) => JSON.stringify(body ?? '').includes('"bad@');
    team.fake.fault = ({ method, body }) =>
      method === 'POST' && isBad(body) ? { when: 'before', status: 400, body: { detail: 'no' } } : undefined;
    await team.look();
    assert.equal(team.fake.users().length, 3);
    assert.equal(memberIds(team).length, 3);
    const entries = await storage.read.provisioningLog.list(team.id, { sourceId: bad.id }, 10);
    assert.deepEqual(
      entries.map(({ status, problem }) => [status, problem?.code]),
      [['failure', 'refused']],
    );
    await team.look();
    assert.equal((await storage.read.provisioningLog.list(team.id, { sourceId: bad.id }, 10)).length, 1, 'it waits');
    team.fake.fault = () => undefined;
    team.clock.now = new Date(team.clock.now.getTime() + minute);
    await team.look();
    assert.equal(memberIds(team).length, 4);
  });

  test('a token that is not taken puts the job in quarantine, which ends when it is taken again', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    team.fake.fault = () => ({ when: 'before', status: 401, body: { detail: 'expired' } });
    await team.write((stores, act) => updateUser(stores, act, team.marge.id, { jobTitle: 'Chief' }));
    await team.look();
    assert.equal((await team.reload()).progress.quarantine?.reason, 'unauthorized');
    team.fake.calls.length = 0;
    await team.look();
    assert.deepEqual(team.fake.calls, [], 'the target is left alone');
    team.clock.now = new Date(team.clock.now.getTime() + 2 * minute);
    await team.look();
    assert.equal(team.fake.calls.length, 1, 'one question, to see whether it is better');
    team.fake.fault = () => undefined;
    team.clock.now = new Date(team.clock.now.getTime() + 5 * minute);
    await team.look();
    assert.equal((await team.reload()).progress.quarantine, null);
    assert.equal(userOf(team, 'marge')['title'], 'Chief');
  });

  test('bad-inputs 30: more removals than allowed stop the job until somebody approves them', async (t) => {
    const team = await openTeam(storage, { deletionThreshold: 1 });
    t.after(() => team.fake.close());
    await leave(team, team.operators.id, team.marge.id);
    await leave(team, team.operators.id, team.barney.id);
    await team.look();
    assert.ok(team.fake.users().every(({ active }) => active === true));
    const { progress } = await team.reload();
    assert.equal(progress.quarantine?.reason, 'too_many_removals');
    await team.look();
    assert.ok(team.fake.users().every(({ active }) => active === true));
    const job = await team.reload();
    await team.write((stores, act) => approveRemovals(stores, act, job));
    await team.look();
    assert.ok(team.fake.users().every(({ active }) => active === false));
    assert.equal((await team.reload()).progress.quarantine, null);
  });

  test('removals that come one by one are counted together', async (t) => {
    const team = await openTeam(storage, { deletionThreshold: 1 });
    t.after(() => team.fake.close());
    await leave(team, team.operators.id, team.marge.id);
    await team.look();
    assert.equal(userOf(team, 'marge')['active'], false);
    await leave(team, team.operators.id, team.barney.id);
    await team.look();
    assert.equal(userOf(team, 'barney')['active'], true);
    assert.equal((await team.reload()).progress.quarantine?.reason, 'too_many_removals');
  });

  test('the log is kept as long as the tenant says', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const entries = async () => (await storage.read.provisioningLog.list(team.id, {}, 10)).length;
    const prune = (days: number) =>
      pruneProvisioningLog(storage, new Date(team.clock.now.getTime() + days * 24 * 60 * minute), never);
    const never = new AbortController().signal;
    const kept = await entries();
    await prune(29);
    assert.equal(await entries(), kept);
    const keep = (provisioningRetentionDays: number | null) =>
      team.write((stores, act) => updateTenant(stores, act, { settings: { provisioningRetentionDays } }));
    await keep(null);
    await prune(9999);
    assert.equal(await entries(), kept);
    await keep(7);
    await prune(8);
    assert.equal(await entries(), 0);
  });

  test('a change of members that was not acknowledged is not sent again: the target is asked', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    const lenny = await team.user('lenny');
    await join(team, team.operators.id, lenny.id);
    const isChange = ({ method, path }: { method: string; path: string }) =>
      method === 'PATCH' && path.startsWith('/Groups');
    team.fake.fault = (call) => (isChange(call) ? { when: 'after', cut: true } : undefined);
    await team.look();
    assert.equal(memberIds(team).length, 3);
    team.fake.fault = () => undefined;
    team.fake.calls.length = 0;
    team.clock.now = new Date(team.clock.now.getTime() + minute);
    await team.look();
    assert.deepEqual(team.fake.calls.filter(isChange), []);
    assert.equal((await storage.read.provisionedMembers.listDue(team.id, team.job.id, team.clock.now, 9)).length, 0);
  });

  test('an object that somebody removed from the target is made again, with its memberships', async (t) => {
    const team = await openTeam(storage);
    t.after(() => team.fake.close());
    team.fake.meddle(String(userOf(team, 'marge')['id']), undefined);
    team.fake.meddle(String(team.fake.groups()[0]?.['id']), (group) => ({ ...group, members: [] }));
    await team.write((stores, act) => updateUser(stores, act, team.marge.id, { jobTitle: 'Chief' }));
    await team.look();
    assert.equal(userOf(team, 'marge')['title'], 'Chief');
    assert.deepEqual(memberIds(team), [userOf(team, 'marge')['id']]);

    team.fake.meddle(String(team.fake.groups()[0]?.['id']), undefined);
    await team.write((stores, act) => updateGroup(stores, act, team.operators.id, { displayName: 'Operators' }));
    await team.look();
    assert.equal(memberIds(team).length, 2);
  });
}
