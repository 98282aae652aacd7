import { sideButton } from '../../buttons.ts';
import { codeForm } from '../../code-form.ts';
import { redeemCode } from '../../one-time-codes.ts';
import { proveFactor } from '../../prove-factor.ts';
import { sendCode } from '../../send-code.ts';
import type { Step, StepContext } from '../../step.ts';
import { mailAddressOf, maskedEmail } from '../../user-names.ts';

/** Sends a code to the user's e-mail address and asks for it, as second factor. */
export const emailCodeStep: Step = {
  async makeReady(context) {
    return { progress: {}, ...newCode(context) };
  },

  show(context) {
    const address = maskedEmail(addressOf(context));
    const lead = { key: 'emailCode.lead', values: { address } };
    return codeForm(context, 'verifyEmail.code.title', lead, [sideButton('code.again', 'again')]);
  },

  async submit(context, input) {
    if (input['action'] === 'choose') return { outcome: 'moved', progress: { choosesFactor: true } };
    if (input['action'] === 'again') {
      return {
        outcome: 'moved',
        progress: { readyStep: 'emailCode' },
        note: { key: 'code.sentAgain' },
        ...newCode(context),
      };
    }
    const place = { tenantId: context.tenant.id, signInId: context.signInId, purpose: 'email' } as const;
    return proveFactor(context, 'email', 'code', (stores) =>
      redeemCode(stores, place, input['code'] ?? '', context.now),
    );
  },
};

function newCode(context: StepContext) {
  const address = addressOf(context);
  return sendCode(context, { channel: 'mail', purpose: 'email', asked: address, to: address });
}

function addressOf({ user }: StepContext): string {
  const address = user && mailAddressOf(user);
  if (!address) throw new Error('A code is to be sent to a user without e-mail address.');
  return address;
}
