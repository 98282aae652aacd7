import type { TrustEndpoint } from '@countersign/ws-federation';

/** Path of WS-MetadataExchange below the address of a tenant, or of AD FS. */
export const metadataPath = '/services/trust/mex';

/** Paths at which tokens are issued, as AD FS has them. */
export const tokenPaths: readonly (Omit<TrustEndpoint, 'address'> & { path: string })[] = [
  { path: '/services/trust/13/usernamemixed', version: 'trust13', credential: 'password' },
  { path: '/services/trust/2005/usernamemixed', version: 'trust2005', credential: 'password' },
];

/** What is told of the endpoints below an address. */
export function trustEndpointsAt(base: string): TrustEndpoint[] {
  return tokenPaths.map(({ path, ...endpoint }) => ({ ...endpoint, address: base + path }));
}
