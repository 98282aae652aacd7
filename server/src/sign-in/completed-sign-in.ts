import type { FederatedProof } from '../user-flows/index.ts';
import type { AuthenticationContext } from './authentication-context.ts';
import type { AnswerWith, RequestedSignIn, ResourceScopes } from './requested-sign-in.ts';

/** What an endpoint may say about the person who signed in. */
export interface CompletedSignIn {
  userId: string;
  sessionId: string;
  /** When the person last proved to be there. */
  authenticatedAt: Date;
  context: AuthenticationContext;
  /** Where the person proved it: the id of an identity provider, or `local`. */
  home: string;
  /** Authentication method references (RFC 8176), such as `pwd`, `otp`, `mfa`. */
  methods: readonly string[];
  /** Name of the flow as its definition spells it; null for the built-in one. */
  flow: string | null;
  /** The user was made by this sign-in. */
  isNewUser: boolean;
  /** What the application may do in the person's name, of what was requested. */
  granted: readonly ResourceScopes[];
  /** What an identity provider said of the person, as far as it was believed. */
  accepted: FederatedProof['claims'];
  /** How that provider limits what may be passed on of it, and to whom. */
  proxyRestriction?: FederatedProof['proxyRestriction'];
}

/** Why there is no answer about a person: OIDC Core 3.1.2.6's words, and `access_denied` when the person gave up. */
export type SignInRefusal =
  | 'login_required'
  | 'interaction_required'
  | 'consent_required'
  | 'account_selection_required'
  | 'unmet_authentication_requirements'
  | 'access_denied';

export type SignInOutcome =
  | { outcome: 'completed'; signIn: CompletedSignIn }
  | { outcome: 'refused'; reason: SignInRefusal };

/** What `beginSignIn` answers. */
export type BegunSignIn =
  | SignInOutcome
  /** Pages must ask the person; the endpoint sends the browser to `signInPath`, and sets the secret as its cookie. */
  | { outcome: 'interaction'; signInId: string; browserSecret: string };

/** What an endpoint gets back, once, for the result that its `returnTo` was called with. */
export interface SignInResult {
  requested: RequestedSignIn;
  answerWith: AnswerWith;
  outcome: SignInOutcome;
}

/** The browser that asks, as its cookies and connection show it. */
export interface Browser {
  /** Of the cookie by which the browser is recognised; null at its first visit. */
  secret: string | null;
  /** Of the cookie of its session with this tenant. */
  sessionSecret: string | null;
  /** Of the cookie that says at which identity provider somebody signed in last; a hint and no proof. */
  rememberedHome: string | null;
  address: string;
  /** Scheme, host and port of our pages, as it sees them. */
  origin: string;
  userAgent: string;
}
