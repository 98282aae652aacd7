import { type Handler, type Hub, pick } from '../handler.ts';

const fields = ['minimumLength', 'bannedWords', 'lockoutThreshold', 'lockoutDurationInSeconds'] as const;

/** What the tenant demands of passwords, which is always there. */
export const passwords: Handler = {
  async *read(hub) {
    const found = await hub.client.getPasswordPolicy();
    yield { kind: 'passwords', key: hub.tenantName, fields: pick(found, fields) };
  },

  create: (hub, item) => save(hub, item.fields),
  update: (hub, _, changes) => save(hub, Object.fromEntries(changes.map(({ field, after }) => [field, after]))),

  async remove(hub) {
    await hub.client.deletePasswordPolicy();
  },
};

async function save(hub: Hub, body: object): Promise<void> {
  await hub.client.updatePasswordPolicy({ body });
}
