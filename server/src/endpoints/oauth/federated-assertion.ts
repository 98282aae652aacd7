import { decodeJwt, jwtVerify } from 'jose';
import { findClient, findFederatedCredential } from '../../applications/index.ts';
import type { OAuthCall } from './call.ts';
import { OAuthError } from './error.ts';
import type { ForeignKeys } from './foreign-keys.ts';
import { parametersOf, withParameters } from './parameters.ts';
import type { OAuthOptions } from './stores.ts';

/** The algorithms with which issuers elsewhere sign. */
const algorithms = ['RS256', 'PS256', 'ES256', 'RS384', 'RS512', 'ES384'];
/** By how much the clock of an issuer may differ, in seconds. */
const clockTolerance = 60;

/**
 * Lets a client prove who it is by a token that another issuer made out to it (RFC 7521 4.2 with the token of a workload:
 * a Kubernetes service account, a pipeline). Issuer, subject and audience must be those of one of its federated
 * credentials; only then the issuer's keys are fetched. The provider, which knows assertions only that clients sign
 * themselves, sees a secret of this one call instead.
 *
 * Such tokens live for a while and are used again within it, so that `jti` is not looked at.
 *
 * @throws OAuthError `invalid_client`
 */
export async function acceptForeignAssertion(
  { storage, newSecret, now }: OAuthOptions,
  keys: ForeignKeys,
  call: OAuthCall,
): Promise<OAuthCall> {
  const parameters = parametersOf(call.request);
  const assertion = parameters.get('client_assertion');
  const clientId = parameters.get('client_id');
  if (assertion === null || clientId === null) return call;
  const claims = readClaims(assertion);
  if (!claims?.iss || claims.iss === clientId) return call;

  const client = await findClient(storage.read, call.tenant.id, clientId);
  const owners = client?.credentialOwnerIds ?? [];
  const lists = await Promise.all(owners.map((id) => storage.read.federatedCredentials.list(call.tenant.id, id)));
  const audiences = [claims.aud ?? []].flat();
  const token = { issuer: claims.iss, subject: claims.sub ?? '', audiences };
  const credential = findFederatedCredential(lists.flat(), token);
  if (!credential) throw refusal('No federated credential of the client has the issuer, subject and audience.');
  const { issuer, subject } = credential;
  const { payload } = await jwtVerify(assertion, keys.of(issuer), {
    issuer,
    subject,
    audience: audiences,
    algorithms,
    currentDate: now(),
    clockTolerance,
    requiredClaims: ['exp'],
  }).catch((cause) => {
    throw Object.assign(refusal('The assertion could not be verified with the keys of its issuer.'), { cause });
  });

  if (Number(payload.iat ?? 0) > now().getTime() / 1000 + clockTolerance)
    throw refusal('The assertion is of the future.');

  const secret = newSecret();
  parameters.delete('client_assertion');
  parameters.delete('client_assertion_type');
  parameters.set('client_secret', secret);
  return { ...call, request: withParameters(call.request, parameters), provenClient: { clientId, secret } };
}

function readClaims(assertion: string) {
  try {
    return decodeJwt(assertion);
  } catch {
    return undefined;
  }
}

function refusal(reason: string): OAuthError {
  return new OAuthError(401, 'invalid_client', reason);
}
