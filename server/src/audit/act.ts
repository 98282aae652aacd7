/** Whoever does something: a person, a program, or the hub itself. */
export interface Actor {
  kind: 'user' | 'application' | 'system';
  /** Object id of the user or service principal; null for the system. */
  id: string | null;
  /** Name at that time, for readers of the audit log. */
  name: string;
}

/** One act: everything that is written during it happens in this tenant, at this time, by this actor. */
export interface Act {
  tenantId: string;
  actor: Actor;
  now: Date;
  /** Ties together the log lines, audit events and answer of one request. */
  correlationId: string;
  newId: () => string;
}
