import { access, readAudits } from '../access.ts';
import type { Operation, Operations } from '../operation.ts';
import { deleting } from '../operation-forms.ts';
import { collection } from '../resources/property.ts';
import {
  createSynchronizationJobRequest,
  provisioningObjectSummaries,
  provisioningObjectSummary,
  provisionOnDemandRequest,
  synchronizationJob,
  synchronizationSchema,
  synchronizationSecrets,
  synchronizationTemplate,
  updateSynchronizationJobRequest,
} from '../resources/synchronization.ts';

const administrators = ['Application Administrator', 'Cloud Application Administrator'] as const;
const readJobs = access(
  ['Synchronization.Read.All', 'Synchronization.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'],
  [...administrators, 'Global Reader'],
);
const writeJobs = access(['Synchronization.ReadWrite.All', 'Directory.ReadWrite.All'], administrators);

const base = '/servicePrincipals/{id}/synchronization';
const job = `${base}/jobs/{jobId}` as const;

const acting = { method: 'POST', access: writeJobs, status: 204 } as const satisfies Partial<Operation>;

/** Provisioning of other systems. https://learn.microsoft.com/graph/api/resources/synchronization-overview */
export const synchronizationOperations = {
  listSynchronizationTemplates: {
    method: 'GET',
    path: `${base}/templates`,
    summary: 'Lists the kinds of targets that there are.',
    access: readJobs,
    response: collection(synchronizationTemplate.schema),
    status: 200,
  },
  listSynchronizationJobs: {
    method: 'GET',
    path: `${base}/jobs`,
    summary: 'Lists the provisioning jobs of an application, with their status.',
    access: readJobs,
    response: collection(synchronizationJob.schema),
    status: 200,
  },
  createSynchronizationJob: {
    method: 'POST',
    path: `${base}/jobs`,
    summary: 'Makes a provisioning job. It waits until it is started.',
    access: writeJobs,
    request: createSynchronizationJobRequest,
    response: synchronizationJob.schema,
    status: 201,
  },
  getSynchronizationJob: {
    method: 'GET',
    path: job,
    summary: 'Reads a provisioning job with its status.',
    access: readJobs,
    response: synchronizationJob.schema,
    status: 200,
  },
  updateSynchronizationJob: {
    method: 'PATCH',
    path: job,
    summary: 'Changes the settings of a provisioning job.',
    access: writeJobs,
    request: updateSynchronizationJobRequest,
    response: synchronizationJob.schema,
    status: 200,
  },
  deleteSynchronizationJob: {
    ...deleting,
    path: job,
    summary: 'Removes a provisioning job. The target keeps what it has.',
    access: writeJobs,
  },
  startSynchronizationJob: { ...acting, path: `${job}/start`, summary: 'Lets a job run, from where it was.' },
  pauseSynchronizationJob: { ...acting, path: `${job}/pause`, summary: 'Stops a job at once.' },
  restartSynchronizationJob: {
    ...acting,
    path: `${job}/restart`,
    summary: 'Lets a job begin anew: out of quarantine, everything compared with the target.',
  },
  approveSynchronizationRemovals: {
    ...acting,
    path: `${job}/approveRemovals`,
    summary: 'Approves the removals at which a job stopped because they are many.',
  },
  validateSynchronizationCredentials: {
    ...acting,
    path: `${job}/validateCredentials`,
    summary: 'Tests the connection of a job: address and token.',
  },
  setSynchronizationSecrets: {
    method: 'PUT',
    path: `${base}/secrets`,
    summary: 'Gives the jobs of an application address and token of their target.',
    access: writeJobs,
    request: synchronizationSecrets,
    status: 204,
  },
  getSynchronizationSchema: {
    method: 'GET',
    path: `${job}/schema`,
    summary: 'Reads what a job maps, and which objects are in scope.',
    access: readJobs,
    response: synchronizationSchema,
    status: 200,
  },
  updateSynchronizationSchema: {
    method: 'PUT',
    path: `${job}/schema`,
    summary: 'Replaces what a job maps. A job that runs begins anew with it.',
    access: writeJobs,
    request: synchronizationSchema,
    status: 204,
  },
  provisionOnDemand: {
    method: 'POST',
    path: `${job}/provisionOnDemand`,
    summary: 'Provisions one user or group now, and tells each step.',
    access: writeJobs,
    request: provisionOnDemandRequest,
    response: provisioningObjectSummary.schema,
    status: 200,
  },
  explainProvisioning: {
    method: 'POST',
    path: `${job}/explain`,
    summary: 'Tells why a user or group is in the target or not: the steps of provisioning, without the act.',
    access: readJobs,
    request: provisionOnDemandRequest,
    response: provisioningObjectSummary.schema,
    status: 200,
  },
  planProvisioning: {
    method: 'GET',
    path: `${job}/plan`,
    summary: 'Tells as JSON lines what the job would change in the target, without writing.',
    access: readJobs,
    contentType: 'application/x-ndjson',
    status: 200,
  },
  planUndoOfCycle: {
    method: 'GET',
    path: `${job}/cycles/{cycleId}/undo`,
    summary: 'Tells as JSON lines what taking back a cycle would change in the target, without writing.',
    access: readJobs,
    contentType: 'application/x-ndjson',
    status: 200,
  },
  undoCycle: {
    method: 'POST',
    path: `${job}/cycles/{cycleId}/undo`,
    summary: 'Takes back in the target what a cycle of a paused job changed, and tells of it as JSON lines.',
    access: writeJobs,
    contentType: 'application/x-ndjson',
    status: 200,
  },
  listProvisioningLogs: {
    method: 'GET',
    path: '/auditLogs/provisioning',
    summary: 'Lists what provisioning did to which object, the newest first.',
    access: readAudits,
    query: ['$select', '$filter', '$orderby', '$top', '$skiptoken'],
    response: provisioningObjectSummaries,
    status: 200,
  },
  streamProvisioningLogs: {
    method: 'GET',
    path: '/auditLogs/provisioning/$stream',
    summary: 'Sends what provisioning does as server-sent events, from now on or after the event in Last-Event-ID.',
    access: readAudits,
    query: ['$filter'],
    contentType: 'text/event-stream',
    status: 200,
  },
  exportProvisioningLogs: {
    method: 'GET',
    path: '/auditLogs/provisioning/$export',
    summary: 'Writes out what provisioning did as JSON lines, the newest first.',
    access: readAudits,
    query: ['$filter'],
    contentType: 'application/x-ndjson',
    status: 200,
  },
} as const satisfies Operations;
