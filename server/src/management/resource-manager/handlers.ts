import type { Handlers } from './call.ts';
import { describeCloud, loginEndpointAt } from './describe-cloud.ts';

export const handlers: Handlers = {
  describeCloud: async ({ storage, publicUrl, url, apiVersion }) => {
    const isTenantHost = (await storage.read.tenants.resolveHost(url.hostname)) !== undefined;
    return describeCloud({ publicUrl, loginEndpoint: loginEndpointAt(url, isTenantHost) }, apiVersion);
  },
  listTenantsOfCaller: async ({ storage, tenantId }) => {
    const tenant = await storage.read.tenants.find(tenantId);
    if (!tenant) return { value: [] };
    const { displayName, domains } = tenant;
    const verified = domains.filter(({ verifiedAt }) => verifiedAt !== null);
    return {
      value: [
        {
          id: `/tenants/${tenantId}`,
          tenantId,
          displayName,
          domains: verified.map(({ name }) => name),
          defaultDomain: domains.find(({ isDefault }) => isDefault)?.name ?? '',
          tenantCategory: 'Home',
          tenantType: 'AAD',
        },
      ],
    };
  },
  // The hub keeps no cloud resources, hence no subscriptions to which they would belong.
  listSubscriptions: async () => ({ value: [], count: { type: 'Total', value: 0 } }),
};
