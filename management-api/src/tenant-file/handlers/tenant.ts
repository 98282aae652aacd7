import { TenantFileError } from '../error.ts';
import { type Handler, type Hub, pick } from '../handler.ts';
import { isInitialDomain, relation } from '../item.ts';

/** The tenant itself. It is never removed by a file: the file would remove what it describes. */
export const tenant: Handler = {
  async *read(hub) {
    const found = await findTenant(hub);
    if (found)
      yield {
        kind: 'tenant',
        key: hub.tenantName,
        fields: pick(found, ['displayName', 'auditRetentionDays', 'signInRetentionDays', 'provisioningRetentionDays']),
      };
  },

  async create(hub, { key, fields }) {
    const displayName = typeof fields['displayName'] === 'string' ? fields['displayName'] : key;
    await hub.hubClient.createTenant({ body: { name: key, displayName } });
    const { displayName: _, ...rest } = fields;
    if (Object.keys(rest).length > 0) await hub.hubClient.updateTenant({ id: key, body: rest });
  },

  async update(hub, _item, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await hub.hubClient.updateTenant({ id: hub.tenantName, body });
  },

  async remove(hub) {
    throw new TenantFileError(
      `The tenant ${hub.tenantName} is not removed by a file: use \`countersign tenant delete\`.`,
    );
  },
};

/** Domains, for which the administrator of the hub vouches. */
export const domain: Handler = {
  async *read(hub) {
    for (const name of (await findTenant(hub))?.domains ?? []) {
      if (!isInitialDomain(hub.tenantName, name)) yield relation('domain', hub.tenantName, name);
    }
  },
  async create(hub, { to = '' }) {
    await hub.hubClient.addTenantDomain({ id: hub.tenantName, body: { domain: to } });
  },
  async remove(hub, { to = '' }) {
    await hub.hubClient.removeTenantDomain({ id: hub.tenantName, domain: to });
  },
};

export const host: Handler = {
  async *read(hub) {
    for (const name of (await findTenant(hub))?.hosts ?? []) yield relation('host', hub.tenantName, name);
  },
  async create(hub, { to = '' }) {
    await hub.hubClient.addTenantHost({ id: hub.tenantName, body: { host: to } });
  },
  async remove(hub, { to = '' }) {
    await hub.hubClient.removeTenantHost({ id: hub.tenantName, host: to });
  },
};

/** The tenant of the file; undefined while the hub has none of that name. */
export async function findTenant({ hubClient, tenantName }: Hub) {
  for await (const found of hubClient.each(hubClient.listTenants())) {
    if (found.name?.toLowerCase() === tenantName.toLowerCase()) return found;
  }
  return undefined;
}
