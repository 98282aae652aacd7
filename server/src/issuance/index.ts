/**
 * What we sign: the signing keys of a tenant with their rotation, and the tokens made with them. Relies on directory and
 * applications; private keys are used through the interface `Signer` only, so that a key store can stand in.
 */
export type * from './store.ts';
