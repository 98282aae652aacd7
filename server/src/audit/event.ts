import type { Act, Actor } from './act.ts';

export type AuditOutcome = 'success' | 'failure';

/** One property of an object before and after; undefined where it was not there. Never holds a secret. */
export interface AuditChange {
  property: string;
  before?: unknown;
  after?: unknown;
}

/** What somebody did to something. Kept for ever unless the tenant says otherwise; never changed. */
export interface AuditEvent {
  id: string;
  tenantId: string;
  at: Date;
  actor: Actor;
  /** `<kind>.<verb>`, such as `user.create` or `group.add_member`. */
  verb: string;
  object: { kind: string; id: string | null; name: string | null };
  outcome: AuditOutcome;
  /** Stable code of the refusal when the outcome is a failure. */
  reason: string | null;
  changes: AuditChange[];
  correlationId: string;
}

/** The event of a successful act, ready to be appended. */
export function auditEvent(
  act: Act,
  verb: string,
  object: AuditEvent['object'],
  changes: AuditChange[] = [],
): AuditEvent {
  return {
    id: act.newId(),
    tenantId: act.tenantId,
    at: act.now,
    actor: act.actor,
    verb,
    object,
    outcome: 'success',
    reason: null,
    changes,
    correlationId: act.correlationId,
  };
}
