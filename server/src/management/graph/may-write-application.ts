import { applicationOperations } from '@countersign/management-api';
import { authorizationPolicyOf, findServicePrincipal } from '../../applications/index.ts';
import { type DirectoryObject, getTenant } from '../../directory/index.ts';
import { checkMayManage } from './administrators.ts';
import type { Call } from './call.ts';
import { missingAccess } from './check-access.ts';
import { denied } from './error.ts';

const permissionForOwned = 'Application.ReadWrite.OwnedBy';
const { access } = applicationOperations.updateApplication;
const accessToAll = { ...access, application: access.application.filter((name) => name !== permissionForOwned) };

/**
 * Makes sure that the caller may register applications: users who are no administrators only where the tenant lets them.
 *
 * @throws GraphError `Authorization_RequestDenied`
 */
export async function checkMayCreateApplication(call: Call): Promise<void> {
  const missing = missingAccess(access, call.caller);
  if (missing === undefined) return;
  const { allowedToCreateApps } = authorizationPolicyOf(await getTenant(call.storage.read, call.tenantId));
  if (call.caller.kind === 'application' || !allowedToCreateApps) throw denied(missing);
}

/**
 * Makes sure that the caller may change the application or service principal: an application with the permission for
 * owned ones only what it owns, and whatever holds an administrative role only who may manage administrators. Its secrets
 * would otherwise be a way to that role.
 *
 * @throws GraphError `Authorization_RequestDenied`
 */
export async function checkMayWriteApplication(call: Call, object: DirectoryObject): Promise<void> {
  if (missingAccess(accessToAll, call.caller) !== undefined) await checkOwns(call, object);
  const appId = String(object.attributes['appId']);
  const holder = await findServicePrincipal(call.storage.read, call.tenantId, appId);
  if (holder) await checkMayManage(call, holder);
}

async function checkOwns(call: Call, { id, kind }: DirectoryObject): Promise<void> {
  const link = {
    relation: 'owner',
    fromId: id,
    fromKind: kind,
    toId: call.caller.id,
    toKind: 'servicePrincipal',
  } as const;
  if (await call.storage.read.links.has(call.tenantId, link)) return;
  throw denied(`${permissionForOwned} is for objects that the caller owns.`);
}
