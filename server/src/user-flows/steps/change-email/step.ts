import { updateUser } from '../../../directory/index.ts';
import { cancelButton, sideButton, submitButton } from '../../buttons.ts';
import { codeField } from '../../code-form.ts';
import { parseEmail } from '../../email.ts';
import { identitiesOf } from '../../find-account.ts';
import { notify } from '../../notify.ts';
import { redeemCode } from '../../one-time-codes.ts';
import { sendCode } from '../../send-code.ts';
import type { Step, StepContext, StepOutcome } from '../../step.ts';

/** Changes the e-mail address of a local account, once a code has proven that the new one is the user's. */
export const changeEmailStep: Step = {
  show({ progress }) {
    if (!progress.email) {
      return {
        title: { key: 'changeEmail.title' },
        lead: { key: 'changeEmail.lead' },
        blocks: [
          {
            kind: 'field',
            name: 'email',
            label: { key: 'changeEmail.new' },
            type: 'email',
            autocomplete: 'email',
            isRequired: true,
            hasFocus: true,
          },
          submitButton('verifyEmail.send'),
          cancelButton,
        ],
      };
    }
    return {
      title: { key: 'verifyEmail.code.title' },
      lead: { key: 'verifyEmail.signUp.sent', values: { address: progress.email.address } },
      blocks: [
        codeField,
        submitButton('code.submit'),
        sideButton('code.again', 'again'),
        sideButton('verifyEmail.other', 'other'),
        cancelButton,
      ],
    };
  },

  async submit(context, input) {
    const { email } = context.progress;
    if (input['action'] === 'other') return { outcome: 'moved', progress: { email: null } };
    if (email && input['action'] !== 'again') return change(context, email.address, input['code'] ?? '');
    const address = email?.address ?? parseEmail(input['email'] ?? '');
    if (!address) return { outcome: 'refused', problems: [{ field: 'email', text: { key: 'email.malformed' } }] };
    return {
      outcome: 'moved',
      progress: { email: { address, isVerified: false } },
      ...sendCode(context, { channel: 'mail', purpose: 'newEmail', asked: address, to: address }),
    };
  },
};

function change(context: StepContext, address: string, code: string): StepOutcome {
  const { tenant, signInId, user, now, tools } = context;
  if (!user) throw new Error('The e-mail address of nobody is to be changed.');
  const before = identitiesOf(user);
  const identities = before.map((identity) =>
    identity.signInType === 'emailAddress' ? { ...identity, issuerAssignedId: address } : identity,
  );
  const isMailKnown = before.some(({ issuerAssignedId }) => issuerAssignedId === user.attributes['mail']);
  return {
    outcome: 'moved',
    progress: { isTaskDone: true },
    write: async (stores, act) => {
      const place = { tenantId: tenant.id, signInId, purpose: 'newEmail' } as const;
      if (!(await redeemCode(stores, place, code, now))) {
        return { problems: [{ field: 'code', text: { key: 'code.wrong' } }] };
      }
      // To the address before: whoever owns it must learn of it.
      await notify(stores, act, context, user, 'email');
      const changes = { identities: identities.map((identity) => ({ ...identity })) };
      await updateUser(stores, act, user.id, { ...changes, ...(isMailKnown && { mail: address }) });
      return {};
    },
    afterwards: tools.deliverSoon,
  };
}
