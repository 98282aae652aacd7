// The company provisions to a second tenant of the hub, which plays the service provider, through its SCIM endpoint: the
// engine as a whole, over TLS, woken by changes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type RunningHub, startHub } from './running-hub.ts';

const nobody = '00000000-0000-0000-0000-000000000000';
/** Longer than any machine needs, so that nothing is decided by time. */
const patience = 60_000;

interface Found {
  id: string;
  appId: string;
  displayName: string;
  userPrincipalName: string;
  accountEnabled: boolean;
  jobTitle: string | null;
  secretText: string;
  status: { code: string; phase: string };
  verifiedDomains: { name: string }[];
  provisioningAction: string;
  value: Found[];
}

let hub: RunningHub;
let company: Tenant;
let cloud: Tenant;
let people: Record<'marge' | 'barney', Found>;
let operators: Found;
let job: string;

class Tenant {
  readonly #token: string;
  readonly domain: string;

  private constructor(token: string, domain: string) {
    this.#token = token;
    this.domain = domain;
  }

  static async make(name: string): Promise<Tenant> {
    await call(hub.token, 'POST', '/tenants', { name, displayName: name });
    const token = await hub.run('token', '--tenant', name);
    const [organization] = (await call(token, 'GET', '/organization')).value;
    return new Tenant(token, organization?.verifiedDomains[0]?.name ?? '');
  }

  graph(method: string, path: string, body?: object): Promise<Found> {
    return call(this.#token, method, path, body);
  }

  person(name: string): Promise<Found> {
    return this.graph('POST', '/users', {
      userPrincipalName: `${name}@${this.domain}`,
      displayName: name,
      givenName: name,
      surname: 'Simpson',
      mailNickname: name,
      accountEnabled: true,
      passwordProfile: { password: 'correct horse battery staple' },
    });
  }
}

async function call(token: string, method: string, path: string, body?: object): Promise<Found> {
  const answer = await fetch(`${hub.origin}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${text}`);
  return text === '' ? ({} as Found) : JSON.parse(text);
}

/** Looks until it is so. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `${what} in ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

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
  hub = await startHub();
  company = await Tenant.make('company');
  cloud = await Tenant.make('cloud');
  people = { marge: await company.person('marge'), barney: await company.person('barney') };
  operators = await company.graph('POST', '/groups', {
    displayName: 'Network Operators',
    mailNickname: 'operators',
    mailEnabled: false,
    securityEnabled: true,
  });
  for (const { id } of Object.values(people)) {
    await company.graph('POST', `/groups/${operators.id}/members/$ref`, {
      '@odata.id': `${hub.origin}/v1.0/directoryObjects/${id}`,
    });
  }
  const { appId } = await company.graph('POST', '/applications', { displayName: 'Access Portal' });
  const { id } = await company.graph('POST', '/servicePrincipals', { appId });
  await company.graph('POST', `/servicePrincipals/${id}/appRoleAssignedTo`, {
    principalId: operators.id,
    resourceId: id,
    appRoleId: nobody,
  });
  const { secretText } = await cloud.graph('POST', '/scim/tokens', {
    displayName: 'company',
    dialect: 'aws-identity-center',
  });
  const settings = { baseUrl: `${hub.origin}/cloud/scim/v2`, dialect: 'aws-identity-center' };
  const base = `/servicePrincipals/${id}/synchronization`;
  const made = await company.graph('POST', `${base}/jobs`, { templateId: 'scim', settings });
  await company.graph('PUT', `${base}/secrets`, { value: [{ key: 'SecretToken', value: secretText }] });
  job = `${base}/jobs/${made.id}`;
  await company.graph('POST', `${job}/validateCredentials`);
  await company.graph('POST', `${job}/start`);
});

after(() => hub?.stop());

test('who is assigned through a group is made in the other tenant, with the group and its members', async () => {
  await until('the target is in step', async () => (await company.graph('GET', job)).status.code === 'Active');
  assert.equal((await inCloud('marge'))?.accountEnabled, true);
  assert.deepEqual(await membersInCloud(), ['barney', 'marge']);
});

test('a change of a user arrives by itself', async () => {
  await company.graph('PATCH', `/users/${people.marge.id}`, { jobTitle: 'Chief' });
  await until('the job title arrives', async () => (await inCloud('marge'))?.jobTitle === 'Chief');
});

test('Marge is disabled: she is disabled there', async () => {
  await company.graph('PATCH', `/users/${people.marge.id}`, { accountEnabled: false });
  await until('Marge is disabled', async () => (await inCloud('marge'))?.accountEnabled === false);
});

test('Barney leaves the group: it loses him there, and he is disabled', async () => {
  await company.graph('DELETE', `/groups/${operators.id}/members/${people.barney.id}/$ref`);
  await until('Barney is disabled', async () => (await inCloud('barney'))?.accountEnabled === false);
  await until('Barney is no member', async () => !(await membersInCloud()).includes('barney'));
});

test('Barney is deleted: he remains there, disabled', async () => {
  await company.graph('DELETE', `/users/${people.barney.id}`);
  const subjects = [{ objectId: people.barney.id }];
  await company.graph('POST', `${job}/provisionOnDemand`, { parameters: [{ subjects }] });
  assert.equal((await inCloud('barney'))?.accountEnabled, false);
});

test('the log tells what happened to Barney', async () => {
  const filter = encodeURIComponent(`sourceIdentity/id eq '${people.barney.id}'`);
  const { value } = await company.graph('GET', `/auditLogs/provisioning?$filter=${filter}`);
  const actions = value.map(({ provisioningAction }) => provisioningAction);
  assert.ok(actions.includes('create') && actions.includes('disable'), String(actions));
});
