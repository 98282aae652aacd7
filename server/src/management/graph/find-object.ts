import type { DirectoryObject, ObjectKind, ObjectStore } from '../../directory/index.ts';
import { badRequest, notFound } from './error.ts';

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Reads the living object that a path names by its id.
 *
 * @throws GraphError `Request_ResourceNotFound`, also when the object is of another kind or tenant
 */
export async function getObject(
  objects: ObjectStore,
  tenantId: string,
  id: string,
  kind?: ObjectKind,
): Promise<DirectoryObject> {
  const object = guid.test(id) ? await objects.find(tenantId, id.toLowerCase()) : undefined;
  if (!object || (kind && object.kind !== kind)) throw notFound(id);
  return object;
}

/** Reads a user by id or user principal name. @throws GraphError `Request_ResourceNotFound` */
export async function getUser(objects: ObjectStore, tenantId: string, key: string): Promise<DirectoryObject> {
  if (guid.test(key)) return getObject(objects, tenantId, key, 'user');
  const user = await objects.findByName(tenantId, 'userPrincipalName', key);
  if (!user) throw notFound(key);
  return user;
}

/**
 * The id in a reference such as `https://host/v1.0/directoryObjects/{id}` or `.../users('id')`. The host is not looked at: references to
 * objects of others find nothing in this tenant.
 *
 * @throws GraphError `BadRequest` when there is none
 */
export function referencedId(reference: string): string {
  const [, id] = /\/\w+(?:\/|\(')([0-9a-f-]{36})(?:'\))?\/?$/i.exec(reference) ?? [];
  if (id === undefined || !guid.test(id)) {
    throw badRequest(
      `The reference '${reference}' does not end in a collection and an id, such as /directoryObjects/{id}.`,
    );
  }
  return id.toLowerCase();
}
