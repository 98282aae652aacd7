import { updateUser, verifyPassword } from '../../../directory/index.ts';
import { cancelButton, submitButton } from '../../buttons.ts';
import { newPasswordFields, readNewPassword } from '../../new-password.ts';
import { notify } from '../../notify.ts';
import type { ProvenFactor } from '../../proven-factor.ts';
import type { Step } from '../../step.ts';
import { signInNameOf } from '../../user-names.ts';

/** Sets a new password: of somebody who has forgotten it, or who must change it. */
export const newPasswordStep: Step = {
  show({ progress, tenant, user, task }) {
    const must = progress.path === 'passwordReset' ? 'forgotten' : 'required';
    const why = task?.step === 'newPassword' ? 'wished' : must;
    return {
      title: { key: 'newPassword.title' },
      lead: { key: `newPassword.${why}` },
      blocks: [
        // For password managers, which file the new password under the name.
        {
          kind: 'field',
          name: 'name',
          label: { key: 'password.name.any' },
          type: 'text',
          value: user ? signInNameOf(user) : '',
          autocomplete: 'username',
          isRequired: true,
          isReadOnly: true,
        },
        ...newPasswordFields(tenant),
        submitButton('newPassword.submit'),
        cancelButton,
      ],
    };
  },

  async submit(context, input) {
    const { user, tenant, stores, tools, now, factors } = context;
    if (!user) throw new Error('A new password is asked of nobody.');
    const password = await readNewPassword(context, input, user.attributes);
    if ('problem' in password) return { outcome: 'refused', problems: [password.problem] };
    const before = await stores.passwords.find(tenant.id, user.id);
    if (before && (await verifyPassword(tools.hasher, before, input['newPassword'] ?? '')).isCorrect) {
      return { outcome: 'refused', problems: [{ field: 'newPassword', text: { key: 'newPassword.same' } }] };
    }
    return {
      outcome: 'moved',
      progress: { userId: user.id, hasNewPassword: true, isTaskDone: true, factors: provenAgain(factors, now) },
      write: async (written, act) => {
        await updateUser(written, act, user.id, {}, { password: { hash: password.hash, mustChange: false } });
        await notify(written, act, context, user, 'password');
        return {};
      },
      afterwards: tools.deliverSoon,
    };
  },
};

/**
 * What was proven before the password was changed counts no longer, except for whoever changed it. The new password itself
 * proves nothing more than what it was set with.
 */
function provenAgain(factors: readonly ProvenFactor[], now: Date): ProvenFactor[] {
  return factors.map((factor, index) => (index === factors.length - 1 ? { ...factor, at: now } : factor));
}
