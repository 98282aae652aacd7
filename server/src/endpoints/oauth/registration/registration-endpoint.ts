import { randomBytes } from 'node:crypto';
import {
  type Application,
  clientRegistrationPolicyOf,
  deleteApplication,
  findRegisteredClient,
  isSignedBySecret,
  registerClient,
  updateApplication,
} from '../../../applications/index.ts';
import type { Tenant } from '../../../directory/index.ts';
import { Refusal } from '../../../refusal.ts';
import { type AttemptLimit, claimAttempt, limitedAddress } from '../../../user-flows/index.ts';
import type { HttpRequest, HttpResponse } from '../../http.ts';
import { OAuthError } from '../error.ts';
import type { OAuthOptions } from '../stores.ts';
import {
  applicationOf,
  type ClientMetadata,
  metadataOfApplication,
  readClientMetadata,
  settingsOf,
} from './client-metadata.ts';

/** Where everybody may register, one address makes no more than a few clients at a time. */
const registrations: AttemptLimit = { free: 20, firstPauseSeconds: 60, longestPauseSeconds: 3600 };
/** Bytes of metadata. Key sets are the largest part of them. */
const longestBody = 65_536;
const secretBytes = 32;

/** Registers a client (RFC 7591 3), which can read, change and delete its registration afterwards. */
export async function createRegistration(
  options: OAuthOptions,
  request: HttpRequest,
  tenant: Tenant,
): Promise<HttpResponse> {
  const { mode } = clientRegistrationPolicyOf(tenant);
  const initialToken = bearerOf(request);
  if (mode === 'off')
    throw new OAuthError(403, 'access_denied', 'This tenant does not let clients register themselves.');
  if (mode === 'token' && initialToken === undefined) return unauthorized('An initial access token is needed.');
  await checkPace(options, request, tenant);
  const metadata = readClientMetadata(readJson(request));
  await checkSector(options, metadata);
  const { token_endpoint_auth_method: method } = metadata;
  const registrationToken = options.newSecret();
  const registration = {
    attributes: applicationOf(metadata),
    initialToken,
    registrationToken,
    secretRandom: method.startsWith('client_secret') ? randomBytes(secretBytes) : undefined,
  };
  const made = await answering(() =>
    options.storage.write((stores) => registerClient(stores, actOf(options, request, tenant), registration)),
  );
  if ('status' in made) return made;
  const { application, secret } = made;
  return json(201, {
    ...metadataOfApplication(application),
    ...(secret && {
      client_secret: secret.secretText,
      client_secret_expires_at: Math.floor(secret.secret.endsAt.getTime() / 1000),
    }),
    ...managing(request, application, registrationToken),
  });
}

/** Shows a client its registration (RFC 7592 2.1). Its secret is kept as a digest, and was shown once. */
export function readRegistration(options: OAuthOptions, request: HttpRequest, tenant: Tenant): Promise<HttpResponse> {
  return managed(options, request, tenant, async (application, token) =>
    json(200, { ...metadataOfApplication(application), ...managing(request, application, token) }),
  );
}

/** Replaces the registration (RFC 7592 2.2). */
export function updateRegistration(options: OAuthOptions, request: HttpRequest, tenant: Tenant): Promise<HttpResponse> {
  return managed(options, request, tenant, async (application, token) => {
    const body = readJson(request);
    const forbidden = [
      'registration_access_token',
      'registration_client_uri',
      'client_secret_expires_at',
      'client_id_issued_at',
    ];
    const hit = forbidden.find((name) => name in body);
    // RFC 7592 2.2: the updated client metadata fields request MUST NOT include these.
    if (hit !== undefined) throw new OAuthError(400, 'invalid_request', `The request must not have ${hit}.`);
    // The client MUST include its client_id, and it MUST be the same.
    if (body['client_id'] !== application.attributes.appId) {
      throw new OAuthError(400, 'invalid_request', 'The client_id is not that of the client.');
    }
    // RFC 7592 2.2: null or empty values ask for a removal.
    const kept = Object.entries(body).filter(([, value]) => value !== null && value !== '');
    const metadata = readClientMetadata(Object.fromEntries(kept));
    if (needsSecret(metadata) && !needsSecret(metadataOfApplication(application))) {
      throw new OAuthError(400, 'invalid_client_metadata', 'A client without secret cannot get one by a change.');
    }
    // Of the secret that it has the hub kept a digest only.
    if (isSignedBySecret({ oauthClient: settingsOf(metadata) }) && !isSignedBySecret(application.attributes)) {
      throw new OAuthError(400, 'invalid_client_metadata', 'HS256 is for clients that were registered with it.');
    }
    await checkSector(options, metadata);
    const changed = await answering(() =>
      options.storage.write((stores) =>
        updateApplication(stores, actOf(options, request, tenant), application.id, applicationOf(metadata)),
      ),
    );
    if (!('attributes' in changed)) return changed;
    return json(200, { ...metadataOfApplication(changed), ...managing(request, changed, token) });
  });
}

