import { removeAuthenticationMethod } from '../../authentication-methods.ts';
import { cancelButton } from '../../buttons.ts';
import { notify } from '../../notify.ts';
import type { Step } from '../../step.ts';

/** Takes one of the user's second factors away. */
export const removeFactorStep: Step = {
  show({ methods, task }) {
    const method = methods.find(({ id }) => id === task?.subject);
    return {
      title: { key: 'removeFactor.title' },
      lead: { key: 'removeFactor.lead', values: { name: method?.displayName ?? '' } },
      blocks: [
        { kind: 'button', action: 'submit', label: { key: 'removeFactor.submit' }, look: 'danger' },
        cancelButton,
      ],
    };
  },

  async submit(context) {
    const { user, methods, task, tools } = context;
    const method = methods.find(({ id }) => id === task?.subject);
    if (!user) throw new Error('A second factor of nobody is to be removed.');
    // Somebody has removed it meanwhile.
    if (!method) return { outcome: 'moved', progress: { isTaskDone: true } };
    return {
      outcome: 'moved',
      progress: { isTaskDone: true },
      write: async (stores, act) => {
        await removeAuthenticationMethod(stores, act, user, method.id);
        await notify(stores, act, context, user, 'factorRemoved');
        return {};
      },
      afterwards: tools.deliverSoon,
    };
  },
};
