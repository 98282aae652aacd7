import { findClient } from '../../applications/index.ts';
import type { Tenant } from '../../directory/index.ts';
import type { HttpRequest } from '../http.ts';
import { digestOf } from './digest.ts';
import type { OAuthOptions } from './stores.ts';

/**
 * Whether the access token of a request belongs to a client whose proofs must have a nonce (RFC 9449 9). The provider looks
 * at the proof before it knows of whom the token is.
 */
export async function demandsNonce(
  { storage }: Pick<OAuthOptions, 'storage'>,
  { id: tenantId }: Tenant,
  { headers }: HttpRequest,
): Promise<boolean> {
  const [, token] = /^DPoP (\S+)$/i.exec(headers['authorization'] ?? '') ?? [];
  if (token === undefined) return false;
  const found = await storage.read.redeemables.find(tenantId, 'accessToken', digestOf(token));
  const client = found && (await findClient(storage.read, tenantId, String(found.content['clientId'])));
  return client?.oauthClient.requireDpopNonces === true;
}
