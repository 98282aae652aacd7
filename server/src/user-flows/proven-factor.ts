/** One way in which somebody proved to be there. */
export type FactorMethod = 'password' | 'passkey' | 'totp' | 'sms' | 'email' | 'recoveryCode';

export interface ProvenFactor {
  method: FactorMethod;
  at: Date;
}
