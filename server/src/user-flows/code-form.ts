import { cancelButton, sideButton, submitButton } from './buttons.ts';
import type { ButtonBlock, FieldBlock, Form, Text } from './form.ts';
import type { StepContext } from './step.ts';

/** The field for a code of digits, which browsers fill in from messages. */
export const codeField: FieldBlock = {
  kind: 'field',
  name: 'code',
  label: { key: 'code.code' },
  type: 'code',
  autocomplete: 'one-time-code',
  isRequired: true,
  hasFocus: true,
};

/** A page that asks for the code of a second factor. */
export function codeForm(
  { choice }: StepContext,
  title: string,
  lead: Text,
  others: readonly ButtonBlock[] = [],
  field: FieldBlock = codeField,
): Form {
  const choose = choice.options.length > 1 ? [sideButton('factor.choose', 'choose')] : [];
  return {
    title: { key: title },
    lead,
    blocks: [field, submitButton('code.submit'), ...others, ...choose, cancelButton],
  };
}
