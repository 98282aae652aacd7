import type { UpstreamProvider } from '../upstream-providers/index.ts';
import type { Departure, UpstreamAnswer, UpstreamFailure } from './upstream.ts';

/** Tells identity providers of the end of sessions that came of their word, and hears of it from them. */
export interface UpstreamSignOut {
  /**
   * The message to the provider about a session, as `UpstreamSession.state` has it; undefined: it takes none.
   *
   * @param mayVisit  a browser can take it there
   * @throws UpstreamFailure when there should be one, and cannot
   */
  tell(between: SignOutBetween, state: string, mayVisit: boolean): Promise<UpstreamNotice | undefined>;
  /** What the provider says. @throws UpstreamFailure */
  hear(between: SignOutBetween, message: UpstreamAnswer & { query: string }): Promise<HeardSignOut>;
  /** The answer to what it asked; undefined: it takes none. */
  answer(between: SignOutBetween, asked: UpstreamSignOutRequest, isComplete: boolean): Promise<Departure | undefined>;
  /** Answers the provider, which calls by SOAP; undefined: its protocol knows no such calls. */
  serve(between: SignOutBetween, asked: CalledSignOut): Promise<ServedSignOut | undefined>;
}

/** How a provider learns of the end of a session. */
export type UpstreamNotice =
  /** By the browser. */
  | { by: 'visit'; messageId: string; departure: Departure }
  /** By a call of ours, which `tell` makes: then it says why the session may go on. */
  | { by: 'call'; tell: () => Promise<string | undefined> };

/** A call of a provider that wants sessions to end. */
export interface CalledSignOut {
  envelope: Uint8Array;
  /** Finds the reason of a failure in our records. */
  reference: string;
  /** Ends the sessions that it means. @returns whether everybody was told */
  end(meant: MeantSessions): Promise<boolean>;
}

/** What goes back to it. */
export interface ServedSignOut {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Why nothing was ended, for the trace. */
  refused: UpstreamFailure | undefined;
}

/** Between whom messages go. */
export interface SignOutBetween {
  tenantId: string;
  provider: UpstreamProvider;
  /** Our address for messages about sign-outs, of this provider alone. */
  returnTo: string;
  /** The one for its calls by SOAP. */
  soapAddress: string;
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
