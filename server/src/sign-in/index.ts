/**
 * One sign-in from request to answer, whatever the protocol: what is asked, which step is next, the session, the result
 * that the asking endpoint fetches once. Relies on user-flows for the steps; knows neither HTTP nor HTML nor protocols.
 *
 * ```
 * endpoint -> beginSignIn -> completed | refused | interaction -> showSignIn <-> submitSignIn -> takeSignInResult -> endpoint
 * ```
 */
export { findHomes, mayComeWithToken, ownAccounts } from './application-homes.ts';
export { type AuthenticationContext, authenticationContexts, federatedReference } from './authentication-context.ts';
export { beginSignIn, type SignInAct } from './begin-sign-in.ts';
export type * from './completed-sign-in.ts';
export { endUntrustedSessions } from './end-untrusted-sessions.ts';
export { signInErrors } from './errors.ts';
export { findUserOfToken } from './find-trusted-user.ts';
export type * from './logout-notice.ts';
export type { PageRequest, SignInStorage } from './page-request.ts';
export type { ProgramSignIn } from './program-sign-in.ts';
export { pruneLogs, usualSignInRetentionDays } from './prune-logs.ts';
export type * from './requested-sign-in.ts';
export { digestOf, formToken, isFormToken } from './secret.ts';
export type * from './session.ts';
export {
  type EndedSession,
  endSession,
  findSession,
  findSessionToEnd,
  listSessions,
  revokeSession,
  revokeSessions,
  revokeSignInSessions,
} from './sessions.ts';
export { type Shown, showSignIn } from './show-sign-in.ts';
export type { SignIn } from './sign-in.ts';
export { signInByActor } from './sign-in-by-actor.ts';
export { signInByPassword } from './sign-in-by-password.ts';
export { signInByToken, type TokenSignIn } from './sign-in-by-token.ts';
export type { LoggedApplication, SignInEvent } from './sign-in-event.ts';
export { longestTracedText, type SignInTrace, type SignInTraceStore, type TracedCheck } from './sign-in-trace.ts';
export type * from './store.ts';
export { type Posted, submitSignIn } from './submit-sign-in.ts';
export { takeSignInResult } from './take-sign-in-result.ts';
export { type TokenEvent, TokenLog } from './token-log.ts';
export {
  type Departure,
  type Described,
  type Unsolicited,
  type Upstream,
  type UpstreamAnswer,
  UpstreamFailure,
  type UpstreamRequest,
} from './upstream.ts';
export type * from './upstream-sign-out.ts';
export {
  describeToUpstream,
  returnFromUpstream,
  takeUnsolicited,
  upstreamLogoutPath,
  upstreamPath,
  upstreamSoapPath,
} from './visit-upstream.ts';
