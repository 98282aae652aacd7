import type { UpstreamProvider } from '../upstream-providers/index.ts';
import type { Departure, UpstreamAnswer } from './upstream.ts';

/** Tells identity providers of the end of sessions that came of their word, and hears of it from them. */
export interface UpstreamSignOut {
  /**
   * The message to the provider about a session, as `UpstreamSession.state` has it; undefined: it takes none.
   * @throws UpstreamFailure when there should be one, and cannot
   */
  tell(between: SignOutBetween, state: string): Promise<{ messageId: string; departure: Departure } | undefined>;
  /** What the provider says. @throws UpstreamFailure */
  hear(between: SignOutBetween, message: UpstreamAnswer & { query: string }): Promise<HeardSignOut>;
  /** The answer to what it asked; undefined: it takes none. */
  answer(between: SignOutBetween, asked: UpstreamSignOutRequest, isComplete: boolean): Promise<Departure | undefined>;
}

/** Between whom messages go. */
export interface SignOutBetween {
  tenantId: string;
  provider: UpstreamProvider;
  /** Our address for messages about sign-outs, of this provider alone. */
  returnTo: string;
  now: Date;
}

/** A request of a provider, as far as its answer needs to know it. */
export interface UpstreamSignOutRequest {
  id: string;
  relayState: string | null;
}

/** Which sessions a provider means. */
export interface MeantSessions {
  /** `key` or `sessionKey` of their `UpstreamSession`; null: the one of this browser, which the provider cannot name. */
  key: string | null;
  /** Whether it is about the session of this `UpstreamSession.state`. */
  isAbout(state: string): boolean;
}

export type HeardSignOut =
  /** The provider sent the browser, and waits for an answer. */
  | { kind: 'request'; request: UpstreamSignOutRequest; meant: MeantSessions }
  /** It waits for none: a page of it loads ours in a frame, or it calls us itself. */
  | { kind: 'notice'; by: 'frame' | 'call'; meant: MeantSessions }
  /** @param failure  why its session may go on; undefined when it has ended */
  | { kind: 'response'; messageId: string; failure: string | undefined };
