import { type Handler, type Hub, pick } from '../handler.ts';

const fields = ['colours', 'corners', 'frame', 'icon', 'links', 'logo', 'styleSheet', 'texts'] as const;

/** The look of the tenant's pages, which is always there: ours as long as the tenant has chosen nothing. */
export const branding: Handler = {
  async *read(hub) {
    const found = await hub.client.getBranding({ id: await organizationId(hub) });
    yield { kind: 'branding', key: hub.tenantName, fields: pick(found, fields) };
  },

  create: (hub, item) => save(hub, item.fields),
  update: (hub, _, changes) => save(hub, Object.fromEntries(changes.map(({ field, after }) => [field, after]))),

  async remove(hub) {
    await hub.client.deleteBranding({ id: await organizationId(hub) });
  },
};

async function save(hub: Hub, body: object): Promise<void> {
  await hub.client.updateBranding({ id: await organizationId(hub), body });
}

async function organizationId({ client }: Hub): Promise<string> {
  const [organization] = (await client.listOrganization()).value;
  return organization?.id ?? '';
}
