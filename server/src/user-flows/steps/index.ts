import type { Step } from '../step.ts';
import type { StepName } from '../step-name.ts';
import { accountStep } from './account/step.ts';
import { passwordStep } from './password/step.ts';

/** Every step by its name. None knows another. */
export const steps: Readonly<Record<StepName, Step>> = {
  account: accountStep,
  password: passwordStep,
};
