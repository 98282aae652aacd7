import type { Step } from '../step.ts';
import type { StepName } from '../step-name.ts';
import { accountStep } from './account/step.ts';
import { changeEmailStep } from './change-email/step.ts';
import { chooseFactorStep } from './choose-factor/step.ts';
import { consentStep } from './consent/step.ts';
import { emailCodeStep } from './email-code/step.ts';
import { homeStep } from './home/step.ts';
import { linkIdentityStep } from './link-identity/step.ts';
import { newPasswordStep } from './new-password/step.ts';
import { newRecoveryCodesStep } from './new-recovery-codes/step.ts';
import { newcomerStep } from './newcomer/step.ts';
import { offerLinkStep } from './offer-link/step.ts';
import { passkeyStep } from './passkey/step.ts';
import { passwordStep } from './password/step.ts';
import { profileStep } from './profile/step.ts';
import { recoveryCodeStep } from './recovery-code/step.ts';
import { recoveryCodesStep } from './recovery-codes/step.ts';
import { registerPasskeyStep } from './register-passkey/step.ts';
import { registerPhoneStep } from './register-phone/step.ts';
import { registerTotpStep } from './register-totp/step.ts';
import { removeFactorStep } from './remove-factor/step.ts';
import { signUpStep } from './sign-up/step.ts';
import { smsCodeStep } from './sms-code/step.ts';
import { termsStep } from './terms/step.ts';
import { totpStep } from './totp/step.ts';
import { unlinkIdentityStep } from './unlink-identity/step.ts';
import { verifyEmailStep } from './verify-email/step.ts';

/** Every step by its name. None knows another. */
export const steps: Readonly<Record<StepName, Step>> = {
  account: accountStep,
  offerLink: offerLinkStep,
  newcomer: newcomerStep,
  verifyEmail: verifyEmailStep,
  signUp: signUpStep,
  home: homeStep,
  password: passwordStep,
  chooseFactor: chooseFactorStep,
  passkey: passkeyStep,
  totp: totpStep,
  smsCode: smsCodeStep,
  emailCode: emailCodeStep,
  recoveryCode: recoveryCodeStep,
  registerPasskey: registerPasskeyStep,
  registerTotp: registerTotpStep,
  registerPhone: registerPhoneStep,
  recoveryCodes: recoveryCodesStep,
  newPassword: newPasswordStep,
  terms: termsStep,
  profile: profileStep,
  consent: consentStep,
  changeEmail: changeEmailStep,
  removeFactor: removeFactorStep,
  newRecoveryCodes: newRecoveryCodesStep,
  linkIdentity: linkIdentityStep,
  unlinkIdentity: unlinkIdentityStep,
};
