import type { KeyRing } from '../issuance/index.ts';
import type { OutboundFetch } from '../outbound/index.ts';
import type { Departure, Described, Unsolicited, UpstreamAnswer, UpstreamRequest } from '../sign-in/index.ts';
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

type Protocol = UpstreamProvider['protocol'];
type ProviderOf<Name extends Protocol> = Extract<UpstreamProvider, { protocol: Name }>;

/** What is asked of a provider that speaks this protocol. */
export type ProtocolRequest<Name extends Protocol> = UpstreamRequest & { provider: ProviderOf<Name> };

/** What is known of whoever sends an answer that nobody asked for. */
export type ProtocolUnsolicited<Name extends Protocol> = Unsolicited & { provider: ProviderOf<Name> };

/** One protocol of `Upstream`. */
export interface ProtocolUpstream<Name extends Protocol> {
  begin(asked: ProtocolRequest<Name>): Promise<Departure>;
  complete(asked: ProtocolRequest<Name>, answer: UpstreamAnswer): Promise<UpstreamIdentity>;
  describe(described: Described & { provider: ProviderOf<Name> }): Promise<string | undefined>;
}
