import { createHash } from 'node:crypto';
import { refuse } from './errors.ts';
import type { SetupStore } from './store.ts';

interface SetupStores {
  setup: SetupStore;
}

/** How long a secret works, in milliseconds: a day. */
const lifetime = 86_400_000;

/** By this a secret is recognised where it does not belong. */
const prefix = 'cssetup_';

/**
 * A secret with which somebody can become the first administrator, until a day later; undefined when there is one already.
 * Only its digest is kept.
 *
 * @param random  32 random bytes
 */
export async function newSetupSecret(
  { setup }: SetupStores,
  now: Date,
  random: Uint8Array,
): Promise<{ secret: string; endsAt: Date } | undefined> {
  if ((await setup.finishedAt()) !== undefined) return undefined;
  const secret = `${prefix}${Buffer.from(random).toString('base64url')}`;
  const endsAt = new Date(now.getTime() + lifetime);
  await setup.removeSecretsEndedBefore(now);
  await setup.addSecret(digestOf(secret), endsAt);
  return { secret, endsAt };
}

/**
 * Makes sure that a secret works, before anything costly is done for whoever brings it.
 *
 * @throws Refusal `setup.finished`, `setup.secret_wrong`
 */
export async function checkSetupSecret({ setup }: SetupStores, secret: string, now: Date): Promise<void> {
  const endsAt = await setup.secretEndsAt(digestOf(secret));
  if (endsAt !== undefined && endsAt > now) return;
  // Asked only now: whoever finishes takes the secrets away in the same transaction.
  throw refuse((await setup.finishedAt()) === undefined ? 'setup.secret_wrong' : 'setup.finished');
}

/**
 * Ends the setup for whoever has a secret. Of several who come at once, one gets through.
 *
 * @throws Refusal `setup.finished`, `setup.secret_wrong`
 */
export async function redeemSetupSecret(stores: SetupStores, secret: string, now: Date): Promise<void> {
  await checkSetupSecret(stores, secret, now);
  await finishSetup(stores, now);
}

/**
 * Ends the setup, for an administrator who was made in another way.
 *
 * @throws Refusal `setup.finished`
 */
export async function finishSetup({ setup }: SetupStores, now: Date): Promise<void> {
  if (!(await setup.finish(now))) throw refuse('setup.finished');
}

/** A fast digest is safe, as the secret has 256 random bits. */
function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
