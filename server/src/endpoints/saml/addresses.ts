import { entityIdOf } from '../../issuance/index.ts';

/** Names and addresses of a tenant as an identity provider. */
export interface SamlAddresses {
  entityId: string;
  singleSignOn: string;
  /** Where applications sign out by SOAP. */
  soap: string;
  /** Path to which the browser comes back after a sign-in. */
  returnPath: string;
}

/** The addresses are on the host that was asked, which may be the tenant's own; the entity identifier is always the same. */
export function addressesOf(publicUrl: URL, { origin }: URL, tenantId: string): SamlAddresses {
  const path = `/${tenantId}/saml2`;
  return {
    entityId: entityIdOf(publicUrl, tenantId),
    singleSignOn: origin + path,
    soap: `${origin}${path}/soap`,
    returnPath: `${path}/return`,
  };
}
