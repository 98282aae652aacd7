import { dialects, ScimError, tolerantDialect } from '@countersign/scim';
import type { Act } from '../../audit/index.ts';
import { findScimToken, type ScimScope, type ScimTokenUses } from '../../inbound-provisioning/index.ts';
import type { HttpRequest } from '../http.ts';
import type { ScimCall, ScimOptions } from './call.ts';
import type { PagePlaces } from './page-places.ts';
import { tenantTypes } from './tenant-types.ts';

/**
 * Finds out who asks. Only SCIM tokens are taken, each good in its own tenant; whoever has none does not learn which tenants
 * there are.
 *
 * @throws ScimError `unauthorized`
 * @throws Refusal of the web server when the tenant had too many requests
 */
export async function authenticate(
  options: ScimOptions,
  places: PagePlaces,
  uses: ScimTokenUses,
  request: HttpRequest,
): Promise<ScimCall> {
  const { storage, remembered, now, newId } = options;
  await remembered.freshen();
  const segment = request.parameters['tenant'] ?? '';
  const text = /^Bearer +(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  const tenant = text === undefined ? undefined : await remembered.read.tenants.resolve(segment);
  const at = now();
  const [token, properties] =
    text === undefined || tenant === undefined
      ? []
      : await Promise.all([
          findScimToken(remembered.read, tenant.id, text, at),
          remembered.read.extensionProperties.list(tenant.id),
        ]);
  if (!tenant || !token) {
    throw new ScimError('unauthorized', 'Send a SCIM token of this tenant that is neither expired nor revoked.');
  }
  request.admitTenant(tenant.id);
  await uses.note(storage, tenant.id, token, at);
  const act: Act = {
    tenantId: tenant.id,
    actor: { kind: 'application', id: token.id, name: `SCIM token ${token.label}` },
    now: at,
    correlationId: request.requestId,
    newId,
  };
  return {
    ...options,
    tenant,
    token,
    dialect: dialects[token.dialect] ?? tolerantDialect,
    types: tenantTypes(properties ?? []),
    baseUrl: `${request.url.origin}/${encodeURIComponent(segment)}/scim/v2`,
    act,
    places,
  };
}

/** @throws ScimError `forbidden` unless the token has the scope, or may write what it wants to read */
export function checkScope({ token }: ScimCall, scope: ScimScope): void {
  const isAllowed = token.scopes.includes(scope) || token.scopes.some((held) => held === writingOf(scope));
  if (!isAllowed) throw new ScimError('forbidden', `The token lacks the scope ${scope}.`);
}

function writingOf(scope: ScimScope): string {
  return scope.replace('.read', '.write');
}
