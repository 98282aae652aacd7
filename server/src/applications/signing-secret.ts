import type { ApplicationAttributes } from './application.ts';
import type { Client } from './find.ts';
import type { ApplicationStores } from './store.ts';

/** Whether the hub signs something for the application by its secret, which it then has to keep. */
export function isSignedBySecret({ oauthClient }: Pick<ApplicationAttributes, 'oauthClient'>): boolean {
  return [oauthClient?.idTokenSignedResponseAlg, oauthClient?.userinfoSignedResponseAlg].includes('HS256');
}

/**
 * The secret by which the hub signs for the client: the newest valid one of its registration. Undefined where nothing is
 * signed so, or no such secret is left.
 */
export async function findSigningSecret(
  stores: Pick<ApplicationStores, 'clientSecrets'>,
  tenantId: string,
  { application }: Pick<Client, 'application'>,
  now: Date,
): Promise<string | undefined> {
  if (!application || !isSignedBySecret(application.attributes)) return undefined;
  return stores.clientSecrets.findText(tenantId, application.id, now);
}
