import {
  type DirectoryObject,
  hashAnew,
  keepHash,
  type PasswordHasher,
  passwordPolicyOf,
  type Tenant,
  verifyPassword,
} from '../directory/index.ts';
import { isFederatedName } from '../upstream-providers/index.ts';
import { claimAttempt, forgiveAttempt } from './attempts.ts';
import { findAccount } from './find-account.ts';
import type { AccountName } from './flow.ts';
import { digestOfName, signInLimits } from './sign-in-limits.ts';
import type { SignInFailure, StepStores } from './step.ts';

interface Means {
  /** What is committed. */
  stores: StepStores;
  write<Result>(work: (stores: StepStores) => Promise<Result>): Promise<Result>;
  hasher: PasswordHasher;
}

interface Tried {
  tenant: Tenant;
  /** Kinds of names under which people may sign in here. */
  kinds: readonly AccountName[];
  name: string;
  password: string;
  address: string;
  /** Recognises the browser; undefined where there is none. */
  browserDigest: string | undefined;
  now: Date;
}

export type PasswordProof =
  | {
      isProven: true;
      user: DirectoryObject;
      /**
       * Takes back that the try was counted, and keeps a hash with today's parameters in place of an older one; belongs into
       * the transaction that keeps what follows from the proof.
       */
      forgive(stores: StepStores): Promise<void>;
    }
  | { isProven: false; failure: SignInFailure };

/**
 * Checks somebody's password, and counts the try against the limits of sign-in. Whoever is unknown, disabled, locked out
 * or without password gets the same answer after the same work, so that nobody learns who exists.
 *
 * @throws TemporaryFailure when too many others wait
 */
export async function provePassword({ stores, write, hasher }: Means, tried: Tried): Promise<PasswordProof> {
  const { tenant, kinds, name, password, address, browserDigest, now } = tried;
  const user = await findAccount(stores, tenant, kinds, name);
  const isKnownBrowser =
    user !== undefined &&
    browserDigest !== undefined &&
    (await stores.knownBrowsers.has(tenant.id, user.id, browserDigest, now));
  const account = user?.id ?? digestOfName(name);
  const limits = signInLimits(
    { account, address, browser: isKnownBrowser ? browserDigest : undefined },
    passwordPolicyOf(tenant),
  );
  const pausedUntil = await write((written) => claimAttempt(written, tenant.id, now, limits.counted));

  const credential = user && (await stores.passwords.find(tenant.id, user.id));
  const isFederated = user !== undefined && isFederatedName(tenant, String(user.attributes['userPrincipalName']));
  const isEnabled = user?.attributes['accountEnabled'] === true && !isFederated;
  const isUsable = isEnabled && pausedUntil === undefined;
  const { isCorrect, needsRehash } = await verifyPassword(hasher, isUsable ? credential : undefined, password);
  if (isUsable && isCorrect) {
    const newHash = needsRehash ? await hashAnew(hasher, password) : undefined;
    return {
      isProven: true,
      user,
      async forgive(written) {
        await forgiveAttempt(written, tenant.id, now, limits.counted, limits.own);
        if (newHash && credential) await keepHash(written, tenant.id, user.id, credential, newHash);
      },
    };
  }
  const isDisabled = user?.attributes['accountEnabled'] === false;
  const reason = isDisabled ? 'account_disabled' : isFederated ? 'account_federated' : 'password_wrong';
  const code = pausedUntil ? 'paused' : reason;
  return { isProven: false, failure: { code, userId: user?.id ?? null } };
}
