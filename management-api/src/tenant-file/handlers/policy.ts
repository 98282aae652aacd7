import { type Handler, type Hub, pick } from '../handler.ts';

type Body = Parameters<Hub['client']['updateClientRegistrationPolicy']>[0]['body'];

/** What users may do themselves: what the hub has from the beginning, unless the tenant says otherwise. */
export const authorization: Handler = {
  async *read({ client, tenantName }) {
    const { defaultUserRolePermissions: found = {} } = await client.getAuthorizationPolicy();
    // An empty list says something here: users consent to nothing.
    const { allowedToCreateApps = false, permissionGrantPoliciesAssigned = [] } = found;
    const fields = { allowedToCreateApps, permissionGrantPoliciesAssigned };
    yield { kind: 'authorization', key: tenantName, fields };
  },
  async create({ client }, { fields }) {
    await client.updateAuthorizationPolicy({ body: { defaultUserRolePermissions: fields } });
  },
  async update({ client }, _item, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await client.updateAuthorizationPolicy({ body: { defaultUserRolePermissions: body } });
  },
  async remove() {},
};

/** Who may register clients, which every tenant has decided: nobody, unless it says otherwise. */
export const clientRegistration: Handler = {
  async *read({ client, tenantName }) {
    const fields = pick(await client.getClientRegistrationPolicy(), ['mode', 'mostClients']);
    yield { kind: 'clientRegistration', key: tenantName, fields };
  },
  async create({ client }, { fields }) {
    await client.updateClientRegistrationPolicy({ body: fields as Body });
  },
  async update({ client }, _item, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await client.updateClientRegistrationPolicy({ body });
  },
  async remove() {},
};
