import { signJwt } from '../../issuance/index.ts';
import type { HttpResponse } from '../http.ts';
import { mayUse } from './assignment.ts';
import { isResourceName, type PlainRequest, tokenAnswer } from './plain-request.ts';
import { findEnabledResource, heldRoles } from './resources.ts';
import type { OAuthOptions } from './stores.ts';

/** Answers what programs ask most: a client wants a token for itself at one resource (RFC 6749 4.4). */
export async function issueClientCredentials(
  { storage, keys, now, newId }: OAuthOptions,
  { call, issuer, client, parameters }: PlainRequest,
): Promise<HttpResponse | undefined> {
  const { tenant, flow } = call;
  const asked = parameters.get('resource') ?? '';
  if (!isResourceName(asked)) return undefined;
  const { servicePrincipal } = client;
  const resource = await findEnabledResource(storage.read, call, asked);
  if (!resource || !(await mayUse(storage.read, tenant.id, servicePrincipal.id, resource))) return undefined;

  const { appId } = servicePrincipal.attributes;
  const { accessTokenSeconds } = flow.tokens;
  const iat = Math.floor(now().getTime() / 1000);
  // RFC 9068 2.2; the subject of a client that acts for itself is the client.
  const claims = {
    jti: newId(),
    sub: appId,
    iat,
    exp: iat + accessTokenSeconds,
    client_id: appId,
    iss: issuer,
    aud: call.claims.audience(call, resource, asked),
  };
  const token = call.claims.accessToken(claims, {
    call,
    client: { appId, servicePrincipalId: servicePrincipal.id },
    user: undefined,
    resource,
    scopes: [],
    roles: await heldRoles(storage.read, tenant.id, servicePrincipal.id, resource),
  });
  return tokenAnswer({
    access_token: await signJwt(await keys.signer(tenant.id, 'RS256'), 'at+jwt', token),
    expires_in: accessTokenSeconds,
    token_type: 'Bearer',
  });
}
