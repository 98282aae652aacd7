// The company provisions to a second tenant of the hub, which plays the service provider, through its SCIM endpoint: the
// engine as a whole, over TLS, woken by changes.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines, startHubOn } from './engines.ts';
import type { RunningHub } from './running-hub.ts';
import { type Found, Tenant, until } from './tenant.ts';

for (const engine of engines)
  describe(engine, () => {
    let hub: RunningHub;
    let company: Tenant;
    let cloud: Tenant;
    let people: Record<'marge' | 'barney', Found>;
    let operators: Found;
    let job: string;

    async function inCloud(name: string): Promise<Found | undefined> {
      const { value } = await cloud.graph('GET', '/users?$select=id,displayName,accountEnabled,jobTitle&$top=100');
      return value.find(({ displayName }) => displayName === name);
    }

    async function membersInCloud(): Promise<string[]> {
      const [group] = (await cloud.graph('GET', "/groups?$filter=displayName eq 'Network Operators'")).value;
      if (!group) return [];
      const { value } = await cloud.graph('GET', `/groups/${group.id}/members`);
      return value.map(({ displayName }) => displayName).sort();
    }

    before(async () => {
      hub = await startHubOn(engine);
      company = await Tenant.make(hub, 'company');
      cloud = await Tenant.make(hub, 'cloud');
      people = { marge: await company.person('marge'), barney: await company.person('barney') };
      operators = await company.group('Network Operators', [people.barney]);
      const admins = await company.group('Security Admins', [people.marge]);
      const dialect = 'aws-identity-center';
      const { secretText } = await cloud.graph('POST', '/scim/tokens', { displayName: 'company', dialect });
      const target = { baseUrl: `${hub.origin}/cloud/scim/v2`, token: secretText, dialect };
      job = await company.provision([operators, admins], target);
      await company.graph('POST', `${job}/validateCredentials`);
    });

    after(() => hub?.stop());

    test('who is assigned through a group is made in the other tenant, with the group and its members', async () => {
      await company.inStep(job);
      assert.equal((await inCloud('marge'))?.accountEnabled, true);
      assert.equal((await inCloud('barney'))?.accountEnabled, true);
      assert.deepEqual(await membersInCloud(), ['barney']);
    });

    test('a change of a user arrives by itself', async () => {
      await company.graph('PATCH', `/users/${people.marge.id}`, { jobTitle: 'Chief' });
      await until('the job title arrives', async () => (await inCloud('marge'))?.jobTitle === 'Chief');
    });

    test('Marge is disabled: she is disabled there', async () => {
      await company.graph('PATCH', `/users/${people.marge.id}`, { accountEnabled: false });
      await until('Marge is disabled', async () => (await inCloud('marge'))?.accountEnabled === false);
    });

    test('Barney leaves Network Operators: the group is empty there, and he is disabled', async () => {
      await company.graph('DELETE', `/groups/${operators.id}/members/${people.barney.id}/$ref`);
      await until('Barney is disabled', async () => (await inCloud('barney'))?.accountEnabled === false);
      await until('the group is empty', async () => (await membersInCloud()).length === 0);
      const { value } = await cloud.graph('GET', "/groups?$filter=displayName eq 'Network Operators'");
      assert.equal(value.length, 1);
    });

    test('Barney is deleted: he remains there, disabled', async () => {
      await company.graph('DELETE', `/users/${people.barney.id}`);
      const subjects = [{ objectId: people.barney.id }];
      await company.graph('POST', `${job}/provisionOnDemand`, { parameters: [{ subjects }] });
      assert.equal((await inCloud('barney'))?.accountEnabled, false);
    });

    test('the log tells what happened to Barney', async () => {
      const actions = (await company.logOf(people.barney.id)).map(({ provisioningAction }) => provisioningAction);
      assert.ok(actions.includes('create') && actions.includes('disable'), String(actions));
    });
  });
