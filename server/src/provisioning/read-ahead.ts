/** What work on many objects reads of the directory, read for all of them together. */
import type { DirectoryObject } from '../directory/index.ts';
import type { JobContext } from './context.ts';
import { managerAttribute, usedAttributes } from './read-source.ts';
import type { ProvisionedObject } from './store.ts';

/** As old as the page of due objects for which it was read: what changes since makes its object due again. */
export interface ReadAhead {
  /** Living objects by id. */
  objects: ReadonlyMap<string, DirectoryObject>;
  /** Managers of these by the id of whom they manage. */
  managers: ReadonlyMap<string, Manager>;
}

export interface Manager {
  id: string;
  /** Null while the target does not have them, as far as it was known then. */
  targetId: string | null;
}

export async function readAhead(
  { storage: { read }, job }: JobContext,
  due: readonly ProvisionedObject[],
): Promise<ReadAhead> {
  const { tenantId, id: jobId, definition } = job;
  const found = await read.objects.findMany(
    tenantId,
    due.map(({ sourceId }) => sourceId),
  );
  const objects = new Map(found.map((object) => [object.id, object]));
  const mapping = definition.mappings.find(({ source }) => source === 'user');
  if (!mapping || !usedAttributes(mapping).has(managerAttribute)) return { objects, managers: new Map() };
  const users = found.filter(({ kind }) => kind === 'user').map(({ id }) => id);
  const pairs = await read.links.listOfMany(tenantId, 'manager', 'pointing', users);
  const managerIds = [...new Set(pairs.map(({ other }) => other.id))];
  const known = await read.provisionedObjects.find(tenantId, jobId, managerIds);
  const targetIds = new Map(known.map(({ sourceId, targetId }) => [sourceId, targetId]));
  const managerOf = ({ id }: DirectoryObject) => ({ id, targetId: targetIds.get(id) ?? null });
  return { objects, managers: new Map(pairs.map(({ id, other }) => [id, managerOf(other)])) };
}
