/**
 * The end of a session across protocols: every application that took part is told in its own, and who asked for the end gets
 * an answer in its. Relies on sign-in for the session; what a protocol says, its own folder knows.
 *
 * ```
 * begin -> session ended -> for each application: notify -> frame of the last page | call | visit <-> resume -> answer
 * ```
 */
export { type Leading, leadOn } from './lead-on.ts';
export {
  type AskedSignOut,
  type Notice,
  type Participant,
  type Reach,
  type SignedOut,
  type SignOutCall,
  type SignOutProtocol,
  upstreamProtocol,
} from './protocol.ts';
export { SignOut, type SignOutOptions, type SignOutStorage } from './sign-out.ts';
