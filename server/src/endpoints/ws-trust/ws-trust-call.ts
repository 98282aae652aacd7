import type { RelyingParty } from '../../applications/index.ts';
import type { PasswordHasher } from '../../directory/index.ts';
import type { ProgramSignIn, Upstream } from '../../sign-in/index.ts';
import type { WsFederationCall, WsFederationOptions, WsFederationParts } from '../ws-federation/index.ts';

/** What the endpoint needs from outside. */
export interface WsTrustOptions extends WsFederationOptions {
  /** Hashes passwords for sign-in and for us, a few at a time. */
  passwords: PasswordHasher;
  /** Proves tokens of identity providers. */
  upstream: Pick<Upstream, 'prove'>;
}

/** The same, with what the endpoint keeps of former requests. */
export type WsTrustParts = WsTrustOptions & WsFederationParts;

/** One request to the endpoint of a tenant. */
export interface WsTrustCall extends WsFederationCall {
  options: WsTrustParts;
}

/** A request for a token of an application, by a program. */
export interface PartyCall extends WsTrustCall {
  party: RelyingParty;
  signIn: ProgramSignIn;
}
