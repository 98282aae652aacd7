import { updateUser } from '../../../directory/index.ts';
import { attributeFields, readAttributes } from '../../attribute-fields.ts';
import { cancelButton, submitButton } from '../../buttons.ts';
import type { Step } from '../../step.ts';

/** Shows the attributes that the flow is about, and saves what was changed. */
export const profileStep: Step = {
  async show({ flow, tenant, stores, user }) {
    const extensions = await stores.extensionProperties.list(tenant.id);
    return {
      title: { key: 'profile.title' },
      blocks: [
        ...attributeFields(flow, extensions, user?.attributes ?? {}),
        submitButton('profile.submit'),
        cancelButton,
      ],
    };
  },

  async submit({ flow, tenant, stores, user }, input) {
    if (!user) throw new Error('The profile of nobody is asked for.');
    const extensions = await stores.extensionProperties.list(tenant.id);
    const { attributes, problems } = readAttributes(flow.attributes, extensions, input);
    if (problems.length > 0) return { outcome: 'refused', problems };
    return {
      outcome: 'moved',
      progress: { isProfileSaved: true, isTaskDone: true },
      write: async (written, act) => {
        await updateUser(written, act, user.id, attributes);
        return {};
      },
    };
  },
};
