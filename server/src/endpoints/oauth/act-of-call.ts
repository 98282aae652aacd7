import type { Client } from 'oidc-provider';
import type { Act } from '../../audit/index.ts';
import type { OAuthCall } from './call.ts';

/** The act of an endpoint in the tenant of the call, by the client where one is known. */
export function actOfCall(
  { tenant, request }: Pick<OAuthCall, 'tenant' | 'request'>,
  { now, newId }: Pick<Act, 'now' | 'newId'>,
  client?: Client,
): Act {
  const actor = client
    ? ({ kind: 'application', id: String(client['servicePrincipalId']), name: client.clientName ?? '' } as const)
    : ({ kind: 'system', id: null, name: 'OAuth' } as const);
  return { tenantId: tenant.id, actor, now, correlationId: request.requestId, newId };
}
