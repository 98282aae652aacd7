/** Names and addresses of a tenant as an identity provider. */
export interface SamlAddresses {
  entityId: string;
  singleSignOn: string;
  /** Path to which the browser comes back after a sign-in. */
  returnPath: string;
}

/**
 * The entity identifier is the same whatever host is asked, since peers compare it; the addresses are on the host that was
 * asked, which may be the tenant's own.
 */
export function addressesOf(publicUrl: URL, { origin }: URL, tenantId: string): SamlAddresses {
  const path = `/${tenantId}/saml2`;
  return {
    entityId: `${publicUrl.origin}/${tenantId}/`,
    singleSignOn: origin + path,
    returnPath: `${path}/return`,
  };
}
