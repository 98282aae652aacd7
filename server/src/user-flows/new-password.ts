import { type AttributeChange, passwordPolicyOf, preparePassword, type Tenant } from '../directory/index.ts';
import { Refusal } from '../refusal.ts';
import type { FieldBlock } from './form.ts';
import { problemOf } from './problem.ts';
import type { Input, Problem, StepContext } from './step.ts';

/** The fields in which a new password is typed. Twice, since without JavaScript nobody can look at it. */
export function newPasswordFields(tenant: Tenant): FieldBlock[] {
  const { minimumLength: least } = passwordPolicyOf(tenant);
  return [
    {
      kind: 'field',
      name: 'newPassword',
      label: { key: 'newPassword.new' },
      hint: { key: 'newPassword.hint', values: { least } },
      type: 'password',
      autocomplete: 'new-password',
      isRequired: true,
    },
    {
      kind: 'field',
      name: 'repeatedPassword',
      label: { key: 'newPassword.repeat' },
      type: 'password',
      autocomplete: 'new-password',
      isRequired: true,
    },
  ];
}

/**
 * Checks what was typed into them, and hashes it.
 *
 * @param attributes  of the user, on whose names the password must not be built
 * @throws TemporaryFailure when too many others wait to be hashed
 */
export async function readNewPassword(
  { tools, tenant }: Pick<StepContext, 'tools' | 'tenant'>,
  input: Input,
  attributes: AttributeChange,
): Promise<{ hash: string } | { problem: Problem }> {
  const { newPassword = '', repeatedPassword = '' } = input;
  if (newPassword === '') return { problem: { field: 'newPassword', text: { key: 'field.missing' } } };
  if (newPassword !== repeatedPassword) {
    return { problem: { field: 'repeatedPassword', text: { key: 'newPassword.different' } } };
  }
  try {
    return { hash: await preparePassword(tools.hasher, newPassword, attributes, passwordPolicyOf(tenant)) };
  } catch (error) {
    if (error instanceof Refusal) return { problem: problemOf(error, 'newPassword') };
    throw error;
  }
}
