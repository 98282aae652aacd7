import type { ServicePrincipal } from '../../applications/index.ts';
import type { LoggedApplication, TokenEvent } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import type { OAuthCall } from './call.ts';
import { onBehalfOf } from './grants/on-behalf-of.ts';
import { tokenExchange } from './grants/token-exchange.ts';
import { parametersOf } from './parameters.ts';
import type { OAuthOptions } from './stores.ts';

/** The grants by which a client acts for the person whose token it got. */
const actingGrants = [onBehalfOf.grantType, tokenExchange.grantType];

/** The grants for which nobody is at a page. Others end a sign-in that has its own event. */
const types: Readonly<Record<string, TokenEvent['type']>> = {
  client_credentials: 'servicePrincipal',
  refresh_token: 'nonInteractiveUser',
  [onBehalfOf.grantType]: 'nonInteractiveUser',
  [tokenExchange.grantType]: 'nonInteractiveUser',
};

/** Has an answer of the token endpoint in the sign-in log, if it is to a client that there is. */
export async function logTokens(options: OAuthOptions, call: OAuthCall, response: HttpResponse): Promise<void> {
  const { storage, tokenLog, now, newId } = options;
  const { tenant, flow, request, client, accountId, resources } = call;
  const grantType = parametersOf(request).get('grant_type') ?? '';
  const type = types[grantType];
  if (!type || !client) return;
  const user = accountId === undefined ? undefined : await storage.read.objects.find(tenant.id, accountId);
  // A request names one at most (RFC 8707 2.2; each grant refuses more).
  const [resource] = resources.values();
  const isActing = actingGrants.includes(grantType);
  const failure = response.status < 400 ? null : errorOf(response);
  tokenLog.add(tenant.id, {
    id: newId(),
    at: now(),
    type,
    count: 1,
    userId: user?.id ?? null,
    userName: (user?.attributes['userPrincipalName'] as string | undefined) ?? null,
    applicationId: client.id,
    appId: client.attributes.appId,
    applicationName: client.attributes.displayName ?? '',
    actor: isActing ? logged(client) : null,
    resource: resource ? logged(resource) : null,
    flow: flow.name || null,
    outcome: failure === null ? 'success' : 'failure',
    failure,
    steps: [],
    failedStep: null,
    methods: [],
    isInteractive: false,
    sessionId: null,
    address: request.remoteAddress,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 512),
    correlationId: request.requestId,
  });
}

function logged({ id, attributes: { appId, displayName } }: ServicePrincipal): LoggedApplication {
  return { id, appId, displayName: displayName ?? '' };
}

/** `error` of RFC 6749 5.2. */
function errorOf({ status, body }: HttpResponse): string {
  try {
    return String(JSON.parse(String(body)).error);
  } catch {
    return `http_${status}`;
  }
}
