import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import { refuse } from './errors.ts';
import { getServicePrincipal } from './find.ts';
import { permissionsOf, type ServicePrincipal } from './service-principal.ts';
import type { ApplicationStores, PermissionGrant } from './store.ts';

/** https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant has the same limit. */
const longestScope = 3850;

type Stores = Pick<DirectoryStores, 'objects'> & Pick<ApplicationStores, 'permissionGrants'> & { audit: AuditStore };

export interface PermissionGrantInput {
  /** Service principals, by object id. */
  clientId: string;
  resourceId: string;
  /** Null: for everybody. */
  principalId: string | null;
  /** Scope values of the resource, space-separated. */
  scope: string;
}

/**
 * Consents that the client may act for the principal, or for everybody, at the resource.
 *
 * @throws Refusal `directory.object_not_found`, `applications.principal_not_found`,
 *   `applications.scope_unknown`, `applications.permission_grant_exists`
 */
export async function grantPermission(stores: Stores, act: Act, input: PermissionGrantInput): Promise<PermissionGrant> {
  const client = await getServicePrincipal(stores, act.tenantId, input.clientId);
  const resource = await getServicePrincipal(stores, act.tenantId, input.resourceId);
  if (input.principalId !== null) await checkIsUser(stores, act, input.principalId);
  const grant: PermissionGrant = {
    id: act.newId(),
    clientId: client.id,
    resourceId: resource.id,
    principalId: input.principalId,
    scope: checkScope(resource, input.scope),
    createdAt: act.now,
  };
  const isNew = await stores.permissionGrants.insert(act.tenantId, grant, act.now);
  if (!isNew) throw refuse('applications.permission_grant_exists');
  await stores.audit.append([event(act, 'create', undefined, grant)]);
  return grant;
}

/**
 * Replaces the scope of a consent.
 *
 * @throws Refusal `applications.permission_grant_not_found`, `applications.scope_unknown`
 */
export async function changePermissionGrant(
  stores: Stores,
  act: Act,
  id: string,
  scope: string,
): Promise<PermissionGrant> {
  const before = await getPermissionGrant(stores, act.tenantId, id);
  const resource = await getServicePrincipal(stores, act.tenantId, before.resourceId);
  const after = { ...before, scope: checkScope(resource, scope) };
  await stores.permissionGrants.update(act.tenantId, after, act.now);
  await stores.audit.append([event(act, 'update', before, after)]);
  return after;
}

/**
 * Takes a consent back.
 *
 * @throws Refusal `applications.permission_grant_not_found`
 */
export async function revokePermissionGrant(stores: Stores, act: Act, id: string): Promise<void> {
  const before = await getPermissionGrant(stores, act.tenantId, id);
  await stores.permissionGrants.remove(act.tenantId, before.id, act.now);
  await stores.audit.append([event(act, 'delete', before, undefined)]);
}

/** @throws Refusal `applications.permission_grant_not_found` */
export async function getPermissionGrant(
  stores: Pick<ApplicationStores, 'permissionGrants'>,
  tenantId: string,
  id: string,
): Promise<PermissionGrant> {
  const [grant] = await stores.permissionGrants.list(tenantId, { id: id.toLowerCase() }, 1);
  if (!grant) throw refuse('applications.permission_grant_not_found', { id });
  return grant;
}

/** The scope as it is kept: each value once, in the order given. Values compare exactly (RFC 6749 3.3). */
function checkScope(resource: ServicePrincipal, scope: string): string {
  if (scope.length > longestScope) throw refuse('applications.scope_too_long', { longest: longestScope });
  const values = [...new Set(scope.split(/\s+/).filter(Boolean))];
  const known = new Set(enabledScopes(resource));
  const unknown = values.find((value) => !known.has(value));
  if (unknown !== undefined) {
    throw refuse('applications.scope_unknown', { scope: unknown, resource: resource.attributes.displayName });
  }
  return values.join(' ');
}

function enabledScopes(resource: ServicePrincipal): string[] {
  const { oauth2PermissionScopes } = permissionsOf(resource);
  return oauth2PermissionScopes.filter(({ isEnabled }) => isEnabled).map(({ value }) => value);
}

async function checkIsUser(stores: Stores, act: Act, id: string): Promise<void> {
  const principal = await stores.objects.find(act.tenantId, id);
  if (principal?.kind !== 'user') throw refuse('applications.principal_not_found', { id });
}

/**
 * What a client may do at the resource for somebody, as `scp` of a token has it: the scopes of all grants that concern
 * this user, as far as the resource still has them.
 *
 * @param grants  of this client at this resource
 */
export function delegatedPermissions(
  resource: ServicePrincipal,
  grants: readonly PermissionGrant[],
  userId: string,
): string[] {
  const granted = grants
    .filter(({ principalId }) => principalId === null || principalId === userId)
    .flatMap(({ scope }) => scope.split(' '));
  const given = new Set(granted);
  return enabledScopes(resource).filter((value) => given.has(value));
}

function event(
  act: Act,
  verb: 'create' | 'update' | 'delete',
  before: PermissionGrant | undefined,
  after: PermissionGrant | undefined,
) {
  const { id, clientId, resourceId, principalId } = after ?? before ?? {};
  const about = { kind: 'permissionGrant', id: id ?? null, name: null };
  return auditEvent(act, `permissionGrant.${verb}`, about, [
    {
      property: 'scope',
      ...(before && { before: before.scope }),
      ...(after && { after: after.scope }),
    },
    ...(verb === 'update'
      ? []
      : [{ property: 'parties', [verb === 'create' ? 'after' : 'before']: { clientId, resourceId, principalId } }]),
  ]);
}
