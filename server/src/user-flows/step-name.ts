/** Every step, in the order in which a sign-in can meet them. */
export const stepNames = ['account', 'verifyEmail', 'signUp', 'password', 'newPassword', 'profile'] as const;
export type StepName = (typeof stepNames)[number];
