import { badRequest, notFound } from './error.ts';

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * The id that a path names, as ids are kept.
 *
 * @throws GraphError `Request_ResourceNotFound` when it is none
 */
export function idOf(key: string): string {
  const id = key.toLowerCase();
  if (!guid.test(id)) throw notFound(key);
  return id;
}

/**
 * The ids that a $filter asks for, as ids are kept.
 *
 * @throws GraphError `BadRequest` when one is none
 */
export function filteredIds<Name extends string>(wanted: { [Property in Name]?: string }): typeof wanted {
  for (const [name, id] of Object.entries(wanted)) {
    if (!guid.test(String(id).toLowerCase()))
      throw badRequest(`Invalid filter clause: ${name} is compared with a GUID.`);
  }
  const lowered = Object.entries(wanted).map(([name, id]) => [name, String(id).toLowerCase()]);
  return Object.fromEntries(lowered);
}

/**
 * The id in a reference such as `https://host/v1.0/directoryObjects/{id}` or `.../users('{id}')`. The host is not looked
 * at: references to objects of others find nothing in this tenant.
 *
 * @throws GraphError `BadRequest` when there is none
 */
export function referencedId(reference: string): string {
  const [, id = ''] = /\/\w+(?:\/|\(')([0-9a-f-]{36})(?:'\))?\/?$/i.exec(reference) ?? [];
  if (!guid.test(id.toLowerCase())) {
    throw badRequest(
      `The reference '${reference}' does not end in a collection and an id, such as /directoryObjects/{id}.`,
    );
  }
  return id.toLowerCase();
}
