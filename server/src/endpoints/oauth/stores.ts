import type { ApplicationStores } from '../../applications/index.ts';
import type { KeyRing, RedeemableStores } from '../../issuance/index.ts';
import type { SignInWriting } from '../../sign-in/index.ts';

/** Everything that the endpoints read and write. */
export type OAuthStores = SignInWriting & ApplicationStores & RedeemableStores;

/** The database, as the endpoints see it. */
export interface OAuthStorage {
  readonly read: OAuthStores;
  write<Result>(work: (stores: OAuthStores) => Promise<Result>): Promise<Result>;
}

/** What the endpoints need from outside. */
export interface OAuthOptions {
  storage: OAuthStorage;
  keys: KeyRing;
  /** Where clients reach the hub and its management API. */
  publicUrl: URL;
  /** A key of 32 bytes for a purpose, the same in every process. */
  deriveKey: (purpose: string) => Uint8Array;
  now: () => Date;
  newId: () => string;
  /** 256 random bits in base64url. */
  newSecret: () => string;
}
