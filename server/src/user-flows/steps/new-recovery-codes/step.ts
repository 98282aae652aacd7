import { auditEvent } from '../../../audit/index.ts';
import { cancelButton, submitButton } from '../../buttons.ts';
import { keepRecoveryCodes, newRecoveryCodes } from '../../recovery-codes.ts';
import type { Step } from '../../step.ts';

/** Makes new recovery codes in place of those that are left. */
export const newRecoveryCodesStep: Step = {
  show: () => ({
    title: { key: 'newRecoveryCodes.title' },
    lead: { key: 'newRecoveryCodes.lead' },
    blocks: [submitButton('newRecoveryCodes.submit'), cancelButton],
  }),

  async submit({ tenant, user, tools }) {
    if (!user) throw new Error('Recovery codes are made for nobody.');
    const codes = newRecoveryCodes(tools.randomBytes);
    return {
      outcome: 'moved',
      progress: { secret: codes.join(' '), hasNewRecoveryCodes: true, isTaskDone: true },
      write: async (stores, act) => {
        await keepRecoveryCodes(stores, tenant.id, user.id, codes);
        const object = { kind: 'user', id: user.id, name: String(user.attributes['userPrincipalName'] ?? '') };
        await stores.audit.append([auditEvent(act, 'user.renew_recovery_codes', object)]);
        return {};
      },
    };
  },
};
