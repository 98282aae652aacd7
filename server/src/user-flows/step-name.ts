/** Every step, in the order in which a sign-in can meet them. */
export const stepNames = [
  'account',
  'verifyEmail',
  'signUp',
  'password',
  'chooseFactor',
  'passkey',
  'totp',
  'smsCode',
  'emailCode',
  'recoveryCode',
  'registerPasskey',
  'registerTotp',
  'registerPhone',
  'recoveryCodes',
  'newPassword',
  'terms',
  'profile',
  'consent',
] as const;
export type StepName = (typeof stepNames)[number];
