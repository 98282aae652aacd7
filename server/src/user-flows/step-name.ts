/** Every step, in the order in which a sign-in can meet them. */
export const stepNames = ['account', 'password'] as const;
export type StepName = (typeof stepNames)[number];
