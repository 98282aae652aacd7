import type { ApplicationStores } from '../../applications/index.ts';
import type { BrandingStore } from '../../branding/index.ts';
import type { PasswordHasher } from '../../directory/index.ts';
import type { KeyRing, RedeemableStores } from '../../issuance/index.ts';
import type { SignInWriting, TokenLog, Upstream } from '../../sign-in/index.ts';
import type { SignOut } from '../sign-out/index.ts';

/** Everything that the endpoints read and write. */
export type OAuthStores = SignInWriting & ApplicationStores & RedeemableStores & { branding: BrandingStore };

/** The database, as the endpoints see it. */
export interface OAuthStorage {
  readonly read: OAuthStores;
  write<Result>(work: (stores: OAuthStores) => Promise<Result>): Promise<Result>;
}

/** As much of `fetch` as is needed: no redirects are followed, and private networks are refused. */
export type OutboundFetch = (
  url: string | URL,
  init?: { method?: string; headers?: ConstructorParameters<typeof Headers>[0]; body?: string; signal?: AbortSignal },
) => Promise<Response>;

/** What the endpoints need from outside. */
export interface OAuthOptions {
  storage: OAuthStorage;
  /**
   * The same, with reads that are remembered until something has changed that was committed before `freshen`, and for
   * writes of what is not remembered.
   */
  remembered: OAuthStorage & { freshen(): Promise<void> };
  keys: KeyRing;
  /** Where clients reach the hub and its management API. */
  publicUrl: URL;
  /** Calls of ours to servers whose addresses people have registered. */
  fetch: OutboundFetch;
  /** Proves assertions of identity providers. */
  upstream: Pick<Upstream, 'prove'>;
  /** Hashes passwords for sign-in and for us, a few at a time. */
  passwords: PasswordHasher;
  /** A key of 32 bytes for a purpose, the same in every process. */
  deriveKey: (purpose: string) => Uint8Array;
  /** Takes down what clients got at the token endpoint without a person at a page. */
  tokenLog: Pick<TokenLog, 'add'>;
  /** Tells the applications of a session, whatever their protocols, that it has ended. */
  signOut: SignOut;
  now: () => Date;
  newId: () => string;
  /** 256 random bits in base64url. */
  newSecret: () => string;
}
