import { domain, domainDnsRecord, organization, type organizationOperations } from '@countersign/management-api';
import {
  addDomain,
  expectedTxtRecord,
  getTenant,
  makeDomainDefault,
  removeDomain,
  type Tenant,
  type TenantDomain,
  type TenantSettings,
  updateTenant,
  verifyDomain,
} from '../../../directory/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, CallWithId, Handlers } from '../call.ts';
import { notFound } from '../error.ts';
import type { Shown } from '../resource-view.ts';
import { retentionView, tenantChange } from '../tenant-change.ts';

/** https://learn.microsoft.com/graph/api/resources/organization, https://learn.microsoft.com/graph/api/resources/domain */
export const organizationHandlers = {
  listOrganization: async (call) =>
    answerResources(call, organization, 'organization', [organizationView(await ownTenant(call))]),
  getOrganization: async (call) =>
    answerResource(call, organization, 'organization', organizationView(await namedTenant(call))),
  updateOrganization: async (call) => {
    await namedTenant(call);
    await call.storage.write((stores) => updateTenant(stores, call.act, tenantChange(call.body)));
    return {};
  },
  listDomains: async (call) => {
    const { domains, settings } = await ownTenant(call);
    return answerResources(
      call,
      domain,
      'domains',
      domains.map((each) => domainView(each, settings)),
    );
  },
  getDomain: async (call) => {
    const { settings } = await ownTenant(call);
    return answerResource(call, domain, 'domains', domainView(await namedDomain(call), settings));
  },
  createDomain: async (call) => {
    const added = await call.storage.write((stores) => addDomain(stores, call.act, call.body.id));
    return answerResource(call, domain, 'domains', domainView(added));
  },
  updateDomain: async (call) => {
    const { name } = await namedDomain(call);
    if (call.body.isDefault) await call.storage.write((stores) => makeDomainDefault(stores, call.act, name));
    return {};
  },
  deleteDomain: async (call) => {
    const { name } = await namedDomain(call);
    await call.storage.write((stores) => removeDomain(stores, call.act, name));
    return {};
  },
  listDomainVerificationDnsRecords: async (call) => {
    const { name } = await namedDomain(call);
    return answerResources(call, domainDnsRecord, 'domains/verificationDnsRecords', [proofView(call.tenantId, name)]);
  },
  verifyDomain: async (call) => {
    const { name } = await namedDomain(call);
    const txtRecords = await call.resolveTxt(name);
    const verified = await call.storage.write((stores) =>
      verifyDomain(stores, call.act, name, { by: 'dns', txtRecords }),
    );
    return answerResource(call, domain, 'domains', domainView(verified));
  },
} satisfies Handlers<typeof organizationOperations>;

function ownTenant(call: Call): Promise<Tenant> {
  return getTenant(call.storage.read, call.tenantId);
}

/** The organization is reached under its own id only. */
async function namedTenant(call: CallWithId): Promise<Tenant> {
  if (call.parameters.id.toLowerCase() !== call.tenantId) throw notFound(call.parameters.id);
  return ownTenant(call);
}

async function namedDomain(call: CallWithId): Promise<TenantDomain> {
  const found = await call.storage.read.tenants.findDomain(call.tenantId, call.parameters.id);
  if (!found) throw notFound(call.parameters.id);
  return found;
}

function organizationView(tenant: Tenant): Shown {
  return {
    id: tenant.id,
    createdDateTime: tenant.createdAt.toISOString(),
    displayName: tenant.displayName,
    tenantType: 'AAD',
    ...retentionView(tenant),
    verifiedDomains: tenant.domains
      .filter(({ verifiedAt }) => verifiedAt !== null)
      .map(({ name, isDefault, isInitial }) => ({ name, isDefault, isInitial, type: 'Managed', capabilities: '' })),
  };
}

function domainView(
  { name, isDefault, isInitial, verifiedAt }: TenantDomain,
  { federatedDomains = {} }: TenantSettings = {},
): Shown {
  return {
    id: name,
    authenticationType: Object.hasOwn(federatedDomains, name) ? 'Federated' : 'Managed',
    isAdminManaged: true,
    isDefault,
    isInitial,
    isRoot: true,
    isVerified: verifiedAt !== null,
  };
}

function proofView(tenantId: string, name: string): Shown {
  const text = expectedTxtRecord(tenantId, name);
  return { id: text, label: name, recordType: 'Txt', text, ttl: 3600, isOptional: false, supportedService: '' };
}
