import {
  type AuthorizationCode,
  type DeviceCode,
  errors,
  type KoaContextWithOIDC,
  Provider,
  type ResourceServer,
} from 'oidc-provider';
import {
  assignedRoles,
  delegatedPermissions,
  findResource,
  permissionsOf,
  type ServicePrincipal,
} from '../../applications/index.ts';
import { assignmentsTo, mayUse } from './assignment.ts';
import { callOf, type OAuthCall } from './call.ts';
import type { OAuthOptions, OAuthStores } from './stores.ts';

/**
 * The resource that a request names by one of its names (RFC 8707 2), and what the client may do there now: at the token
 * endpoint only what somebody consented to, so that a consent that was taken back counts from the next token on. The
 * provider calls it with the client, too; `principalId` is who will hold the token.
 */
export function resourceFinder({ storage }: OAuthOptions, tenantId: string) {
  return async (
    ctx: KoaContextWithOIDC,
    name: string,
    _client?: unknown,
    principalId = principalOf(ctx),
  ): Promise<ResourceServer> => {
    const call = callOf(ctx);
    const resource = await findEnabledResource(storage.read, call, name);
    if (!resource) throw new errors.InvalidTarget(`The resource ${name} is not known here.`);
    if (principalId !== undefined && !(await mayUse(storage.read, tenantId, principalId, resource))) {
      throw new errors.InvalidTarget(`The resource ${name} lets only those in that are assigned to it.`);
    }
    return {
      audience: call.claims.audience(call, resource, name),
      scope: (await possibleScopes(storage.read, tenantId, ctx, resource)).join(' '),
      accessTokenTTL: call.flow.tokens.accessTokenSeconds,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: 'RS256' } },
    };
  };
}

/** A code or refresh token, as far as it says of whom it is and for which resources. */
interface Redeemed {
  accountId?: string | undefined;
  resource?: string | string[] | undefined;
}

/**
 * Refuses tokens for a resource that was not granted, or that takes nobody now, while the code or refresh token can still
 * be used again: the provider looks at the resource after it has redeemed it (RFC 8707 2.2).
 */
export function checkRedeemedResource(findResourceServer: ReturnType<typeof resourceFinder>) {
  return async (ctx: KoaContextWithOIDC, { accountId, resource: granted }: Redeemed): Promise<void> => {
    const { resource: asked } = (ctx.oidc.params ?? {}) as { resource?: string | string[] };
    const names = [asked ?? granted ?? []].flat();
    if (names.length > 1) throw new errors.InvalidTarget('Tokens are for one resource.');
    for (const name of names) {
      if (![granted].flat().includes(name)) throw new errors.InvalidTarget(`The resource ${name} was not granted.`);
      await findResourceServer(ctx, name, undefined, accountId);
    }
  };
}

/** The same for codes, of which the provider does not ask. */
export function checkResourceOfCodes(
  { AuthorizationCode, DeviceCode }: Provider,
  options: OAuthOptions,
  tenantId: string,
): void {
  const checkResource = checkRedeemedResource(resourceFinder(options, tenantId));
  for (const { prototype } of [AuthorizationCode, DeviceCode]) {
    const { consume } = prototype;
    Object.assign(prototype, {
      async consume(this: AuthorizationCode | DeviceCode) {
        if (Provider.ctx) await checkResource(Provider.ctx, this);
        return consume.call(this);
      },
    });
  }
}

/** The resource that the request calls by this name, if tokens are issued for it; the call remembers it. */
export async function findEnabledResource(
  stores: OAuthStores,
  { resources, tenant }: OAuthCall,
  name: string,
): Promise<ServicePrincipal | undefined> {
  const resource = resources.get(name) ?? (await findNamed(stores, tenant.id, name));
  if (!resource?.attributes.accountEnabled) return undefined;
  resources.set(name, resource);
  return resource;
}

/** Who will hold the token: the user of whom it is, or a client that acts for itself. */
function principalOf({ oidc }: KoaContextWithOIDC): string | undefined {
  const isForItself = oidc.params?.['grant_type'] === 'client_credentials';
  return isForItself ? String(oidc.client?.['servicePrincipalId']) : oidc.account?.accountId;
}

async function possibleScopes(
  stores: OAuthStores,
  tenantId: string,
  { oidc }: KoaContextWithOIDC,
  resource: ServicePrincipal,
): Promise<string[]> {
  const userId = oidc.account?.accountId;
  const clientId = String(oidc.client?.['servicePrincipalId']);
  if (userId !== undefined && oidc.route === 'token') {
    return consentedScopes(stores, tenantId, clientId, resource, userId);
  }
  // A client that acts for itself has roles instead: scopes are what it does for somebody.
  if (oidc.params?.['grant_type'] === 'client_credentials') return [];
  return permissionsOf(resource)
    .oauth2PermissionScopes.filter(({ isEnabled }) => isEnabled)
    .map(({ value }) => value);
}

/** What the client may do at the resource for the user: consented to by the user, or by an administrator for everybody. */
export async function consentedScopes(
  { permissionGrants }: Pick<OAuthStores, 'permissionGrants'>,
  tenantId: string,
  clientId: string,
  resource: ServicePrincipal,
  userId: string,
): Promise<string[]> {
  const parties = { clientId, resourceId: resource.id };
  const grants = await Promise.all(
    [userId, null].map((principalId) => permissionGrants.list(tenantId, { ...parties, principalId }, 1)),
  );
  return delegatedPermissions(resource, grants.flat(), userId);
}

/** The roles that a user, through groups as well, or a client holds at a resource. */
export async function heldRoles(
  stores: Pick<OAuthStores, 'appRoleAssignments' | 'links'>,
  tenantId: string,
  principalId: string,
  resource: ServicePrincipal,
): Promise<string[]> {
  return assignedRoles(resource, await assignmentsTo(stores, tenantId, principalId, resource));
}

const urn = 'urn:uuid:';

/** A name of a resource that does not depend on how a client calls it (RFC 9562 4). */
export function resourceUrn({ id }: ServicePrincipal): string {
  return urn + id;
}

async function findNamed(stores: OAuthStores, tenantId: string, name: string): Promise<ServicePrincipal | undefined> {
  if (!name.startsWith(urn)) return findResource(stores, tenantId, name);
  const found = await stores.objects.find(tenantId, name.slice(urn.length));
  return found?.kind === 'servicePrincipal' ? (found as ServicePrincipal) : undefined;
}
