import {
  provisioningObjectSummary,
  synchronizationJob,
  type synchronizationOperations,
  synchronizationTemplate,
} from '@countersign/management-api';
import {
  approveRemovals,
  beginUndo,
  checkCycle,
  createJob,
  defaultDefinition,
  explainObject,
  getJob,
  type Job,
  type JobContext,
  type JobDefinition,
  type LogEntry,
  type LogQuery,
  pauseJob,
  planJob,
  planUndo,
  provisionOnDemand,
  removeJob,
  restartJob,
  setToken,
  startJob,
  undoCycle,
  updateJob,
} from '../../../provisioning/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Answer, Call, Handlers } from '../call.ts';
import { badRequest } from '../error.ts';
import { type FollowedLog, lastSeen, logEvents } from '../log-events.ts';
import { answerLogPage, logLines, type ShownLog } from '../log-pages.ts';
import { type Conditions, equalText, logQuery, timeConditions } from '../log-query.ts';
import { idOf } from '../object-id.ts';
import { servicePrincipalOf } from '../service-principal-of.ts';
import { jobView, mappingsFrom, provisioningView, schemaView } from '../synchronization-view.ts';

type JobCall = Call & { readonly parameters: { readonly id: string; readonly jobId: string } };
type Settings = Partial<JobDefinition['target'] & Omit<JobDefinition, 'target' | 'mappings'>>;

const path = 'servicePrincipals/synchronization/jobs';

const conditions: Conditions<LogQuery> = {
  ...timeConditions('activityDateTime'),
  'jobId eq': equalText('jobId'),
  'cycleId eq': equalText('cycleId'),
  'servicePrincipal/id eq': equalText('servicePrincipalId'),
  'sourceIdentity/id eq': equalText('sourceId'),
  'targetIdentity/id eq': equalText('targetId'),
  'sourceIdentity/displayName eq': equalText('sourceName'),
  'sourceIdentity/displayName contains': equalText('sourceNamePart'),
  'modifiedProperties/any displayName eq': equalText('changed'),
  'provisioningAction eq': equalText('action') as Conditions<LogQuery>[string],
  'provisioningStatusInfo/errorInformation/errorCode eq': equalText('problemCode'),
  'provisioningStatusInfo/status eq': equalText('status') as Conditions<LogQuery>[string],
};

type Shown = LogEntry & { tenantId: string };

const log: ShownLog<Shown> & FollowedLog<Shown> = {
  resource: provisioningObjectSummary,
  path: 'auditLogs/provisioning',
  time: 'activityDateTime',
  async list({ storage, tenantId, query }, limit, after) {
    const entries = await storage.read.provisioningLog.list(tenantId, wantedOf(query), limit, after);
    return entries.map((entry) => ({ ...entry, tenantId }));
  },
  async listSince({ storage, tenantId, query }, limit, after) {
    const entries = await storage.read.provisioningLog.listSince(tenantId, wantedOf(query), limit, after);
    return entries.map((entry) => ({ ...entry, tenantId }));
  },
  view: (entry) => provisioningView(entry, entry.tenantId),
};

const wantedOf = ({ filter }: Call['query']) => logQuery('provisioning log', conditions, filter);

