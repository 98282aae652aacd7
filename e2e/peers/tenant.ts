// A tenant of its own in a running hub, kept through the management API.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningHub } from './running-hub.ts';

const nobody = '00000000-0000-0000-0000-000000000000';
/** Longer than any machine needs, in milliseconds, so that nothing is decided by time. */
const patience = 120_000;

/** What is read of the management API's answers. */
export interface Found {
  id: string;
  appId: string;
  displayName: string;
  userPrincipalName: string;
  accountEnabled: boolean;
  jobTitle: string | null;
  secretText: string;
  returnAddress: string;
  metadataAddress: string;
  address: string;
  status: {
    code: string;
    phase: string;
    quarantine: { reason: string; error: { message: string } } | null;
    objects: { active: number; failing: number; due: number };
  };
  verifiedDomains: { name: string }[];
  provisioningAction: string;
  provisioningStatusInfo: { status: string; errorInformation: { errorCode: string; reason: string } | null };
  synchronizationRules: { objectMappings: { attributeMappings: object[] }[] }[];
  value: Found[];
}

export class Tenant {
  readonly #origin: string;
  readonly #token: string;
  readonly domain: string;

  private constructor(origin: string, token: string, domain: string) {
    this.#origin = origin;
    this.#token = token;
    this.domain = domain;
  }

  static async make(hub: RunningHub, name: string): Promise<Tenant> {
    await call(hub.origin, hub.token, 'POST', '/tenants', { name, displayName: name });
    return Tenant.of(hub, name);
  }

  /** A tenant that is there already. */
  static async of(hub: RunningHub, name: string): Promise<Tenant> {
    const token = await hub.run('token', '--tenant', name);
    const [organization] = (await call(hub.origin, token, 'GET', '/organization')).value;
    return new Tenant(hub.origin, token, organization?.verifiedDomains[0]?.name ?? '');
  }

  graph(method: string, path: string, body?: object): Promise<Found> {
    return call(this.#origin, this.#token, method, path, body);
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

  async group(displayName: string, members: readonly Found[]): Promise<Found> {
    const mailNickname = displayName.toLowerCase().replaceAll(' ', '-');
    const settings = { mailEnabled: false, securityEnabled: true };
    const group = await this.graph('POST', '/groups', { displayName, mailNickname, ...settings });
    for (const { id } of members) await this.addMember(group.id, id);
    return group;
  }

  async addMember(groupId: string, id: string): Promise<void> {
    const reference = { '@odata.id': `${this.#origin}/v1.0/directoryObjects/${id}` };
    await this.graph('POST', `/groups/${groupId}/members/$ref`, reference);
  }

  /**
   * Connects an application, to which these are assigned, to a target and starts that.
   * @returns path of the job
   */
  async provision(assigned: readonly Found[], { token, ...settings }: TargetSettings): Promise<string> {
    const { appId } = await this.graph('POST', '/applications', { displayName: 'Access Portal' });
    const { id } = await this.graph('POST', '/servicePrincipals', { appId });
    for (const { id: principalId } of assigned) {
      const assignment = { principalId, resourceId: id, appRoleId: nobody };
      await this.graph('POST', `/servicePrincipals/${id}/appRoleAssignedTo`, assignment);
    }
    const base = `/servicePrincipals/${id}/synchronization`;
    const job = await this.graph('POST', `${base}/jobs`, { templateId: 'scim', settings });
    await this.graph('PUT', `${base}/secrets`, { value: [{ key: 'SecretToken', value: token }] });
    await this.graph('POST', `${base}/jobs/${job.id}/start`);
    return `${base}/jobs/${job.id}`;
  }

  /** What the log says of an object, the newest first. */
  async logOf(sourceId: string): Promise<Found[]> {
    const filter = encodeURIComponent(`sourceIdentity/id eq '${sourceId}'`);
    return (await this.graph('GET', `/auditLogs/provisioning?$filter=${filter}`)).value;
  }

  /** Waits until the job has nothing to do. */
  async inStep(job: string): Promise<void> {
    await until('the target is in step', async () => {
      const { code, objects } = (await this.graph('GET', job)).status;
      return code === 'Active' && objects.due === 0;
    });
  }
}

interface TargetSettings {
  baseUrl: string;
  token: string;
  dialect?: string;
  timeoutSeconds?: number;
}

/** Looks until it is so. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, `${what} in ${patience} ms`);
    await pause(100);
  }
}

async function call(origin: string, token: string, method: string, path: string, body?: object): Promise<Found> {
  const answer = await fetch(`${origin}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${text}`);
  return text === '' ? ({} as Found) : JSON.parse(text);
}
