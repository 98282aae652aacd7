import type { HttpResponse } from '../../http.ts';
import type { OAuthCall } from '../call.ts';
import type { Translation } from './translate-request.ts';
import { clientInfo } from './words.ts';

type Members = Record<string, unknown>;

/** Turns an answer of the token endpoint or of the one for device codes into the words of Microsoft's clients. */
export function translateAnswer(response: HttpResponse, call: OAuthCall, translation: Translation): HttpResponse {
  const body = jsonOf(response);
  if (body?.['access_token'] !== undefined || body?.['id_token'] !== undefined) {
    return { ...response, body: JSON.stringify({ ...body, ...tokenMembers(body, call, translation) }) };
  }
  if (body?.['user_code'] === undefined) return response;
  return { ...response, body: JSON.stringify({ ...body, ...deviceMembers(body, translation) }) };
}

function tokenMembers(body: Members, call: OAuthCall, { spelled, words, resource }: Translation): Members {
  const granted = String(body['scope'] ?? '')
    .split(' ')
    .filter(Boolean);
  const echoed = granted.flatMap((name) => spelled.get(name) ?? []);
  return {
    // Interop: MSAL misses its cache unless scopes come back spelled as they were requested; otherwise there is none.
    scope: echoed.length > 0 ? echoed.join(' ') : undefined,
    ...clientInfo(call, words),
    ...(words.version === 1 && firstVersionMembers(body, granted, resource)),
  };
}

/** Interop: ADAL reads numbers from strings, wants to know when a token ends, and has scopes by their short names. */
function firstVersionMembers(body: Members, granted: readonly string[], resource: string | undefined): Members {
  const seconds = Number(body['expires_in'] ?? 3600);
  const issuedAt = issueTime(body['access_token']);
  return {
    expires_in: String(seconds),
    ext_expires_in: String(seconds),
    expires_on: String(issuedAt + seconds),
    not_before: String(issuedAt),
    ...(resource !== undefined && { resource }),
    scope: granted.join(' '),
  };
}

/** `iat` of a token of ours; for one that says nothing, now. */
function issueTime(token: unknown): number {
  try {
    const claims = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
    return Number(claims.iat);
  } catch {
    return Math.floor(Date.now() / 1000);
  }
}

/** Interop: MSAL and the Azure CLI print `message` as it is; ADAL reads `verification_url`. */
function deviceMembers(
  { user_code: code, verification_uri: address, ...body }: Members,
  { words }: Translation,
): Members {
  return {
    message: `To sign in, use a web browser to open the page ${address} and enter the code ${code} to authenticate.`,
    ...(words.version === 1 && {
      verification_url: address,
      expires_in: String(body['expires_in']),
      interval: String(body['interval'] ?? 5),
    }),
  };
}

/** The JSON of an answer, if it has some. */
export function jsonOf({ body, headers }: HttpResponse): Members | undefined {
  const isJson = String(headers?.['content-type'] ?? '').startsWith('application/json');
  return isJson && body !== undefined
    ? JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body))
    : undefined;
}
