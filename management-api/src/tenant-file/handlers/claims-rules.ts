import { type Handler, type Hub, pick } from '../handler.ts';

const fields = ['description', 'purpose'] as const;

/** Groups of claims rules. Who includes them says so itself. */
export const ruleGroup: Handler = {
  async *read({ client }) {
    for await (const found of client.each(client.listRuleGroups())) {
      // What rules are made of says what they are.
      const { rules, claimsMapping } = found;
      const written = claimsMapping ? { claimsMapping } : { rules };
      yield { kind: 'ruleGroup', key: found.id, fields: { ...pick(found, fields), ...written } };
    }
  },

  async create({ client }, { key, fields: given }) {
    // The hub judges what the file says.
    await client.createRuleGroup({ body: { ...given, id: key } as CreateBody });
  },

  async update({ client }, { key }, changes) {
    const body = Object.fromEntries(changes.map(({ field, after }) => [field, after]));
    await client.updateRuleGroup({ id: key, body });
  },

  async remove({ client }, { key }) {
    await client.deleteRuleGroup({ id: key });
  },
};

type CreateBody = Parameters<Hub['client']['createRuleGroup']>[0]['body'];
