import type { HttpRequest, HttpResponse, Route } from '../../http.ts';
import type { OAuthOptions } from '../stores.ts';
import { describeRealm } from './describe-realm.ts';
import { json } from './json.ts';

/** What Microsoft's clients ask a login host about itself and about names, before they ask a tenant. */
export function hostRoutes(options: OAuthOptions): Route[] {
  return [
    { method: 'GET', path: '/:tenant/discovery/instance', handle: describeInstance },
    { method: 'GET', path: '/common/userrealm/:name', handle: (request) => describeRealm(options, request) },
  ];
}

/**
 * Interop: MSAL and the Azure CLI ask whether the host of an authority is one of Microsoft's, and take the answer of a host
 * that speaks for itself. An authority elsewhere is none of ours.
 */
function describeInstance({ url }: HttpRequest): HttpResponse {
  const asked = URL.parse(url.searchParams.get('authorization_endpoint') ?? '');
  const [tenant] = asked?.pathname.split('/').filter(Boolean) ?? [];
  if (asked?.protocol !== 'https:' || asked.host !== url.host || tenant === undefined) {
    const description = 'AADSTS50049: Unknown or invalid instance.';
    return json({ error: 'invalid_instance', error_description: description, error_codes: [50049] }, 400);
  }
  return json({
    tenant_discovery_endpoint: `${url.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: url.host, preferred_cache: url.host, aliases: [url.host] }],
  });
}
