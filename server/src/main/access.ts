import { type Operation, operations } from '@countersign/management-api';
import { findServicePrincipal, hubCommandLineAppId, microsoftGraphAppId } from '../applications/index.ts';
import type { DirectoryObject } from '../directory/index.ts';
import type { AccessToken } from '../issuance/index.ts';
import { newId } from '../new-id.ts';
import type { Storage } from '../storage/index.ts';

/** How long an access token works that is made on the machine of the hub, in milliseconds. */
const lifetime = 3_600_000;

const everyPermission = Object.values<Operation>(operations).flatMap(({ access }) =>
  typeof access === 'string' ? [] : access.application,
);

/** What a token says with which the hub's own command line may do everything in a tenant, for nobody. */
export async function accessAsHub(storage: Storage, tenantId: string, now: Date): Promise<AccessToken> {
  const principal = await findServicePrincipal(storage.read, tenantId, hubCommandLineAppId);
  if (!principal) throw new Error(`The tenant ${tenantId} has no service principal of the command line.`);
  return {
    ...throughCommandLine(tenantId, now),
    subject: { kind: 'application', id: principal.id },
    name: 'Countersign',
    roles: [...new Set(everyPermission)],
  };
}

/** What a token says with which the command line may do whatever the user may do. */
export function accessAsUser(tenantId: string, user: DirectoryObject, now: Date): AccessToken {
  const { displayName, userPrincipalName } = user.attributes;
  return {
    ...throughCommandLine(tenantId, now),
    subject: { kind: 'user', id: user.id },
    name: String(displayName),
    userPrincipalName: String(userPrincipalName),
    scopes: ['Directory.AccessAsUser.All'],
  };
}

function throughCommandLine(tenantId: string, now: Date): Omit<AccessToken, 'subject'> {
  return {
    id: newId(),
    tenantId,
    audience: microsoftGraphAppId,
    clientId: hubCommandLineAppId,
    name: null,
    userPrincipalName: null,
    scopes: [],
    roles: [],
    directoryRoleIds: [],
    issuedAt: now,
    expiresAt: new Date(now.getTime() + lifetime),
  };
}
