import { type Handler, type Hub, pick } from '../handler.ts';

type Body = Parameters<Hub['client']['updateClientRegistrationPolicy']>[0]['body'];

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
