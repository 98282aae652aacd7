import type { Newcomer } from '../upstream-providers/index.ts';
import type { ConfirmedBy } from './flow.ts';
import type { ProvenFactor } from './proven-factor.ts';
import type { StepName } from './step-name.ts';

/**
 * How far a sign-in has come: all that its steps know of each other. Steps change it; which one is next is decided from it
 * elsewhere.
 */
export interface Progress {
  /** Random, and kept from the browser: the challenges for passkeys are made of it. */
  challengeSeed: string;
  /** What the person chose to do. */
  path: 'signIn' | 'signUp' | 'passwordReset';
  /** The user who proved to be there in this sign-in, by `factors`. */
  userId: string | null;
  isNewUser: boolean;
  factors: readonly ProvenFactor[];
  /** Whether the user of the session goes on; null when nobody asked. */
  account: 'current' | 'other' | null;
  /** The person wants to stay signed in when the browser is closed. */
  staysSignedIn: boolean;
  isCancelled: boolean;
  /** Where the person signs in; null when that is not chosen. */
  home: Home | null;
  /** The person must choose where to sign in, whatever hints there are: it was tried in vain. */
  choosesHome: boolean;
  /** Whoever came from a provider, and has no account here yet. */
  arrival: Arrival | null;
  /** Id of the provider to which somebody who is signed in agreed to go, for an identity there. */
  linksWith: string | null;
  /** The name that was typed to find the way home. */
  typedName: string | null;
  /** The steps that were done, for the sign-in log. */
  trace: readonly { step: StepName | 'upstream'; at: Date }[];
  /** The step that was made ready to be shown. */
  readyStep: StepName | null;
  /** The e-mail address that is being verified, or was. */
  email: { address: string; isVerified: boolean } | null;
  /** A new password was set in this sign-in. */
  hasNewPassword: boolean;
  isProfileSaved: boolean;
  /** What the person came from the account page to do. */
  isTaskDone: boolean;
  hasConsented: boolean;
  /** The second factor that was chosen to be asked, or to be registered. */
  secondFactor: ConfirmedBy | null;
  /** The person wants to choose among second factors. */
  choosesFactor: boolean;
  /** New recovery codes, which are in `secret`, must be shown. */
  hasNewRecoveryCodes: boolean;
  /** What the present step must keep to itself until it is submitted, such as a seed. Kept sealed. */
  secret: string | null;
}

/** Where somebody's account is: in this tenant, or at the identity provider of this id. */
export type Home = 'local' | { provider: string };

/** Somebody from an identity provider whom nobody here knows, with what proves it. */
export interface Arrival {
  newcomer: Newcomer;
  factor: ProvenFactor;
  /** A new account, or the identity for an account that is proven besides; null when the person has not decided. */
  wish: 'create' | 'link' | null;
}

/** Where a sign-in begins. */
export const firstProgress: Progress = {
  challengeSeed: '',
  path: 'signIn',
  userId: null,
  isNewUser: false,
  factors: [],
  account: null,
  staysSignedIn: false,
  isCancelled: false,
  home: null,
  choosesHome: false,
  arrival: null,
  linksWith: null,
  typedName: null,
  trace: [],
  readyStep: null,
  email: null,
  hasNewPassword: false,
  isProfileSaved: false,
  isTaskDone: false,
  hasConsented: false,
  secondFactor: null,
  choosesFactor: false,
  hasNewRecoveryCodes: false,
  secret: null,
};
