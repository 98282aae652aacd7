import type { PresentedToken, UpstreamIdentity, UpstreamProvider } from '../upstream-providers/index.ts';
import type { AuthenticationContext } from './authentication-context.ts';
import type { Proxying } from './requested-sign-in.ts';

/** Speaks with identity providers, each in its protocol. */
export interface Upstream {
  /** Where the browser goes. @throws UpstreamFailure */
  begin(asked: UpstreamRequest): Promise<Departure>;
  /** Who came back, as the answer proves it. @throws UpstreamFailure */
  complete(asked: UpstreamRequest, answer: UpstreamAnswer): Promise<UpstreamIdentity>;
  /** Of whom an assertion speaks that a program brings. @throws UpstreamFailure */
  prove(presented: PresentedToken): Promise<UpstreamIdentity>;
  /**
   * Proves an answer that nobody asked for, and that it did not come before.
   * @throws UpstreamFailure
   */
  checkUnsolicited(expected: Unsolicited, answer: UpstreamAnswer): Promise<void>;
  /** Our metadata for the provider; undefined where its protocol has none. */
  describe(described: Described): Promise<string | undefined>;
}

/** From whom an answer came that nobody asked for, and where to. */
export type Unsolicited = Pick<UpstreamRequest, 'tenantId' | 'provider' | 'returnTo' | 'now'>;

/** Whom our metadata is for, and where answers go. */
export type Described = Unsolicited & {
  /** Where messages about sign-outs go by the browser. */
  signOutReturnTo: string;
  /** Where they go by SOAP. */
  soapAddress: string;
};

/** What is asked of an identity provider, in words of no protocol; the same when it answers. */
export interface UpstreamRequest {
  tenantId: string;
  provider: UpstreamProvider;
  /** By which we prove ourselves to it. */
  secret: string | null;
  /** Address to which it sends the browser back, of this provider alone (RFC 9700 4.4.2.2). */
  returnTo: string;
  /** Comes back with the browser: at most 80 bytes (SAML Bindings 3.4.3). */
  state: string;
  /** 256 random bits in base64url of this round trip: whatever must be fresh is made of it. */
  challenge: string;
  /** The person must prove to be there anew, or within this time. */
  mustProveAgain: boolean;
  maxAgeSeconds: number | null;
  loginHint: string | null;
  /** How strongly the person should prove to be there; null leaves it to the provider. */
  context: AuthenticationContext | null;
  uiLocales: readonly string[];
  /** Of the request for which we ask; undefined: it does not limit anything. */
  proxying: Proxying | undefined;
  now: Date;
}

/** Where the browser goes: to the address, or by posting the fields to it. */
export interface Departure {
  url: string;
  fields?: Readonly<Record<string, string>>;
}

/** What came back with the browser. */
export interface UpstreamAnswer {
  method: 'GET' | 'POST';
  /** Of the query, or of the form. */
  parameters: URLSearchParams;
}

/** Why nobody came back from a provider. */
export type UpstreamFailureCode =
  | 'upstream_cancelled'
  | 'upstream_refused'
  | 'upstream_unreachable'
  | 'upstream_answer_wrong'
  | 'upstream_undated'
  | 'upstream_unknown_user'
  | 'upstream_known_user'
  | 'upstream_linked_to_another'
  | 'upstream_name_of_another'
  | 'account_disabled';

/** A sign-in at a provider that led to nobody. The message is for the log; people are told by the code alone. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly code: UpstreamFailureCode;
  /** What was checked, and where that is specified, for the trace. */
  readonly check: { check: string; spec: string };

  constructor(
    code: UpstreamFailureCode,
    message: string,
    cause?: unknown,
    check: UpstreamFailure['check'] = { check: code, spec: '' },
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.check = check;
  }
}
