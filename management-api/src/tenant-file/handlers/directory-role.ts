import type { Handler, Hub } from '../handler.ts';
import { type Item, itemId, relation } from '../item.ts';

/** Who holds which administrative role. */
export const directoryRole: Handler = {
  async *read({ client, names, relationIds }) {
    for await (const role of client.each(client.listRoleDefinitions())) {
      if (role.displayName) names.add('directoryRole', role.displayName, role.id);
    }
    for await (const { id, principalId, roleDefinitionId } of client.each(client.listRoleAssignments())) {
      const role = names.nameOf(roleDefinitionId ?? '');
      const holder = names.principalName({ id: principalId ?? '' });
      if (role === undefined || holder === undefined) continue;
      const item = relation('directoryRole', role, holder);
      relationIds.set(itemId(item), id);
      yield item;
    }
  },

  async create({ client, names }, { from = '', to = '' }) {
    const roleDefinitionId = names.id('directoryRole', from);
    await client.createRoleAssignment({ body: { roleDefinitionId, principalId: names.principalId(to) } });
  },

  async remove(hub, item) {
    await hub.client.deleteRoleAssignment({ id: relationId(hub, item) });
  },
};

/** The id of a relation that was read. */
export function relationId({ relationIds }: Hub, item: Item): string {
  const id = relationIds.get(itemId(item));
  if (id === undefined) throw new Error(`${item.key} was never read.`);
  return id;
}
