/** What a flow does for a person, as Azure AD B2C names the kinds. */
export type FlowType = 'signUpOrSignIn' | 'signUp' | 'signIn' | 'profileEditing' | 'passwordReset';

/** Ways to prove oneself a second time. Recovery codes stand in for all of them and are never offered alone. */
export type SecondFactor = 'passkey' | 'totp' | 'sms' | 'email';
export type ConfirmedBy = SecondFactor | 'recoveryCode';

/** Names under which people sign in: of local accounts, or the user principal name of staff. */
export type AccountName = 'emailAddress' | 'userName' | 'userPrincipalName';

/** An attribute of users that a flow asks for. */
export interface AskedAttribute {
  /** Name in the directory, such as `givenName` or `extension_<appId>_<name>`. */
  name: string;
  isRequired: boolean;
}

/** A flow of a tenant: what it asks, what it proves and how long that holds. Applications name it in their requests. */
export interface UserFlow {
  /** The policy name in URLs and tokens, such as `B2C_1_signupsignin1`; compared without regard to case. */
  name: string;
  type: FlowType;
  accountNames: readonly AccountName[];
  /** Ids of the identity providers from which people may come; null: all of the tenant. */
  providers: readonly string[] | null;
  /** People may sign in by a passkey in place of name and password. */
  offersPasskeys: boolean;
  /** A page offers to reset a forgotten password. */
  offersPasswordReset: boolean;
  /** Users may consent themselves to what applications ask for; else only administrators, for everybody. */
  allowsConsent: boolean;
  /** Asked at sign-up, and shown when the profile is edited. */
  attributes: readonly AskedAttribute[];
  /** Attributes of the user that tokens carry as claims. */
  claims: readonly string[];
  secondFactor: SecondFactorRule;
  session: SessionRule;
  tokens: TokenLifetimes;
  /** Terms of use that every user must have accepted; null for none. */
  terms: { version: string; url: string } | null;
  /** Texts of this flow in place of ours: language, then key of the message. */
  texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface SecondFactorRule {
  /** `conditional`: only in browsers in which this user has not signed in before. */
  when: 'off' | 'always' | 'conditional';
  methods: readonly SecondFactor[];
  /** How long a second factor holds within a session. 0: it is asked at every sign-in; null: as long as the session. */
  holdsSeconds: number | null;
}

export interface SessionRule {
  /** Which sign-ins share a session: all of the tenant, those of one application, those of one flow, or none. */
  sharedBy: 'tenant' | 'application' | 'flow' | 'nobody';
  /** A session ends when it was not used for so long. */
  idleSeconds: number;
  /** A session ends so long after the person proved to be there. */
  absoluteSeconds: number;
  /** People may ask to stay signed in when they close the browser. */
  offersToStay: boolean;
}

export interface TokenLifetimes {
  accessTokenSeconds: number;
  idTokenSeconds: number;
  refreshTokenSeconds: number;
  /** After this time since the sign-in no refresh token works; null: as long as it is used. */
  refreshWindowSeconds: number | null;
}
