import { auditEvent } from '../audit/index.ts';
import { type DirectoryObject, directoryRoles, findUser } from '../directory/index.ts';
import { issueAccessToken } from '../issuance/issue-access-token.ts';
import { openKeyRing } from '../issuance/key-ring.ts';
import { readSettings } from '../settings/index.ts';
import type { Storage } from '../storage/index.ts';
import { actOfHub } from './act-of-hub.ts';
import { type Command, UsageError } from './command.ts';
import { namedTenant } from './named-tenant.ts';
import { withHub } from './open-hub.ts';
import { readParameters } from './parameters.ts';

/** Signs a token with the tenant's key, since whoever holds database and sealing key is the hub. */
export const token: Command = {
  name: 'token',
  parameters: '[--tenant <tenant>] [--user <user>]',
  meaning:
    'Print an access token for the management API, valid for an hour: as the user, else as the tenant’s first administrator, else as the hub itself. The tenant is the hub’s own without a name.',
  async run({ parameters, environment, streams }) {
    const options = { tenant: { type: 'string' }, user: { type: 'string' } } as const;
    const { values } = readParameters(parameters, options);
    const settings = readSettings(environment);
    // Loaded here, since the contract of the management API is much to load for every other command.
    const { accessAsHub, accessAsUser } = await import('./access.ts');
    const signed = await withHub(settings, async ({ storage }) => {
      const tenant = await namedTenant(storage, values.tenant);
      const act = actOfHub(tenant.id);
      const user = await chooseUser(storage, tenant.id, values.user);
      const access = user ? accessAsUser(tenant.id, user, act.now) : await accessAsHub(storage, tenant.id, act.now);
      const object = {
        kind: access.subject.kind,
        id: access.subject.id,
        name: access.userPrincipalName ?? access.name,
      };
      await storage.write(({ audit }) => audit.append([auditEvent(act, 'access_token.issue', object)]));
      const keys = openKeyRing(storage, actOfHub, () => act.now);
      return issueAccessToken(keys, settings.publicUrl, access);
    });
    streams.out.write(`${signed}\n`);
    return undefined;
  },
};

/** The named user; without a name the user who is Global Administrator for the longest time, if there is one. */
async function chooseUser({ read }: Storage, tenantId: string, name?: string): Promise<DirectoryObject | undefined> {
  if (name !== undefined) {
    const user = await findUser(read, tenantId, name);
    if (!user) throw new UsageError(`The tenant has no user ${name}: give the user principal name or the id.`);
    return user;
  }
  const assignments = await read.directoryRoles.list(tenantId, { roleId: directoryRoles.globalAdministrator.id });
  for (const { principalId } of assignments.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())) {
    const user = await findUser(read, tenantId, principalId);
    if (user && user.attributes['accountEnabled'] !== false) return user;
  }
  return undefined;
}
