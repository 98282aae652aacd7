import { directoryAudit, type directoryAuditOperations } from '@countersign/management-api';
import type { AuditEvent } from '../../../audit/index.ts';
import { answerResource } from '../answer-resource.ts';
import { auditConditions } from '../audit-query.ts';
import { auditView } from '../audit-view.ts';
import type { Handlers } from '../call.ts';
import { notFound } from '../error.ts';
import { answerLogPage, logLines, type ShownLog } from '../log-pages.ts';
import { logQuery } from '../log-query.ts';

const log: ShownLog<AuditEvent> = {
  resource: directoryAudit,
  path: 'auditLogs/directoryAudits',
  time: 'activityDateTime',
  list({ storage, tenantId, query: { filter } }, limit, after) {
    return storage.read.audit.list(tenantId, logQuery('audit log', auditConditions, filter), limit, after);
  },
  view: auditView,
};

/** https://learn.microsoft.com/graph/api/resources/directoryaudit */
export const directoryAuditHandlers = {
  listDirectoryAudits: (call) => answerLogPage(call, log),
  exportDirectoryAudits: async (call) => ({ stream: logLines(call, log) }),
  getDirectoryAudit: async (call) => {
    const [event] = await call.storage.read.audit.list(call.tenantId, { id: call.parameters.id }, 1);
    if (!event) throw notFound(call.parameters.id);
    return answerResource(call, directoryAudit, log.path, auditView(event));
  },
} satisfies Handlers<typeof directoryAuditOperations>;
