// kill -9 of a hub in the middle of provisioning, at moments that the target chooses, and the hub that starts again on the
// same data. The target takes the same name twice, so that whatever is doubled is seen.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Request, Response } from 'express';
import { engines, startHubOn } from './engines.ts';
import type { RunningHub } from './running-hub.ts';
import { type ScimmyTarget, startScimmyTarget } from './scimmy-target.ts';
import { type Found, Tenant } from './tenant.ts';

const names = Array.from({ length: 24 }, (_, index) => `person${index}`);

for (const engine of engines) {
  describe(engine, () => {
    let hub: RunningHub;
    let target: ScimmyTarget;
    let company: Tenant;
    let people: Found[];
    let crew: Found;
    let job: string;

    /**
     * Kills the hub at the n-th request that begins so, whose answer it never gets.
     * @param isDone  whether the target does what is asked before
     * @returns when it is dead
     */
    function killAt(count: number, method: string, path: string, isDone: boolean): Promise<void> {
      let seen = 0;
      return new Promise((resolve, reject) => {
        target.before = (request, response, next) => {
          if (request.method !== method || !request.url.startsWith(path) || ++seen !== count) return next();
          target.before = pass;
          const kill = () => {
            hub.kill().then(resolve, reject);
            return response;
          };
          if (!isDone) return void kill();
          response.end = kill as Response['end'];
          next();
        };
      });
    }

    const pass: ScimmyTarget['before'] = (_request: Request, _response: Response, next) => next();

    /** What is in the target is what is in the directory, each once. */
    function assertInStep(): void {
      const users = target.users().map(({ userName, title }) => `${userName} ${title}`);
      assert.deepEqual(users.sort(), people.map(({ userPrincipalName }) => `${userPrincipalName} ${title}`).sort());
      const [group, ...others] = target.groups();
      assert.deepEqual(others, []);
      const members = (group?.['members'] ?? []) as { value: string }[];
      const ids = target.users().map(({ id }) => id);
      assert.deepEqual(members.map(({ value }) => value).sort(), ids.sort());
    }

    let title: string | undefined;

    before(async () => {
      target = await startScimmyTarget(false);
      hub = await startHubOn(engine);
      company = await Tenant.make(hub, 'company');
      people = await Promise.all(names.map((name) => company.person(name)));
      crew = await company.group('Crew', people);
    });

    after(async () => {
      await hub?.stop();
      target?.stop();
    });

    test('bad-inputs 30: killed at the first creation, in the midst of them, and when members are sent', async () => {
      const first = killAt(1, 'POST', '/scim/v2/Users', false);
      job = await company.provision([crew], { baseUrl: target.baseUrl, token: target.token });
      await first;
      const second = killAt(9, 'POST', '/scim/v2/Users', true);
      await hub.startAgain();
      await second;
      const third = killAt(1, 'PATCH', '/scim/v2/Groups', true);
      await hub.startAgain();
      await third;
      await hub.startAgain();
      await company.inStep(job);
      assertInStep();
    });

    test('bad-inputs 30: killed in the midst of changes', async () => {
      // They wait until all are made, so that no call of this test is under way when the hub is killed.
      await company.graph('POST', `${job}/pause`);
      title = 'Chief';
      for (const { id } of people) await company.graph('PATCH', `/users/${id}`, { jobTitle: title });
      const killed = killAt(5, 'PATCH', '/scim/v2/Users', true);
      await company.graph('POST', `${job}/start`);
      await killed;
      await hub.startAgain();
      await company.inStep(job);
      assertInStep();
      const { objects } = (await company.graph('GET', job)).status;
      assert.deepEqual([objects.active, objects.failing], [names.length + 1, 0]);
    });
  });
}
