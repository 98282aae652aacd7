import { findServicePrincipal, getServicePrincipal, type ServicePrincipal } from '../../applications/index.ts';
import { alternateKey } from './alternate-key.ts';
import type { CallWithId } from './call.ts';
import { notFound } from './error.ts';
import { idOf } from './object-id.ts';

/** The service principal that the path of the call names, by its id or as `appId=...`. */
export async function servicePrincipalOf(call: CallWithId): Promise<ServicePrincipal> {
  const { read } = call.storage;
  const { id } = call.parameters;
  const appId = alternateKey(id, 'appId');
  if (appId === undefined) return getServicePrincipal(read, call.tenantId, idOf(id));
  const found = await findServicePrincipal(read, call.tenantId, appId);
  if (!found) throw notFound(id);
  return found;
}
