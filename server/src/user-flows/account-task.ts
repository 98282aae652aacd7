import type { StepName } from './step-name.ts';

/** What a person came from the account page to do: one step, which the sign-in asks once it is proven who it is. */
export interface AccountTask {
  step: AccountTaskStep;
  /** Id of what the step is about. */
  subject: string | null;
}

export const accountTaskSteps = [
  'profile',
  'changeEmail',
  'newPassword',
  'registerPasskey',
  'registerTotp',
  'registerPhone',
  'newRecoveryCodes',
  'removeFactor',
  'linkIdentity',
  'unlinkIdentity',
] as const satisfies readonly StepName[];
export type AccountTaskStep = (typeof accountTaskSteps)[number];
