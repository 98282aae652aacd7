import { readAudits, readTraces } from '../access.ts';
import type { Operations } from '../operation.ts';
import { collection } from '../resources/property.ts';
import { signIn } from '../resources/sign-in.ts';
import { signInTrace } from '../resources/sign-in-trace.ts';

/** Who signed in, how, and what failed. https://learn.microsoft.com/graph/api/resources/signin */
export const signInOperations = {
  listSignIns: {
    method: 'GET',
    path: '/auditLogs/signIns',
    summary: 'Lists sign-ins and failed tries, the newest first.',
    access: readAudits,
    query: ['$select', '$filter', '$orderby', '$top', '$skiptoken'],
    response: collection(signIn.schema),
    status: 200,
  },
  exportSignIns: {
    method: 'GET',
    path: '/auditLogs/signIns/$export',
    summary: 'Writes out sign-ins and failed tries as JSON lines, the newest first.',
    access: readAudits,
    query: ['$filter'],
    contentType: 'application/x-ndjson',
    status: 200,
  },
  getSignIn: {
    method: 'GET',
    path: '/auditLogs/signIns/{id}',
    summary: 'Reads one event of the sign-in log.',
    access: readAudits,
    query: ['$select'],
    response: signIn.schema,
    status: 200,
  },
  getSignInTrace: {
    method: 'GET',
    path: '/auditLogs/signInTraces/{id}',
    summary: 'Shows what a sign-in by a federation protocol went through, by the reference that its page showed.',
    access: readTraces,
    query: ['$select'],
    response: signInTrace.schema,
    status: 200,
  },
} as const satisfies Operations;
