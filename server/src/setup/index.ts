/**
 * How a hub begins: which tenant is its own, and how the first administrator comes in. There is no default password: each
 * start prints a secret that works once, until somebody has become administrator. Relies on nothing; who redeems the
 * secret makes the administrator in the same transaction.
 */
export { setupErrors } from './errors.ts';
export { checkSetupSecret, finishSetup, newSetupSecret, redeemSetupSecret } from './setup-secret.ts';
export type { SetupStore } from './store.ts';
