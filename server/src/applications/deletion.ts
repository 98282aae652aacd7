import type { Act, AuditStore } from '../audit/index.ts';
import {
  type DirectoryObject,
  type DirectoryStores,
  deleteObject,
  getObject,
  getObjectToChange,
  purgeObject,
  restoreObject,
} from '../directory/index.ts';
import { type Application, applicationKind } from './application.ts';
import { refuse } from './errors.ts';
import { asApplication, asServicePrincipal, findApplication, findServicePrincipal } from './find.ts';
import { findFirstParty } from './first-party/first-party.ts';
import { type ServicePrincipal, servicePrincipalKind } from './service-principal.ts';
import { followApplication } from './service-principals.ts';

type Stores = Pick<DirectoryStores, 'objects' | 'directoryRoles' | 'tenants' | 'extensionProperties'> & {
  audit: AuditStore;
};

/**
 * Puts an application into the deleted items, and its service principal with it. Both keep what they were granted and
 * come back with the application.
 *
 * @throws Refusal as `deleteObject`
 */
export async function deleteApplication(stores: Stores, act: Act, id: string, ifVersion?: number): Promise<void> {
  const before = asApplication(await getObjectToChange(stores, act.tenantId, applicationKind, id, ifVersion));
  const servicePrincipal = await findServicePrincipal(stores, act.tenantId, before.attributes.appId);
  if (servicePrincipal) {
    const attributes = { ...before.attributes, deletedServicePrincipalId: servicePrincipal.id };
    await stores.objects.update(act.tenantId, before, { ...before, attributes, version: before.version + 1 });
    await deleteObject(stores, act, servicePrincipalKind, servicePrincipal.id);
  }
  await deleteObject(stores, act, applicationKind, id);
}

/**
 * Takes an application out of the deleted items, and the service principal that went there with it.
 *
 * @throws Refusal as `restoreObject`; `directory.name_taken` when another application took one of its identifier URIs
 *   meanwhile
 */
export async function restoreApplication(stores: Stores, act: Act, id: string): Promise<Application> {
  const other = await findDeletedWith(stores, act, id);
  const restored = await restoreObject(stores, act, applicationKind, id);
  if (other) await restoreObject(stores, act, servicePrincipalKind, other.id);
  return asApplication(restored);
}

/**
 * Removes a deleted application for good, and the service principal that was deleted with it.
 *
 * @throws Refusal as `purgeObject`
 */
export async function purgeApplication(stores: Stores, act: Act, id: string): Promise<void> {
  const other = await findDeletedWith(stores, act, id);
  if (other) await purgeObject(stores, act, servicePrincipalKind, other.id);
  await purgeObject(stores, act, applicationKind, id);
}

/** The service principal that went into the deleted items together with the application, if it is still there. */
async function findDeletedWith(stores: Stores, act: Act, id: string): Promise<DirectoryObject | undefined> {
  const application = await stores.objects.find(act.tenantId, id, true);
  const otherId = application?.attributes['deletedServicePrincipalId'];
  const other = typeof otherId === 'string' ? await stores.objects.find(act.tenantId, otherId, true) : undefined;
  const wentAlong = other?.deletedAt && other.deletedAt.getTime() === application?.deletedAt?.getTime();
  return wentAlong ? other : undefined;
}

/**
 * Puts a service principal into the deleted items. Its application stays.
 *
 * @throws Refusal `applications.first_party_stays`, and as `deleteObject`
 */
export async function deleteServicePrincipal(stores: Stores, act: Act, id: string, ifVersion?: number): Promise<void> {
  const before = asServicePrincipal(await getObject(stores, act.tenantId, servicePrincipalKind, id));
  const { appId, displayName } = before.attributes;
  if (findFirstParty(appId)) throw refuse('applications.first_party_stays', { name: displayName });
  await deleteObject(stores, act, servicePrincipalKind, id, ifVersion);
}

/**
 * Takes a service principal out of the deleted items, as its application wants it by now.
 *
 * @throws Refusal as `restoreObject`; `directory.name_taken` when its application has another one meanwhile
 */
export async function restoreServicePrincipal(stores: Stores, act: Act, id: string): Promise<ServicePrincipal> {
  const restored = asServicePrincipal(await restoreObject(stores, act, servicePrincipalKind, id));
  const application = await findApplication(stores, act.tenantId, restored.attributes.appId);
  if (!application) return restored;
  await followApplication(stores, act, application);
  return asServicePrincipal(await getObject(stores, act.tenantId, servicePrincipalKind, id));
}