/** https://learn.microsoft.com/graph/api/resources/synchronization-overview */
export const synchronizationHandlers = {
  listSynchronizationTemplates: async (call) => {
    await servicePrincipalOf(call);
    const description = 'Any SCIM 2.0 service provider (RFC 7644).';
    return answerResources(call, synchronizationTemplate, 'servicePrincipals/synchronization/templates', [
      { id: 'scim', default: true, description, factoryTag: 'scim' },
    ]);
  },
  listSynchronizationJobs: async (call) => {
    const jobs = await jobsOf(call);
    return answerResources(call, synchronizationJob, path, await Promise.all(jobs.map((job) => shown(call, job))));
  },
  createSynchronizationJob: async (call) => {
    const { id } = await servicePrincipalOf(call);
    const empty = { kind: 'scim', baseUrl: '', dialect: 'standard', timeoutSeconds: 30 } as const;
    const definition = withSettings({ ...defaultDefinition, target: empty }, call.body.settings);
    const target = call.openTarget(definition, undefined);
    const job = await call.storage.write((stores) => createJob(stores, call.act, id, definition, target));
    return answerResource(call, synchronizationJob, path, await shown(call, job));
  },
  getSynchronizationJob: async (call) =>
    answerResource(call, synchronizationJob, path, await shown(call, await jobOf(call))),
  updateSynchronizationJob: async (call) => {
    const job = await jobOf(call);
    const definition = withSettings(job.definition, call.body.settings);
    return answerResource(call, synchronizationJob, path, await shown(call, await change(call, job, definition)));
  },
  deleteSynchronizationJob: (call) => act(call, removeJob),
  startSynchronizationJob: (call) => act(call, startJob),
  pauseSynchronizationJob: (call) => act(call, pauseJob),
  restartSynchronizationJob: (call) => act(call, restartJob),
  approveSynchronizationRemovals: (call) => act(call, approveRemovals),
  validateSynchronizationCredentials: async (call) => {
    const { target, signal } = await contextOf(call, await jobOf(call));
    const answer = await target.test(signal);
    if (answer.kind !== 'done') throw badRequest(answer.detail);
    return {};
  },
  setSynchronizationSecrets: async (call) => {
    const given = new Map(call.body.value.map(({ key, value }) => [key, value]));
    const [baseUrl, token] = [given.get('BaseAddress'), given.get('SecretToken')];
    for (const job of await jobsOf(call)) {
      if (baseUrl !== undefined) await change(call, job, withSettings(job.definition, { baseUrl }));
      if (token === undefined) continue;
      await call.storage.write((stores) => setToken(stores, call.act, job, token === '' ? null : token));
    }
    return {};
  },
  getSynchronizationSchema: async (call) => ({ body: schemaView(await jobOf(call)) }),
  updateSynchronizationSchema: async (call) => {
    const job = await jobOf(call);
    await change(call, job, { ...job.definition, mappings: mappingsFrom(call.body) });
    return {};
  },
  provisionOnDemand: (call) => tell(call, provisionOnDemand),
  explainProvisioning: (call) => tell(call, explainObject),
  planProvisioning: async (call) => ({ stream: entryLines(call, planJob(await contextOf(call, await jobOf(call)))) }),
  planUndoOfCycle: async (call) => {
    const { cycleId } = call.parameters;
    const job = await jobOf(call);
    await checkCycle(call.storage.read, job, cycleId);
    return { stream: entryLines(call, planUndo(await contextOf(call, job), cycleId)) };
  },
  undoCycle: async (call) => {
    const { cycleId } = call.parameters;
    const job = await jobOf(call);
    await call.storage.write((stores) => beginUndo(stores, call.act, job, cycleId));
    return { stream: entryLines(call, undoCycle(await contextOf(call, job), cycleId)) };
  },
  listProvisioningLogs: (call) => answerLogPage(call, log),
  streamProvisioningLogs: async (call) => ({ stream: logEvents(call, log, lastSeen(call)) }),
  exportProvisioningLogs: async (call) => ({ stream: logLines(call, log) }),
} satisfies Handlers<typeof synchronizationOperations>;

async function jobsOf(call: Call & { parameters: { readonly id: string } }): Promise<Job[]> {
  const { id } = await servicePrincipalOf(call);
  return call.storage.read.provisioningJobs.list(call.tenantId, id);
}

async function jobOf(call: JobCall): Promise<Job> {
  const { id } = await servicePrincipalOf(call);
  return getJob(call.storage.read, call.tenantId, id, call.parameters.jobId);
}

async function shown(call: Call, job: Job) {
  return jobView(job, await call.storage.read.provisionedObjects.count(job.tenantId, job.id));
}

/** The definition with those settings that are given. */
function withSettings(definition: JobDefinition, given: object | undefined): JobDefinition {
  const { baseUrl, dialect, timeoutSeconds, ...settings } = (given ?? {}) as Settings;
  const ofTarget = Object.entries({ baseUrl: baseUrl?.replace(/\/+$/, ''), dialect, timeoutSeconds });
  const target = Object.fromEntries(ofTarget.filter(([, value]) => value !== undefined));
  return { ...definition, ...settings, target: { ...definition.target, ...target } };
}

function change(call: Call, job: Job, definition: JobDefinition): Promise<Job> {
  const target = call.openTarget(definition, undefined);
  return call.storage.write((stores) => updateJob(stores, call.act, job, definition, target));
}

async function act(
  call: JobCall,
  work: (stores: Parameters<typeof startJob>[0], act: Call['act'], job: Job) => Promise<unknown>,
): Promise<Answer> {
  const job = await jobOf(call);
  await call.storage.write((stores) => work(stores, call.act, job));
  return {};
}

async function contextOf({ storage, openTarget, now, newId }: Call, job: Job): Promise<JobContext> {
  const token = await storage.read.provisioningJobs.findToken(job.tenantId, job.id);
  const target = openTarget(job.definition, token);
  return { storage, job, target, signal: new AbortController().signal, now, newId };
}

async function tell(
  call: JobCall & { body: { parameters: { subjects: { objectId: string }[] }[] } },
  work: (context: JobContext, objectId: string) => Promise<LogEntry>,
): Promise<Answer> {
  const objectId = call.body.parameters[0]?.subjects[0]?.objectId ?? '';
  const entry = await work(await contextOf(call, await jobOf(call)), idOf(objectId));
  return answerResource(call, provisioningObjectSummary, log.path, provisioningView(entry, call.tenantId));
}

async function* entryLines(call: Call, entries: AsyncIterable<LogEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(provisioningView(entry, call.tenantId))}\n`;
}
