import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryObject } from '../directory/index.ts';
import { refuse } from './errors.ts';
import type { UserFlowStores } from './store.ts';

type Writing = Pick<UserFlowStores, 'authenticationMethods' | 'recoveryCodes'> & { audit: AuditStore };

/**
 * Takes away something by which a user could prove to be there. With the last one the recovery codes go, too: they stood
 * in for it.
 *
 * @throws Refusal `user-flows.authentication_method_not_found`
 */
export async function removeAuthenticationMethod(
  stores: Writing,
  act: Act,
  { id: userId, attributes }: DirectoryObject,
  methodId: string,
): Promise<void> {
  const { authenticationMethods, recoveryCodes, audit } = stores;
  const methods = await authenticationMethods.list(act.tenantId, userId);
  const removed = methods.find(({ id }) => id === methodId);
  if (!removed || !(await authenticationMethods.remove(act.tenantId, userId, methodId))) {
    throw refuse('user-flows.authentication_method_not_found', { id: methodId });
  }
  if (methods.length === 1) await recoveryCodes.replace(act.tenantId, userId, []);
  const object = { kind: 'user', id: userId, name: String(attributes['userPrincipalName'] ?? '') };
  const changes = [{ property: 'authenticationMethod', before: removed.kind }];
  await audit.append([auditEvent(act, 'user.remove_authentication_method', object, changes)]);
}
