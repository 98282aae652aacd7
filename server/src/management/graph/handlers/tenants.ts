import { type tenantOperations, tenant as tenantResource } from '@countersign/management-api';
import { seedFirstPartyApplications } from '../../../applications/index.ts';
import type { Act } from '../../../audit/index.ts';
import {
  addDomain,
  addHost,
  createTenant,
  deleteTenant,
  removeDomain,
  removeHost,
  type Tenant,
  updateTenant,
  verifyDomain,
} from '../../../directory/index.ts';
import { answerResource } from '../answer-resource.ts';
import type { Call, CallWithId, Handlers, ManagementStores } from '../call.ts';
import { GraphError, notFound } from '../error.ts';
import { answerPage, cutPage, requestedPage } from '../pages.ts';
import { pick, type Shown } from '../resource-view.ts';
import { retentionView, tenantChange } from '../tenant-change.ts';

export const tenantHandlers = {
  listTenants: async (call) => {
    checkHub(call);
    const { limit, after } = requestedPage(call);
    const show = pick(tenantResource, call.query.select);
    const page = cutPage(await call.storage.read.tenants.list(limit + 1, after?.id), limit);
    return answerPage(call, 'tenants', { ...page, items: page.items.map((one) => show(tenantView(one))) });
  },
  getTenant: async (call) => answerResource(call, tenantResource, 'tenants', tenantView(await namedTenant(call))),
  createTenant: async (call) => {
    checkHub(call);
    const { name, displayName, initialDomain, hosts } = call.body;
    const wanted = { name, displayName, ...(initialDomain && { initialDomain }), ...(hosts && { hosts }) };
    const created = await call.storage.write(async (stores) => {
      const tenant = await createTenant(stores, call.act, wanted);
      await seedFirstPartyApplications(stores, { ...call.act, tenantId: tenant.id });
      return tenant;
    });
    return answerResource(call, tenantResource, 'tenants', tenantView(created));
  },
  updateTenant: (call) => writeIn(call, (stores, act) => updateTenant(stores, act, tenantChange(call.body))),
  deleteTenant: async (call) => {
    const { id } = await namedTenant(call);
    if (id === call.hubTenantId) throw new GraphError(400, 'Request_BadRequest', 'The hub needs its own tenant.');
    return writeIn(call, deleteTenant);
  },
  addTenantDomain: (call) =>
    writeIn(call, async (stores, act) => {
      const { name } = await addDomain(stores, act, call.body.domain);
      await verifyDomain(stores, act, name, { by: 'operator' });
    }),
  removeTenantDomain: (call) => writeIn(call, (stores, act) => removeDomain(stores, act, call.parameters.domain)),
  addTenantHost: (call) => writeIn(call, (stores, act) => addHost(stores, act, call.body.host)),
  removeTenantHost: (call) => writeIn(call, (stores, act) => removeHost(stores, act, call.parameters.host)),
} satisfies Handlers<typeof tenantOperations>;

/** Permissions in another tenant are none in the hub, and its tenants do not exist for others. */
function checkHub(call: Call): void {
  if (call.tenantId !== call.hubTenantId) throw notFound('tenants');
}

async function namedTenant(call: CallWithId): Promise<Tenant> {
  checkHub(call);
  const found = await call.storage.read.tenants.resolve(call.parameters.id);
  if (!found) throw notFound(call.parameters.id);
  return found;
}

/** Writes in the tenant that the path names, in the name of the caller. */
async function writeIn(call: CallWithId, work: (stores: ManagementStores, act: Act) => Promise<unknown>) {
  const { id } = await namedTenant(call);
  await call.storage.write((stores) => work(stores, { ...call.act, tenantId: id }));
  return {};
}

function tenantView(tenant: Tenant): Shown {
  const { id, name, displayName, createdAt, domains, hosts } = tenant;
  return {
    ...retentionView(tenant),
    id,
    name,
    displayName,
    createdDateTime: createdAt.toISOString(),
    domains: domains.filter(({ verifiedAt }) => verifiedAt !== null).map((domain) => domain.name),
    hosts,
  };
}
