import type { PasswordHasher } from '../../directory/index.ts';
import type { WsFederationCall, WsFederationOptions, WsFederationParts } from '../ws-federation/index.ts';

/** What the endpoint needs from outside. */
export interface WsTrustOptions extends WsFederationOptions {
  /** Hashes passwords for sign-in and for us, a few at a time. */
  passwords: PasswordHasher;
}

/** The same, with what the endpoint keeps of former requests. */
export type WsTrustParts = WsTrustOptions & WsFederationParts;

/** One request to the endpoint of a tenant. */
export interface WsTrustCall extends WsFederationCall {
  options: WsTrustParts;
}