/** Takes the client away (RFC 7592 2.3): its application goes to the deleted items. */
export function deleteRegistration(options: OAuthOptions, request: HttpRequest, tenant: Tenant): Promise<HttpResponse> {
  return managed(options, request, tenant, async ({ id }) => {
    await options.storage.write((stores) => deleteApplication(stores, actOf(options, request, tenant), id));
    return { status: 204, headers: noStore };
  });
}

async function managed(
  { storage }: OAuthOptions,
  request: HttpRequest,
  tenant: Tenant,
  work: (application: Application, token: string) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const token = bearerOf(request);
  const { client: appId = '' } = request.parameters;
  const application =
    token === undefined ? undefined : await findRegisteredClient(storage.read, tenant.id, appId, token);
  // RFC 7592 2.1: also for a client that is not there, so that nobody learns which ones are.
  if (!application || token === undefined)
    return unauthorized('The registration access token is not valid for the client.');
  return work(application, token);
}

function needsSecret({ token_endpoint_auth_method: method }: { token_endpoint_auth_method?: unknown }): boolean {
  return String(method).startsWith('client_secret');
}

function bearerOf({ headers }: HttpRequest): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(headers['authorization'] ?? '')?.[1];
}

function readJson({ body, headers }: HttpRequest): Record<string, unknown> {
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
  if (!isJson || !body || body.length > longestBody) {
    throw new OAuthError(400, 'invalid_client_metadata', `The metadata must be JSON of at most ${longestBody} bytes.`);
  }
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {}
  throw new OAuthError(400, 'invalid_client_metadata', 'The metadata are no JSON object.');
}

/** OpenID Connect Dynamic Client Registration 5: the sector's document must list every redirection URI. */
async function checkSector(
  { fetch }: OAuthOptions,
  { sector_identifier_uri: address, redirect_uris: wanted }: ClientMetadata,
): Promise<void> {
  if (address === undefined) return;
  const refused = new OAuthError(400, 'invalid_client_metadata', `${address} does not list every redirection URI.`);
  if (URL.parse(address)?.protocol !== 'https:') throw refused;
  try {
    const response = await fetch(address, { headers: { accept: 'application/json' } });
    const listed: unknown = response.status === 200 ? await response.json() : undefined;
    if (Array.isArray(listed) && wanted.every((each) => listed.includes(each))) return;
  } catch {}
  throw refused;
}

async function checkPace({ storage, now }: OAuthOptions, request: HttpRequest, tenant: Tenant): Promise<void> {
  const counted = [{ key: `registrations from ${limitedAddress(request.remoteAddress)}`, limit: registrations }];
  const until = await storage.write((stores) => claimAttempt(stores, tenant.id, now(), counted));
  if (until) throw new OAuthError(429, 'temporarily_unavailable', 'This address has registered too many clients.');
}

/** Features' refusals in the words of RFC 7591 3.2.2. */
async function answering<Result>(work: () => Promise<Result>): Promise<Result | HttpResponse> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    if (thrown.status === 401) return unauthorized(thrown.message);
    if (thrown.status === 403) throw new OAuthError(403, 'access_denied', thrown.message);
    throw new OAuthError(400, 'invalid_client_metadata', thrown.message);
  }
}

/** Where and with what the client looks after its registration (RFC 7592 3). */
function managing({ url }: HttpRequest, { attributes: { appId } }: Application, token: string) {
  const [before = ''] = url.pathname.split('/register');
  return {
    registration_client_uri: `${url.origin}${before}/register/${appId}`,
    registration_access_token: token,
  };
}

function actOf({ now, newId }: OAuthOptions, { requestId }: HttpRequest, { id: tenantId }: Tenant) {
  const actor = { kind: 'system', id: null, name: 'Client registration' } as const;
  return { tenantId, actor, now: now(), correlationId: requestId, newId };
}

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

function json(status: number, body: object): HttpResponse {
  return {
    status,
    headers: { ...noStore, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  };
}

/** RFC 6750 3.1 */
function unauthorized(reason: string): HttpResponse {
  const answer = json(401, { error: 'invalid_token', error_description: reason });
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Bearer error="invalid_token"' } };
}
