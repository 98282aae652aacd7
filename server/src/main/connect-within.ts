import { createClient } from '@countersign/management-api';
import type { HubConnection } from '@countersign/management-api/tenant-file';
import type { AccessToken } from '../issuance/index.ts';
import type { GraphMount } from '../management/index.ts';
import { newId } from '../new-id.ts';
import { accessAsHub } from './access.ts';
import { type ManagementParts, mountFor } from './open-management.ts';

/**
 * A connection to the management API inside this process, with every permission in the tenant.
 *
 * @param origin  of the addresses that answers name
 */
export function connectWithin(parts: ManagementParts, tenantName: string, origin = 'https://localhost'): HubConnection {
  const mount = mountFor(parts, (tenant) => hubAsCaller(parts, tenant), new URL(origin));
  const baseUrl = `${origin}/v1.0`;
  const clientOf = (tenant: string) => createClient({ baseUrl, token: tenant, fetch: within(mount) });
  return { baseUrl, hubClient: clientOf(parts.hubTenantId), client: clientOf(tenantName) };
}

/** The hub itself as the caller, in the tenant that stands in place of a token. */
async function hubAsCaller({ storage, now }: ManagementParts, tenantName: string): Promise<AccessToken> {
  const tenant = await storage.read.tenants.resolve(tenantName);
  if (!tenant) throw new Error(`There is no tenant ${tenantName}.`);
  return accessAsHub(storage, tenant.id, now());
}

/** `fetch` that calls the routes of a mount, without a socket. */
function within(mount: GraphMount): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input));
    const method = init?.method ?? 'GET';
    const route = mount.routes.find((candidate) => candidate.method === method);
    if (!route) throw new Error(`The management API has no ${method}.`);
    const { status, headers, body } = await route.handle({
      method,
      url,
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === 'string' ? Buffer.from(init.body) : undefined,
      requestId: newId(),
      admitTenant: () => {},
    });
    const content = typeof body === 'string' ? body : null;
    return new Response(status === 204 ? null : content, { status, headers: { ...headers } });
  };
}
