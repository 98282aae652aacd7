/** Something that a user has registered to prove who it is, besides the password. */
export type AuthenticationMethod = TotpMethod | PasskeyMethod | PhoneMethod;

interface Registered {
  id: string;
  /** What the user calls it. */
  displayName: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** An authenticator app (RFC 6238). Its seed is kept sealed and apart. */
export interface TotpMethod extends Registered {
  kind: 'totp';
  /** The time step of the last code; codes of that step and earlier ones are not taken again (RFC 6238 5.2). */
  counter: number;
}

/** A passkey (WebAuthn Level 3). */
export interface PasskeyMethod extends Registered {
  kind: 'passkey';
  /** In base64url. */
  credentialId: string;
  /** COSE key in base64url. */
  publicKey: string;
  /** Signature counter; stays 0 for passkeys that are synchronized between devices. */
  counter: number;
  transports: readonly string[];
  isBackedUp: boolean;
  /** The host name for which it was made (WebAuthn Level 3 4, "relying party identifier"). */
  rpId: string;
}

/** A phone that receives messages with codes. */
export interface PhoneMethod extends Registered {
  kind: 'phone';
  /** In E.164: `+` and digits. */
  number: string;
  counter: 0;
}
