import { cancelButton } from '../../buttons.ts';
import type { ConfirmedBy } from '../../flow.ts';
import type { Text } from '../../form.ts';
import type { Step, StepContext } from '../../step.ts';
import { mailAddressOf, maskedEmail } from '../../user-names.ts';

/** Lets the person choose among second factors, to prove one or to register one. */
export const chooseFactorStep: Step = {
  show(context) {
    const { purpose, options } = context.choice;
    return {
      title: { key: `chooseFactor.${purpose}.title` },
      lead: { key: `chooseFactor.${purpose}.lead` },
      blocks: [
        {
          kind: 'choice',
          action: 'method',
          choices: options.map((option) => ({
            value: option,
            label: { key: `factor.${option}` },
            detail: purpose === 'prove' ? detailOf(option, context) : { key: `factor.${option}.about` },
          })),
        },
        cancelButton,
      ],
    };
  },

  async submit({ choice }, input) {
    const chosen = choice.options.find((option) => option === input['method']);
    return chosen
      ? { outcome: 'moved', progress: { secondFactor: chosen, choosesFactor: false } }
      : { outcome: 'refused', problems: [] };
  },
};

/** Which of the user's own things is meant. */
function detailOf(option: ConfirmedBy, { user, methods }: StepContext): Text {
  const address = user && mailAddressOf(user);
  if (option === 'email' && address) return { key: 'text', values: { text: maskedEmail(address) } };
  const phone = methods.findLast(({ kind }) => kind === 'phone');
  if (option === 'sms' && phone) return { key: 'text', values: { text: phone.displayName } };
  return { key: `factor.${option}.about` };
}
