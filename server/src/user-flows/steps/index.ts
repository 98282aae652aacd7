import type { Step } from '../step.ts';
import type { StepName } from '../step-name.ts';
import { accountStep } from './account/step.ts';
import { newPasswordStep } from './new-password/step.ts';
import { passwordStep } from './password/step.ts';
import { profileStep } from './profile/step.ts';
import { signUpStep } from './sign-up/step.ts';
import { verifyEmailStep } from './verify-email/step.ts';

/** Every step by its name. None knows another. */
export const steps: Readonly<Record<StepName, Step>> = {
  account: accountStep,
  verifyEmail: verifyEmailStep,
  signUp: signUpStep,
  password: passwordStep,
  newPassword: newPasswordStep,
  profile: profileStep,
};
