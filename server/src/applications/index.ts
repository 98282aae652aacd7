/**
 * Who trusts us: application registrations, their service principals, secrets, scopes and roles, consent grants and
 * assignments. Relies on the directory, which keeps the objects themselves; knows no protocol.
 */
export type * from './store.ts';
