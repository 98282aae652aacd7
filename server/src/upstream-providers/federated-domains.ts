import { domainOf, type Tenant } from '../directory/index.ts';
import type { UpstreamProvider } from './provider.ts';

/** The verified domains of the tenant whose people sign in at the provider. */
export function federatedDomainsOf({ domains, settings }: Tenant, { id }: Pick<UpstreamProvider, 'id'>): string[] {
  const federated = settings.federatedDomains ?? {};
  return domains
    .filter(({ name, verifiedAt }) => verifiedAt !== null && federated[name]?.toLowerCase() === id.toLowerCase())
    .map(({ name }) => name);
}

/** Whether people of this name prove who they are at a provider, and nowhere else. */
export function isFederatedName({ domains, settings }: Tenant, userPrincipalName: string): boolean {
  const domain = domainOf(userPrincipalName);
  const isOwn = domains.some(({ name, verifiedAt }) => verifiedAt !== null && name === domain);
  return isOwn && Object.hasOwn(settings.federatedDomains ?? {}, domain);
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
