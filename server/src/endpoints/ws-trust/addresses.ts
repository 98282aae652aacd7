import type { TrustEndpoint } from '@countersign/ws-federation';

/** Path of WS-MetadataExchange below the address of a tenant, or of AD FS. */
export const metadataPath = '/services/trust/mex';

/** Paths at which tokens are issued: for passwords as AD FS has them, and for tokens beside those. */
export const tokenPaths: readonly (Omit<TrustEndpoint, 'address'> & { path: string })[] = [
  { path: '/services/trust/13/usernamemixed', version: 'trust13', credential: 'password' },
  { path: '/services/trust/2005/usernamemixed', version: 'trust2005', credential: 'password' },
  { path: '/services/trust/13/issuedtoken', version: 'trust13', credential: 'token' },
  { path: '/services/trust/2005/issuedtoken', version: 'trust2005', credential: 'token' },
];

/** What is told of the endpoints below an address. */
export function trustEndpointsAt(base: string): TrustEndpoint[] {
  return tokenPaths.map(({ path, ...endpoint }) => ({ ...endpoint, address: base + path }));
}
