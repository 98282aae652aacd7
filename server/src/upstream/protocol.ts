import type { KeyRing } from '../issuance/index.ts';
import type { OutboundFetch } from '../outbound/index.ts';
import type {
  Departure,
  Described,
  SignOutBetween,
  Unsolicited,
  UpstreamAnswer,
  UpstreamRequest,
  UpstreamSignOut,
} from '../sign-in/index.ts';
import type { UpstreamIdentity, UpstreamProvider } from '../upstream-providers/index.ts';

/** What the protocols need from outside. */
export interface UpstreamParts {
  /** Refuses addresses of private networks that the settings do not allow. */
  fetch: OutboundFetch;
  /** Sign our requests. */
  keys: KeyRing;
  /** Where the hub is reached: our entity identifiers are made from it. */
  publicUrl: URL;
  /** Remembers the id of an assertion until then. False when it was used before. */
  useId(tenantId: string, id: string, until: Date): Promise<boolean>;
}

/** What sign-outs need besides. */
export type SignOutParts = UpstreamParts & {
  /** 256 random bits in base64url. */
  newSecret: () => string;
};

type Protocol = UpstreamProvider['protocol'];
type ProviderOf<Name extends Protocol> = Extract<UpstreamProvider, { protocol: Name }>;

/** What is asked of a provider that speaks this protocol. */
export type ProtocolRequest<Name extends Protocol> = UpstreamRequest & { provider: ProviderOf<Name> };

/** What is known of whoever sends an answer that nobody asked for. */
export type ProtocolUnsolicited<Name extends Protocol> = Unsolicited & { provider: ProviderOf<Name> };

/** Between us and a provider that speaks this protocol. */
export type BetweenOf<Name extends Protocol> = SignOutBetween & { provider: ProviderOf<Name> };

/** One protocol of `UpstreamSignOut`. */
export interface ProtocolSignOut<Name extends Protocol> {
  tell(between: BetweenOf<Name>, state: string, mayVisit: boolean): ReturnType<UpstreamSignOut['tell']>;
  hear(between: BetweenOf<Name>, message: SignOutMessage): ReturnType<UpstreamSignOut['hear']>;
}

export type SignOutMessage = Parameters<UpstreamSignOut['hear']>[1];

/** One protocol of `Upstream`. */
export interface ProtocolUpstream<Name extends Protocol> {
  begin(asked: ProtocolRequest<Name>): Promise<Departure>;
  complete(asked: ProtocolRequest<Name>, answer: UpstreamAnswer): Promise<UpstreamIdentity>;
  describe(described: Described & { provider: ProviderOf<Name> }): Promise<string | undefined>;
}
