import type { Handler, Hub } from '../handler.ts';

/** The look of the tenant's pages. */
export const branding: Handler = {
  async *read(hub) {
    const {
      '@odata.context': _,
      id: __,
      ...settings
    } = await hub.client.getBranding({ id: await organizationId(hub) });
    const isChosen = Object.values(settings).some(
      (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0,
    );
    if (isChosen || settings.styleSheet || settings.frame || settings.corners !== 'round') {
      yield { kind: 'branding', key: hub.tenantName, fields: settings };
    }
  },

  create: (hub, { fields }) => save(hub, fields),
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
