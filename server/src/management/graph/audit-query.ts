import type { AuditQuery } from '../../audit/index.ts';
import { type Conditions, equalText, timeConditions } from './log-query.ts';

/** Every comparison that a filter on the audit log may have, as the part of the query that it becomes. */
export const auditConditions: Conditions<AuditQuery> = {
  ...timeConditions('activityDateTime'),
  'activityDisplayName eq': equalText('verb'),
  'correlationId eq': equalText('correlationId'),
  'id eq': equalText('id'),
  'initiatedBy/user/id eq': equalText('actorId'),
  'initiatedBy/app/servicePrincipalId eq': equalText('actorId'),
  'result eq': (value) => (value === 'success' || value === 'failure' ? { outcome: value } : undefined),
  'targetResources/any id eq': equalText('objectId'),
};
