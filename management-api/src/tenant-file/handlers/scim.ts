import { type Handler, type Hub, pick } from '../handler.ts';
import { type Item, itemId } from '../item.ts';
import { relationId } from './directory-role.ts';

/**
 * Tokens of SCIM clients, by their names. Secrets are not in files: a token that a file makes has none that anybody knows,
 * until it is rotated.
 */
export const scimToken: Handler = {
  async *read({ client, relationIds }) {
    for await (const found of client.each(client.listScimTokens())) {
      const item: Item = {
        kind: 'scimToken',
        key: found.displayName ?? '',
        fields: pick(found, ['scopes', 'dialect', 'contact']),
      };
      relationIds.set(itemId(item), found.id);
      yield item;
    }
  },

  async create({ client }, { key, fields }) {
    await client.createScimToken({ body: { ...fields, displayName: key } as CreateBody });
  },

  async update(hub, item, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await hub.client.updateScimToken({ id: relationId(hub, item), body });
  },

  async remove(hub, item) {
    await hub.client.deleteScimToken({ id: relationId(hub, item) });
  },
};

// The hub judges what the file says.
type CreateBody = Parameters<Hub['client']['createScimToken']>[0]['body'];
type SettingsBody = Parameters<Hub['client']['updateScimSettings']>[0]['body'];

/** What the tenant decides about all SCIM clients. It is always there. */
export const scimSettings: Handler = {
  async *read({ client, tenantName }) {
    yield { kind: 'scimSettings', key: tenantName, fields: pick(await client.getScimSettings(), ['userDeletion']) };
  },
  create: ({ client }, { fields }) => update(client, fields),
  update: ({ client }, _item, changes) =>
    update(client, Object.fromEntries(changes.map(({ field, after }) => [field, after]))),
  async remove() {},
};

async function update(client: Hub['client'], fields: Item['fields']): Promise<void> {
  await client.updateScimSettings({ body: fields as SettingsBody });
}
