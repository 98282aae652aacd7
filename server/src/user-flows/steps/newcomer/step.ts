import { createNewcomer } from '../../../upstream-providers/index.ts';
import { attributeFields, readAttributes } from '../../attribute-fields.ts';
import { cancelButton, submitButton } from '../../buttons.ts';
import { providerOfIdentity } from '../../linked-accounts.ts';
import type { Step } from '../../step.ts';

/** Asks somebody who comes from an identity provider for the first time what the flow wants to know, and makes the account. */
export const newcomerStep: Step = {
  async show({ flow, tenant, stores, progress, homes }) {
    const extensions = await stores.extensionProperties.list(tenant.id);
    const { arrival } = progress;
    if (!arrival) throw new Error('Nobody has come from a provider.');
    const { identity, attributes } = arrival.newcomer;
    const provider = providerOfIdentity(homes, identity)?.displayName ?? '';
    return {
      title: { key: 'signUp.title' },
      lead: { key: 'newcomer.lead', values: { tenant: tenant.displayName, provider } },
      blocks: [...attributeFields(flow, extensions, attributes), submitButton('signUp.submit'), cancelButton],
    };
  },

  async submit({ flow, tenant, stores, progress }, input) {
    const { arrival } = progress;
    if (!arrival) throw new Error('Nobody has come from a provider.');
    const extensions = await stores.extensionProperties.list(tenant.id);
    const { attributes, problems } = readAttributes(flow.attributes, extensions, input);
    if (problems.length > 0) return { outcome: 'refused', problems };
    return {
      outcome: 'moved',
      progress: { arrival: null, isNewUser: true, factors: [arrival.factor] },
      write: async (written, act) => {
        const user = await createNewcomer(written, act, arrival.newcomer, attributes);
        return { progress: { userId: user.id } };
      },
    };
  },
};
