import type { AuditEvent, AuditOutcome } from './event.ts';

/** Which events a reader wants. Every part that is given must hold. */
export interface AuditQuery {
  id?: string;
  from?: Date;
  until?: Date;
  actorId?: string;
  objectId?: string;
  verb?: string;
  outcome?: AuditOutcome;
  correlationId?: string;
}

/** A place in the log, newest first: the event that was seen last. */
export interface AuditPosition {
  at: Date;
  id: string;
}

/** Where audit events are kept. Appending is part of the transaction that does what they tell of. */
export interface AuditStore {
  append(events: readonly AuditEvent[]): Promise<void>;
  /** Newest first, at most `limit`, after the position when one is given. */
  list(tenantId: string, query: AuditQuery, limit: number, after?: AuditPosition): Promise<AuditEvent[]>;
  /** Removes the oldest events from before the time, at most so many. Returns how many. */
  prune(tenantId: string, before: Date, most: number): Promise<number>;
}
