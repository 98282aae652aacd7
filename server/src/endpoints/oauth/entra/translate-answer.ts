import type { HttpResponse } from '../../http.ts';
import type { OAuthCall } from '../call.ts';
import type { Translation } from './translate-request.ts';

/** Numbers of Microsoft's errors by which its clients tell what went wrong (`AADSTSnnnnn`). */
const codes: Readonly<Record<string, number>> = {
  invalid_request: 900144,
  invalid_client: 7000215,
  invalid_grant: 70008,
  invalid_scope: 70011,
  invalid_target: 500011,
  unauthorized_client: 700016,
  unsupported_grant_type: 70003,
  authorization_pending: 70016,
  expired_token: 70020,
  interaction_required: 50076,
  login_required: 50058,
  consent_required: 65001,
  access_denied: 65004,
  invalid_tenant: 90002,
};

/** Turns an answer of the token endpoint into the words of Microsoft's clients. */
export function translateAnswer(
  response: HttpResponse,
  call: OAuthCall,
  translation: Translation,
  now: Date,
): HttpResponse {
  const body = jsonOf(response);
  if (!body) return response;
  const { requestId } = call.request;
  if (typeof body['error'] === 'string') return { ...response, body: JSON.stringify(errorBody(body, requestId, now)) };
  if (body['access_token'] === undefined) return response;
  return { ...response, body: JSON.stringify({ ...body, ...tokenMembers(body, call, translation) }) };
}

/** Interop: MSAL reads the number of an error from its description, and shows trace and correlation id. */
function errorBody({ error, error_description: description = '' }: Record<string, unknown>, id: string, now: Date) {
  const code = codes[String(error)] ?? 90000;
  return {
    error,
    error_description: `AADSTS${code}: ${description} Trace ID: ${id} Correlation ID: ${id} Timestamp: ${now.toISOString()}`,
    error_codes: [code],
    timestamp: now.toISOString(),
    trace_id: id,
    correlation_id: id,
  };
}

function tokenMembers(body: Record<string, unknown>, call: OAuthCall, { spelled, wantsClientInfo }: Translation) {
  const granted = String(body['scope'] ?? '')
    .split(' ')
    .filter(Boolean);
  const echoed = granted.flatMap((name) => spelled.get(name) ?? []);
  return {
    // Interop: MSAL misses its cache unless scopes come back spelled as they were requested; otherwise there is none.
    scope: echoed.length > 0 ? echoed.join(' ') : undefined,
    ...(wantsClientInfo && call.accountId !== undefined && { client_info: clientInfo(call, call.accountId) }),
  };
}

/** Interop: MSAL builds the id of an account from `uid` and `utid`; for Azure AD B2C the policy is part of the former. */
function clientInfo({ tenant, flow }: OAuthCall, userId: string): string {
  const uid = flow.name === '' ? userId : `${userId}-${flow.name.toLowerCase()}`;
  return Buffer.from(JSON.stringify({ uid, utid: tenant.id })).toString('base64url');
}

function jsonOf({ body, headers }: HttpResponse): Record<string, unknown> | undefined {
  const isJson = String(headers?.['content-type'] ?? '').startsWith('application/json');
  return isJson && body !== undefined
    ? JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))
    : undefined;
}
