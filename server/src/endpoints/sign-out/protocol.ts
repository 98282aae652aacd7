import type { Act } from '../../audit/index.ts';
import type { Tenant } from '../../directory/index.ts';
import type { HttpRequest, HttpResponse } from '../http.ts';

/** One request of the browser that signs out. */
export interface SignOutCall {
  request: HttpRequest;
  tenant: Tenant;
  act: Act;
}

/** The name under which identity providers that signed somebody in take part, whatever their protocol. */
export const upstreamProtocol = 'upstream';

/** An application that took part in the session by a protocol, or the identity provider of which the session came. */
export interface Participant {
  protocol: string;
  /** Object id of the service principal; of an identity provider its id. */
  applicationId: string;
  sessionId: string;
  /** What the endpoint of the protocol wrote when it told the application of the person, or was told of them. */
  state: string;
}

/** How a participant learns of the end of the session. */
export type Notice =
  /** By an address that the last page loads in a frame. */
  | { by: 'frame'; address: string }
  /**
   * By the browser, which goes there with the answer given here, and comes back with one to this message.
   * `hasFrames`: the answer is a page that loads the frames which the last page would, since not everybody comes back.
   */
  | { by: 'visit'; messageId: string; answer: HttpResponse; hasFrames?: boolean }
  /** By a call of ours, which was left for later, or which `tell` makes: then it says why the session may go on. */
  | { by: 'call'; tell?: () => Promise<string | undefined> }
  /** It wants to hear nothing. */
  | { by: 'nothing' };

/**
 * How far the browser helps: it goes where it is sent; it stays, and its last page can load frames, since it is in a frame of
 * somebody's page itself; or there is none.
 */
export type Reach = 'visit' | 'frame' | 'call';

/** Who asked for the end of the session. */
export interface AskedSignOut {
  /** Name of the protocol that answers. */
  protocol: string;
  /** Object id of the application that asked, and need not be told; null when it is not certain. */
  applicationId: string | null;
  /** JSON of the endpoint, for its answer. */
  state: string;
  /** Undefined: the browser goes where it is sent. */
  reach?: Exclude<Reach, 'call'>;
}

/** What became of a sign-out. */
export interface SignedOut {
  /** Addresses that the last page must load. */
  frames: readonly string[];
  /** Applications that could not be told. */
  untold: readonly { applicationId: string; name: string }[];
}

/** What a protocol does in a sign-out. */
export interface SignOutProtocol {
  /**
   * Undefined: the participant cannot be told so.
   * @param frames  addresses that a page must still load
   */
  notify(
    call: SignOutCall,
    participant: Participant,
    by: { frames: readonly string[]; reach: Reach },
  ): Promise<Notice | undefined>;
  /** The last answer to the browser, for who asked by this protocol. */
  answer(call: SignOutCall, state: string, signedOut: SignedOut): Promise<HttpResponse>;
}
