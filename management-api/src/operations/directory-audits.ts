import { readAudits } from '../access.ts';
import type { Operations } from '../operation.ts';
import { directoryAudit } from '../resources/directory-audit.ts';
import { collection } from '../resources/property.ts';

/** What happened in the tenant. https://learn.microsoft.com/graph/api/resources/directoryaudit */
export const directoryAuditOperations = {
  listDirectoryAudits: {
    method: 'GET',
    path: '/auditLogs/directoryAudits',
    summary: 'Lists what was done in the tenant, the newest first.',
    access: readAudits,
    query: ['$select', '$filter', '$orderby', '$top', '$skiptoken'],
    response: collection(directoryAudit.schema),
    status: 200,
  },
  exportDirectoryAudits: {
    method: 'GET',
    path: '/auditLogs/directoryAudits/$export',
    summary: 'Writes out what was done in the tenant as JSON lines, the newest first.',
    access: readAudits,
    query: ['$filter'],
    contentType: 'application/x-ndjson',
    status: 200,
  },
  getDirectoryAudit: {
    method: 'GET',
    path: '/auditLogs/directoryAudits/{id}',
    summary: 'Reads one event.',
    access: readAudits,
    query: ['$select'],
    response: directoryAudit.schema,
    status: 200,
  },
} as const satisfies Operations;
