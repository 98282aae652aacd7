import type { PhoneMethod } from '../../authentication-method.ts';
import { sideButton } from '../../buttons.ts';
import { codeForm } from '../../code-form.ts';
import { maskedPhone } from '../../phone.ts';
import { proveFactor } from '../../prove-factor.ts';
import { redeemPhoneCode } from '../../redeem-phone-code.ts';
import { sendCode } from '../../send-code.ts';
import type { Step, StepContext } from '../../step.ts';

/** Sends a code to the user's phone and asks for it, as second factor. */
export const smsCodeStep: Step = {
  async makeReady(context) {
    return { progress: {}, ...newCode(context) };
  },

  show(context) {
    const lead = { key: 'smsCode.lead', values: { number: maskedPhone(phoneOf(context).number) } };
    return codeForm(context, 'smsCode.title', lead, [sideButton('code.again', 'again')]);
  },

  async submit(context, input) {
    if (input['action'] === 'choose') return { outcome: 'moved', progress: { choosesFactor: true } };
    if (input['action'] === 'again') {
      const note = { key: 'code.sentAgain' };
      return { outcome: 'moved', progress: { readyStep: 'smsCode' }, note, ...newCode(context) };
    }
    const { tenant, user, now } = context;
    return proveFactor(context, 'sms', 'code', async (stores) => {
      const isRight = await redeemPhoneCode(stores, context, 'sms', input['code'] ?? '');
      if (isRight) {
        await stores.authenticationMethods.touch(tenant.id, user?.id ?? '', phoneOf(context).id, now);
      }
      return isRight;
    });
  },
};

function newCode(context: StepContext) {
  const { number } = phoneOf(context);
  return sendCode(context, { channel: 'sms', purpose: 'sms', asked: number, to: number });
}

/** The phone that was registered last. */
function phoneOf({ methods }: StepContext): PhoneMethod {
  const phone = methods.findLast((method) => method.kind === 'phone');
  if (phone?.kind !== 'phone') throw new Error('A code is to be sent to a user without phone.');
  return phone;
}
