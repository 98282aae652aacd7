import type { Act, AuditStore } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import { assignAppRole } from './app-role-assignments.ts';
import { findApplication, findResource } from './find.ts';
import type { AppRole, PermissionScope } from './permission.ts';
import { changePermissionGrant, grantPermission } from './permission-grants.ts';
import { permissionsOf, type ServicePrincipal } from './service-principal.ts';
import type { ApplicationStores } from './store.ts';

type Objects = Pick<DirectoryStores, 'objects'>;

/** What an application asks an administrator for at one resource. */
export interface AskedPermissions {
  resource: ServicePrincipal;
  scopes: readonly PermissionScope[];
  roles: readonly AppRole[];
}

/** What the application is registered to need: everywhere, or at one resource. */
export async function registeredPermissions(
  stores: Objects,
  tenantId: string,
  appId: string,
  resourceAppId?: string,
): Promise<AskedPermissions[]> {
  const application = await findApplication(stores, tenantId, appId);
  const needed = (application?.attributes.requiredResourceAccess ?? []).filter(
    (each) => resourceAppId === undefined || each.resourceAppId === resourceAppId,
  );
  const found = await Promise.all(
    needed.map(async ({ resourceAppId: name, resourceAccess = [] }) => {
      const resource = await findResource(stores, tenantId, name);
      const ids = new Set(resourceAccess.map(({ id }) => id));
      return resource && permissionsAmong(resource, ({ id }) => ids.has(id));
    }),
  );
  return found.filter((each) => each !== undefined);
}

function permissionsAmong(resource: ServicePrincipal, isAsked: (one: { id: string }) => boolean): AskedPermissions {
  const { oauth2PermissionScopes, appRoles } = permissionsOf(resource);
  return {
    resource,
    scopes: oauth2PermissionScopes.filter((scope) => scope.isEnabled && isAsked(scope)),
    roles: appRoles.filter(
      (role) => role.isEnabled && role.allowedMemberTypes.includes('Application') && isAsked(role),
    ),
  };
}

/**
 * Consents for everybody to what is asked, besides what was consented to before: delegated permissions by a grant, the
 * application's own by roles that it holds.
 */
export async function consentForEverybody(
  stores: Objects & Pick<ApplicationStores, 'permissionGrants' | 'appRoleAssignments'> & { audit: AuditStore },
  act: Act,
  { id: clientId }: ServicePrincipal,
  asked: readonly AskedPermissions[],
): Promise<void> {
  for (const { resource, scopes, roles } of asked) {
    const parties = { clientId, resourceId: resource.id, principalId: null };
    const [present] = await stores.permissionGrants.list(act.tenantId, parties, 1);
    const values = new Set([...(present?.scope.split(' ') ?? []), ...scopes.map(({ value }) => value)]);
    const scope = [...values].join(' ');
    if (present) await changePermissionGrant(stores, act, present.id, scope);
    else if (scopes.length > 0) await grantPermission(stores, act, { ...parties, scope });
    for (const { id: appRoleId } of roles) {
      const holding = { principalIds: [clientId], resourceId: resource.id, appRoleId };
      const [held] = await stores.appRoleAssignments.list(act.tenantId, holding, 1);
      if (!held) await assignAppRole(stores, act, { principalId: clientId, resourceId: resource.id, appRoleId });
    }
  }
}
