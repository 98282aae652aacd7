import {
  type ApplicationStores,
  changePermissionGrant,
  delegatedPermissions,
  getServicePrincipal,
  grantPermission,
  mayUserConsent,
  type PermissionScope,
  permissionsOf,
  type ServicePrincipal,
} from '../applications/index.ts';
import type { Act, AuditStore } from '../audit/index.ts';
import type { DirectoryStores, Tenant } from '../directory/index.ts';

/** Scopes of one resource. */
export interface ResourceScopes {
  /** Object id of the resource's service principal; null for OpenID Connect's own scopes, which need no consent. */
  resourceId: string | null;
  scopes: readonly string[];
}

/** What an application asks for at a resource and nobody has consented to yet. */
export interface MissingConsent {
  resource: ServicePrincipal;
  scopes: readonly PermissionScope[];
}

/** What an application may do for a user, of what it asks for. */
export interface ConsentState {
  granted: readonly ResourceScopes[];
  missing: readonly MissingConsent[];
}

type Reading = Pick<DirectoryStores, 'objects'> & Pick<ApplicationStores, 'permissionGrants'>;

/** A client rarely has more: one consent of everybody and one of the user for each resource. */
const mostGrants = 100;

/** Compares what is asked for with the consents that there are. What the resource does not have is neither. */
export async function readConsent(
  stores: Reading,
  tenantId: string,
  clientId: string,
  userId: string,
  asked: readonly ResourceScopes[],
): Promise<ConsentState> {
  const granted: ResourceScopes[] = [];
  const missing: MissingConsent[] = [];
  for (const { resourceId, scopes } of asked) {
    if (resourceId === null) {
      granted.push({ resourceId, scopes });
      continue;
    }
    const resource = await getServicePrincipal(stores, tenantId, resourceId);
    const grants = await grantsFor(stores, tenantId, clientId, resourceId, userId);
    const given = new Set(delegatedPermissions(resource, grants, userId));
    granted.push({ resourceId, scopes: scopes.filter((scope) => given.has(scope)) });
    const lacking = permissionsOf(resource).oauth2PermissionScopes.filter(
      ({ value, isEnabled }) => isEnabled && scopes.includes(value) && !given.has(value),
    );
    if (lacking.length > 0) missing.push({ resource, scopes: lacking });
  }
  return { granted, missing };
}

/** Whether users may consent to all of it themselves: to nothing for administrators, and to no more than the tenant lets them. */
export function mayConsent(tenant: Pick<Tenant, 'settings'>, missing: readonly MissingConsent[]): boolean {
  return missing.every(({ resource, scopes }) => scopes.every((scope) => mayUserConsent(tenant, resource, scope)));
}

/** Keeps the consent of a user, beside what the user consented to before. */
export async function keepConsent(
  stores: Reading & { audit: AuditStore },
  act: Act,
  clientId: string,
  userId: string,
  missing: readonly MissingConsent[],
): Promise<void> {
  for (const { resource, scopes } of missing) {
    const resourceId = resource.id;
    const grants = await grantsFor(stores, act.tenantId, clientId, resourceId, userId);
    const own = grants.find(({ principalId }) => principalId === userId);
    const scope = [...(own ? [own.scope] : []), ...scopes.map(({ value }) => value)].join(' ');
    if (own) await changePermissionGrant(stores, act, own.id, scope);
    else await grantPermission(stores, act, { clientId, resourceId, principalId: userId, scope });
  }
}

async function grantsFor(
  { permissionGrants }: Reading,
  tenantId: string,
  clientId: string,
  resourceId: string,
  userId: string,
) {
  const ofAll = await permissionGrants.list(tenantId, { clientId, resourceId, principalId: null }, mostGrants);
  const own = await permissionGrants.list(tenantId, { clientId, resourceId, principalId: userId }, mostGrants);
  return [...ofAll, ...own];
}
