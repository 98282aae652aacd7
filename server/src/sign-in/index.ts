/**
 * One sign-in from request to answer, whatever the protocol: what is asked, which step is next, the session, the result
 * that the asking endpoint fetches once. Relies on user-flows for the steps; knows neither HTTP nor HTML nor protocols.
 */
export { type AuthenticationContext, authenticationContexts } from './authentication-context.ts';
export type * from './completed-sign-in.ts';
export type * from './requested-sign-in.ts';
export type * from './session.ts';
