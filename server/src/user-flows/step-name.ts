/** Every step, in the order in which a sign-in can meet them. */
export const stepNames = [
  'account',
  'verifyEmail',
  'signUp',
  'password',
  'chooseFactor',
  'totp',
  'emailCode',
  'recoveryCode',
  'registerTotp',
  'recoveryCodes',
  'newPassword',
  'profile',
  'consent',
] as const;
export type StepName = (typeof stepNames)[number];
