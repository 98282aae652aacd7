import type { HttpRequest, HttpResponse } from '../../http.ts';
import { type IssuerForm, tenantForm } from '../issuer-form.ts';
import { parametersOf } from '../parameters.ts';
import { errorNumbers } from './error-numbers.ts';
import { isMarked } from './parameters.ts';
import { readScopes } from './scopes.ts';
import { jsonOf } from './translate-answer.ts';

/** What an invalid grant was, by the kind of grant. */
const grantCodes: Readonly<Record<string, number>> = {
  authorization_code: 70008,
  refresh_token: 700082,
  password: 50126,
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 50013,
  'urn:ietf:params:oauth:grant-type:saml2-bearer': 50008,
  'urn:ietf:params:oauth:grant-type:saml1_1-bearer': 50008,
};

/** Interop: what MSAL lets people sign in again for, under the names that it knows. */
const subErrors: Readonly<Record<number, string>> = { 65001: 'consent_required', 700082: 'bad_token' };

/** Errors of the token endpoint that Microsoft's clients only know as kinds of an invalid grant. */
const kindsOfInvalidGrant = new Set(['consent_required']);

/**
 * Answers errors in the words of Microsoft's clients where one of them asks: with numbers, and readable by scripts of all
 * origins, since MSAL in browsers would else only see that something failed.
 */
export async function inWordsOfErrors(
  request: HttpRequest,
  form: IssuerForm,
  now: () => Date,
  work: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const response = await work();
  if (response.status < 400 || response.status >= 500) return response;
  const body = jsonOf(response);
  if (typeof body?.['error'] !== 'string') return response;
  const parameters = parametersOf(request);
  const { qualified } = readScopes(parameters.get('scope') ?? '');
  const isTheirs = form !== tenantForm || isMarked(request, parameters) || qualified.length > 0;
  if (!isTheirs) return response;
  return {
    ...response,
    headers: { ...response.headers, 'access-control-allow-origin': '*' },
    body: JSON.stringify(errorBody(body, parameters.get('grant_type') ?? '', request.requestId, now())),
  };
}

/** Interop: MSAL reads the number of an error from its description, and shows trace and correlation id. */
function errorBody(
  { error: said, error_description: description = '' }: Record<string, unknown>,
  grant: string,
  id: string,
  now: Date,
) {
  const error = String(said);
  const code = (error === 'invalid_grant' ? grantCodes[grant] : undefined) ?? errorNumbers[error] ?? 90000;
  const suberror = subErrors[code];
  return {
    error: kindsOfInvalidGrant.has(error) ? 'invalid_grant' : error,
    error_description: `AADSTS${code}: ${description} Trace ID: ${id} Correlation ID: ${id} Timestamp: ${now.toISOString()}`,
    error_codes: [code],
    timestamp: now.toISOString(),
    trace_id: id,
    correlation_id: id,
    ...(suberror !== undefined && { suberror }),
  };
}
