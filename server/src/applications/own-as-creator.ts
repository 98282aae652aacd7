import type { Act } from '../audit/index.ts';
import { addOwner, type DirectoryStores, type ObjectKindDefinition, type ObjectWriting } from '../directory/index.ts';

/** Makes the user or application that creates an object its owner, as Microsoft Graph does. */
export async function ownAsCreator(
  stores: ObjectWriting & Pick<DirectoryStores, 'links'>,
  act: Act,
  kind: ObjectKindDefinition,
  id: string,
): Promise<void> {
  const creator = act.actor.id === null ? undefined : await stores.objects.find(act.tenantId, act.actor.id);
  if (creator) await addOwner(stores, act, kind, id, creator.id);
}
