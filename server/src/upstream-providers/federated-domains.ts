import type { Tenant } from '../directory/index.ts';
import type { UpstreamProvider } from './provider.ts';

/** The verified domains of the tenant whose people sign in at the provider. */
export function federatedDomainsOf({ domains, settings }: Tenant, { id }: Pick<UpstreamProvider, 'id'>): string[] {
  const federated = settings.federatedDomains ?? {};
  return domains
    .filter(({ name, verifiedAt }) => verifiedAt !== null && federated[name]?.toLowerCase() === id.toLowerCase())
    .map(({ name }) => name);
}

/** The provider at which the people of a domain sign in: for the tenant's own domains, and for those of partners. */
export function providerOfDomain(
  tenant: Tenant,
  providers: readonly UpstreamProvider[],
  domain: string,
): UpstreamProvider | undefined {
  return providers.find(
    (provider) => provider.domains.includes(domain) || federatedDomainsOf(tenant, provider).includes(domain),
  );
}
