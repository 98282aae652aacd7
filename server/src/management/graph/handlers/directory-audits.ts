import { directoryAudit, type directoryAuditOperations } from '@countersign/management-api';
import type { AuditEvent, AuditPosition } from '../../../audit/index.ts';
import { answerResource } from '../answer-resource.ts';
import { auditQuery } from '../audit-query.ts';
import { auditView } from '../audit-view.ts';
import type { Call, Handlers } from '../call.ts';
import { notFound, unsupportedQuery } from '../error.ts';
import { answerPage, requestedPage } from '../pages.ts';
import { pick } from '../resource-view.ts';

/** How many events an export reads at a time. */
const exportedAtOnce = 500;

/** https://learn.microsoft.com/graph/api/resources/directoryaudit */
export const directoryAuditHandlers = {
  listDirectoryAudits: async (call) => {
    const { orderBy, filter } = call.query;
    if (orderBy && !(orderBy.property === 'activityDateTime' && orderBy.descending)) {
      throw unsupportedQuery('Events come newest first: $orderby is activityDateTime desc or absent.');
    }
    const show = pick(directoryAudit, call.query.select);
    const { limit, after } = requestedPage(call);
    const position = after && { at: new Date(Number(after.key)), id: after.id };
    const events = await call.storage.read.audit.list(call.tenantId, auditQuery(filter), limit + 1, position);
    const items = events.slice(0, limit);
    const last = items.at(-1);
    const nextAfter = events.length > limit && last ? { key: String(last.at.getTime()), id: last.id } : undefined;
    const page = { items: items.map((event) => show(auditView(event))), ...(nextAfter && { nextAfter }) };
    return answerPage(call, 'auditLogs/directoryAudits', page);
  },
  exportDirectoryAudits: async (call) => ({ stream: lines(call) }),
  getDirectoryAudit: async (call) => {
    const [event] = await call.storage.read.audit.list(call.tenantId, { id: call.parameters.id }, 1);
    if (!event) throw notFound(call.parameters.id);
    return answerResource(call, directoryAudit, 'auditLogs/directoryAudits', auditView(event));
  },
} satisfies Handlers<typeof directoryAuditOperations>;

/** One event a line, read in parts, so that a log of any size takes the same memory. */
async function* lines(call: Call): AsyncGenerator<string> {
  const query = auditQuery(call.query.filter);
  let after: AuditPosition | undefined;
  while (true) {
    const events: AuditEvent[] = await call.storage.read.audit.list(call.tenantId, query, exportedAtOnce, after);
    if (events.length > 0) yield events.map((event) => `${JSON.stringify(auditView(event))}\n`).join('');
    after = events.at(-1);
    if (events.length < exportedAtOnce) return;
  }
}
