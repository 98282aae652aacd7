import { type Handler, type Hub, pick, referenceTo } from '../handler.ts';
import { type Item, type ItemKind, relation } from '../item.ts';

const fields = [
  'classification',
  'description',
  'groupTypes',
  'mailEnabled',
  'mailNickname',
  'preferredLanguage',
  'securityEnabled',
  'visibility',
] as const;

export const group: Handler = {
  async *read({ client, names }) {
    const $select = ['id', 'displayName', ...fields].join(',');
    for await (const found of client.each(client.listGroups({ $select, $top: 999 }))) {
      const key = found.displayName;
      if (!key) continue;
      names.add('group', key, found.id);
      yield { kind: 'group', key, fields: pick(found, fields) };
    }
  },

  async create({ client, names }, { key, fields: given }) {
    const made = await client.createGroup({
      body: { mailEnabled: false, securityEnabled: true, mailNickname: nicknameOf(key), ...given, displayName: key },
    });
    names.add('group', key, made.id);
  },

  async update({ client, names }, { key }, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await client.updateGroup({ id: names.id('group', key), body });
  },

  async remove({ client, names }, { key }) {
    await client.deleteGroup({ id: names.id('group', key) });
  },
};

/** A mail nickname from a display name: what Graph's form asks for and nobody wants to invent. */
export function nicknameOf(displayName: string): string {
  return (
    displayName
      .normalize('NFKD')
      .replace(/[^\w.-]/g, '')
      .slice(0, 64) || 'group'
  );
}

export const member: Handler = {
  read: (hub) => relations(hub, 'member', (id) => hub.client.listGroupMembers({ id, $select: 'id', $top: 999 })),
  async create(hub, item) {
    const { id, other } = ends(hub, item);
    await hub.client.addGroupMember({ id, body: referenceTo(hub, other) });
  },
  async remove(hub, item) {
    const { id, other } = ends(hub, item);
    await hub.client.removeGroupMember({ id, memberId: other });
  },
};

export const groupOwner: Handler = {
  read: (hub) => relations(hub, 'groupOwner', (id) => hub.client.listGroupOwners({ id, $select: 'id', $top: 999 })),
  async create(hub, item) {
    const { id, other } = ends(hub, item);
    await hub.client.addGroupOwner({ id, body: referenceTo(hub, other) });
  },
  async remove(hub, item) {
    const { id, other } = ends(hub, item);
    await hub.client.removeGroupOwner({ id, ownerId: other });
  },
};

async function* relations(
  { client, names }: Hub,
  kind: ItemKind,
  list: (groupId: string) => ReturnType<Hub['client']['listGroupMembers']>,
): AsyncGenerator<Item> {
  for (const { name, id } of names.all('group')) {
    for await (const found of client.each(list(id))) {
      const other = names.principalName(found);
      if (other !== undefined) yield relation(kind, name, other);
    }
  }
}

function ends({ names }: Hub, { from = '', to = '' }: Item): { id: string; other: string } {
  return { id: names.id('group', from), other: names.principalId(to) };
}
