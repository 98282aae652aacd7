// The demo as the first start makes it: the company's access portal is kept in step without anybody having connected it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines, startHubOn } from './engines.ts';
import type { RunningHub } from './running-hub.ts';
import { type Found, Tenant, until } from './tenant.ts';

for (const engine of engines)
  describe(engine, () => {
    let hub: RunningHub;
    let company: Tenant;
    let portal: Tenant;
    let job: string;

    const inPortal = async (name: string): Promise<Found | undefined> => {
      const { value } = await portal.graph('GET', '/users?$select=id,displayName,accountEnabled,jobTitle');
      return value.find(({ displayName }) => displayName === name);
    };
    const named = async (tenant: Tenant, path: string, name: string): Promise<Found | undefined> =>
      (await tenant.graph('GET', `${path}?$filter=${encodeURIComponent(`displayName eq '${name}'`)}`)).value[0];

    /** Names of a group's members in the portal; undefined while the group is not there. */
    async function membersInPortal(name: string): Promise<string[] | undefined> {
      const group = await named(portal, '/groups', name);
      if (!group) return undefined;
      const { value } = await portal.graph('GET', `/groups/${group.id}/members`);
      return value.map(({ displayName }) => displayName).sort();
    }

    before(async () => {
      hub = await startHubOn(engine, { COUNTERSIGN_DEMO: 'true', COUNTERSIGN_SAMPLES: 'false' });
      [company, portal] = [await Tenant.of(hub, 'jogcloud'), await Tenant.of(hub, 'accessportal')];
      const application = await named(company, '/servicePrincipals', 'Access Portal');
      const jobs = `/servicePrincipals/${application?.id}/synchronization/jobs`;
      job = `${jobs}/${(await company.graph('GET', jobs)).value[0]?.id}`;
    });

    after(() => hub?.stop());

    test('whoever may sign in to the portal is there after the start, in groups, and nobody else', async () => {
      const groups = {
        'Network Operators': ['Barney Gumble'],
        'Security Admins': ['Marge Simpson'],
        'Security Auditors': ['Carl Carlson'],
        'Systems Operators': ['Homer Simpson', 'Lenny Leonard'],
      };
      for (const [name, members] of Object.entries(groups)) {
        const expected = JSON.stringify(members);
        await until(`${name} is there`, async () => JSON.stringify(await membersInPortal(name)) === expected);
      }
      assert.equal((await inPortal('Marge Simpson'))?.accountEnabled, true);
      assert.equal((await portal.graph('GET', '/users')).value.length, Object.values(groups).flat().length);
      assert.equal((await company.graph('GET', job)).status.quarantine, null);
    });

    test('Marge is disabled: she is disabled there', async () => {
      await company.graph('PATCH', '/users/marge@jogcloud.com', { accountEnabled: false });
      await until('Marge is disabled', async () => (await inPortal('Marge Simpson'))?.accountEnabled === false);
    });

    test('Barney leaves Network Operators: the group is empty there, and he is disabled', async () => {
      const operators = await named(company, '/groups', 'Network Operators');
      const { id } = await company.graph('GET', '/users/barney@jogcloud.com');
      await company.graph('DELETE', `/groups/${operators?.id}/members/${id}/$ref`);
      await until('Barney is disabled', async () => (await inPortal('Barney Gumble'))?.accountEnabled === false);
      await until('the group is empty', async () => (await membersInPortal('Network Operators'))?.length === 0);
    });

    test('Barney is deleted: he remains there, disabled', async () => {
      const { id: objectId } = await company.graph('GET', '/users/barney@jogcloud.com');
      await company.graph('DELETE', `/users/${objectId}`);
      await company.graph('POST', `${job}/provisionOnDemand`, { parameters: [{ subjects: [{ objectId }] }] });
      assert.equal((await inPortal('Barney Gumble'))?.accountEnabled, false);
    });

    test('after a crash and a start it goes on', async () => {
      await hub.kill();
      await hub.startAgain();
      await company.graph('PATCH', '/users/homer@jogcloud.com', { jobTitle: 'Chief' });
      await until('the job title arrives', async () => (await inPortal('Homer Simpson'))?.jobTitle === 'Chief');
      assert.equal((await company.graph('GET', job)).status.quarantine, null);
    });
  });
