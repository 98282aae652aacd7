import { type DirectoryObject, findUser } from '../../directory/index.ts';
import type { CallWithId } from './call.ts';
import { notFound } from './error.ts';

/** The user that the path of the call names, by id or user principal name. */
export async function userOf(call: CallWithId): Promise<DirectoryObject> {
  const found = await findUser(call.storage.read, call.tenantId, call.parameters.id);
  if (!found) throw notFound(call.parameters.id);
  return found;
}
