/**
 * What happened, by whom, to what: append-only events, written in the transaction that they tell of. Relies on nothing;
 * does not know what the other features' objects are.
 */
export type { Act, Actor } from './act.ts';
export { type AuditChange, type AuditEvent, type AuditOutcome, auditEvent } from './event.ts';
export type { AuditPosition, AuditQuery, AuditStore } from './store.ts';
