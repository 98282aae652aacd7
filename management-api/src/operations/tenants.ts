import { access } from '../access.ts';
import type { Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import { collection } from '../resources/property.ts';
import {
  createTenantRequest,
  tenant,
  tenantDomainRequest,
  tenantHostRequest,
  updateTenantRequest,
} from '../resources/tenant.ts';

const readTenants = access(['Tenant.Read.All', 'Tenant.ReadWrite.All'], ['Global Reader']);
const writeTenants = access(['Tenant.ReadWrite.All'], []);

/** The tenants of the hub. Only callers of the hub's own tenant reach them; Microsoft Graph has nothing like it. */
export const tenantOperations = {
  listTenants: {
    method: 'GET',
    path: '/tenants',
    summary: 'Lists the tenants of the hub.',
    access: readTenants,
    query: ['$select', '$top', '$skiptoken'],
    response: collection(tenant.schema),
    status: 200,
  },
  getTenant: {
    method: 'GET',
    path: '/tenants/{id}',
    summary: 'Reads a tenant, by id, name or verified domain.',
    access: readTenants,
    query: ['$select'],
    response: tenant.schema,
    status: 200,
  },
  createTenant: {
    method: 'POST',
    path: '/tenants',
    summary: 'Creates a tenant.',
    access: writeTenants,
    request: createTenantRequest,
    response: tenant.schema,
    status: 201,
  },
  updateTenant: {
    method: 'PATCH',
    path: '/tenants/{id}',
    summary: 'Changes the names of a tenant.',
    access: writeTenants,
    request: updateTenantRequest,
    status: 204,
  },
  deleteTenant: {
    ...deleting,
    path: '/tenants/{id}',
    summary: 'Removes a tenant with everything in it, for good.',
    access: writeTenants,
  },
  addTenantDomain: {
    method: 'POST',
    path: '/tenants/{id}/domains',
    summary: 'Gives a tenant a domain, verified by the word of the caller who runs the hub.',
    access: writeTenants,
    request: tenantDomainRequest,
    status: 204,
  },
  removeTenantDomain: {
    ...deleting,
    path: '/tenants/{id}/domains/{domain}',
    summary: 'Takes a domain from a tenant, unless names in its directory end in it.',
    access: writeTenants,
  },
  addTenantHost: {
    method: 'POST',
    path: '/tenants/{id}/hosts',
    summary: 'Gives a tenant a host name of its own.',
    access: writeTenants,
    request: tenantHostRequest,
    status: 204,
  },
  removeTenantHost: {
    ...deleting,
    path: '/tenants/{id}/hosts/{host}',
    summary: 'Takes a host name from a tenant.',
    access: writeTenants,
  },
} as const satisfies Operations;
