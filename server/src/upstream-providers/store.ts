import type { UpstreamProvider } from './provider.ts';

/** Where identity providers are kept that tenants trust. Ids and issuers are compared without regard to case. */
export interface UpstreamProviderStore {
  /** Adds it, or replaces the one of this id; its secret stays. */
  save(tenantId: string, provider: UpstreamProvider, at: Date): Promise<void>;
  /** @param secret  by which we prove ourselves to the provider; kept sealed. Null takes it away. */
  saveSecret(tenantId: string, id: string, secret: string | null, at: Date): Promise<void>;
  findSecret(tenantId: string, id: string): Promise<string | undefined>;
  find(tenantId: string, id: string): Promise<UpstreamProvider | undefined>;
  /** By id. Tenants have few. */
  list(tenantId: string): Promise<UpstreamProvider[]>;
  remove(tenantId: string, id: string, at: Date): Promise<boolean>;
  /** Makes others wait who change providers of the tenant, until the transaction ends. */
  lock(tenantId: string): Promise<void>;
}
