import { cancelButton, sideButton, submitButton } from '../../buttons.ts';
import { codeForm } from '../../code-form.ts';
import type { Form } from '../../form.ts';
import { maskedPhone, parsePhone } from '../../phone.ts';
import { redeemPhoneCode } from '../../redeem-phone-code.ts';
import { registered } from '../../registered.ts';
import { sendCode } from '../../send-code.ts';
import type { Step, StepContext, StepOutcome } from '../../step.ts';

/** Registers a phone: asks for its number, and then for the code that was sent there. */
export const registerPhoneStep: Step = {
  show(context) {
    const number = context.progress.secret;
    if (number === null) return numberForm(context);
    const lead = { key: 'registerPhone.sent', values: { number: maskedPhone(number) } };
    const others = [sideButton('code.again', 'again'), sideButton('registerPhone.other', 'other')];
    return codeForm(context, 'smsCode.title', lead, others);
  },

  async submit(context, input) {
    const number = context.progress.secret;
    switch (input['action']) {
      case 'choose':
        return { outcome: 'moved', progress: { choosesFactor: true } };
      case 'other':
        return { outcome: 'moved', progress: {} };
      case 'again':
        return send(context, number ?? '', true);
      default:
        return number === null
          ? send(context, input['phone'] ?? '', false)
          : verify(context, number, input['code'] ?? '');
    }
  },
};

function numberForm({ choice }: StepContext): Form {
  return {
    title: { key: 'registerPhone.title' },
    lead: { key: 'registerPhone.lead' },
    blocks: [
      {
        kind: 'field',
        name: 'phone',
        label: { key: 'registerPhone.number' },
        hint: { key: 'registerPhone.hint' },
        type: 'tel',
        autocomplete: 'tel',
        isRequired: true,
        hasFocus: true,
      },
      submitButton('verifyEmail.send'),
      ...(choice.options.length > 1 ? [sideButton('factor.choose', 'choose')] : []),
      cancelButton,
    ],
  };
}

function send(context: StepContext, typed: string, isAgain: boolean): StepOutcome {
  const number = parsePhone(typed);
  if (!number) return { outcome: 'refused', problems: [{ field: 'phone', text: { key: 'registerPhone.malformed' } }] };
  return {
    outcome: 'moved',
    progress: { secret: number },
    ...(isAgain && { note: { key: 'code.sentAgain' } }),
    ...sendCode(context, { channel: 'sms', purpose: 'phone', asked: number, to: number }),
  };
}

function verify(context: StepContext, number: string, code: string): StepOutcome {
  const { tools, now } = context;
  const method = {
    kind: 'phone',
    id: tools.newId(),
    displayName: maskedPhone(number),
    createdAt: now,
    lastUsedAt: now,
    number,
    counter: 0,
  } as const;
  return registered(context, 'sms', method, {
    check: async (stores) =>
      (await redeemPhoneCode(stores, context, 'phone', code))
        ? {}
        : { problems: [{ field: 'code', text: { key: 'code.wrong' } }] },
  });
}
