import { getObjectToChange, userKind } from '../../../directory/index.ts';
import { removeAuthenticationMethod } from '../../authentication-methods.ts';
import { cancelButton } from '../../buttons.ts';
import { refuse } from '../../errors.ts';
import { hasAnotherWay } from '../../linked-accounts.ts';
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
    const { tenant, user, methods, homes, task, tools } = context;
    const method = methods.find(({ id }) => id === task?.subject);
    if (!user) throw new Error('A second factor of nobody is to be removed.');
    // Somebody has removed it meanwhile.
    if (!method) return { outcome: 'moved', progress: { isTaskDone: true } };
    return {
      outcome: 'moved',
      progress: { isTaskDone: true },
      write: async (stores, act) => {
        // Of two ways that are removed at once, the second finds what the first has left.
        const now = await getObjectToChange(stores, tenant.id, userKind, user.id);
        if (method.kind === 'passkey' && !(await hasAnotherWay(stores, tenant.id, now, homes, method.id))) {
          throw refuse('user-flows.last_way_to_sign_in');
        }
        await removeAuthenticationMethod(stores, act, user, method.id);
        await notify(stores, act, context, user, 'factorRemoved');
        return {};
      },
      afterwards: tools.deliverSoon,
    };
  },
};
