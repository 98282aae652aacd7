import { domainOf, type Tenant } from '../../../directory/index.ts';
import { entityIdOf } from '../../../issuance/index.ts';
import { isUsable, providerOfDomain, type UpstreamProvider } from '../../../upstream-providers/index.ts';
import type { HttpRequest, HttpResponse } from '../../http.ts';
import type { OAuthOptions } from '../stores.ts';
import { json } from './json.ts';

/**
 * Says where programs send the password of a name: here, or to the identity provider of its domain.
 * Interop: MSAL for Python compares account_type with regard to case.
 */
export async function describeRealm(
  { storage, publicUrl }: OAuthOptions,
  { parameters }: HttpRequest,
): Promise<HttpResponse> {
  const { tenants, upstreamProviders } = storage.read;
  const domain = domainOf(parameters['name'] ?? '');
  const tenant = await tenants.resolve(domain);
  if (!tenant) return json({ account_type: 'Unknown', ver: '1.0' });
  const providers = (await upstreamProviders.list(tenant.id)).filter(isUsable);
  const provider = providerOfDomain(tenant, providers, domain);
  return json({
    ...(provider && takesPasswords(provider) ? federated(publicUrl, tenant, provider) : { account_type: 'Managed' }),
    domain_name: domain,
    cloud_instance_name: 'countersign',
    ver: '1.0',
  });
}

/** Interop: clients for whom a name is federated know no other way than WS-Trust, and fail without an address for it. */
function takesPasswords({ metadataExchangeAddress, activeSignInAddress }: UpstreamProvider): boolean {
  return metadataExchangeAddress !== null || activeSignInAddress !== null;
}

function federated(publicUrl: URL, { id }: Tenant, provider: UpstreamProvider) {
  const { metadataExchangeAddress, activeSignInAddress } = provider;
  const realm = provider.protocol === 'wsFederation' ? provider.wsFederation.realm : null;
  return {
    account_type: 'Federated',
    // Interop: adal-node compares it.
    federation_protocol: 'WSTrust',
    ...(metadataExchangeAddress !== null && { federation_metadata_url: metadataExchangeAddress }),
    ...(activeSignInAddress !== null && { federation_active_auth_url: activeSignInAddress }),
    // For whom programs ask the provider for an assertion.
    cloud_audience_urn: realm ?? entityIdOf(publicUrl, id),
  };
}
