import { z } from 'zod';
import { collection, dateTime, resource, text } from './property.ts';

/** What a job is, besides what is mapped; the rest of Microsoft Graph's job is told by its status. */
const settings = {
  /** Base URL of the SCIM endpoint. */
  baseUrl: z.string().max(2048),
  /** `standard` or `aws-identity-center`: what the endpoint does beyond the RFCs. */
  dialect: z.enum(['standard', 'aws-identity-center']),
  timeoutSeconds: z.int().min(1).max(300),
  scope: z.enum(['assigned', 'all']),
  /** More removals within an hour stop the job until they are approved; null: never. */
  deletionThreshold: z.int().min(1).nullable(),
  /** 0: changes are followed as they happen. */
  intervalMinutes: z.int().min(0).max(10_080),
  flattensGroups: z.boolean(),
  /** Most requests at once. */
  mostAtOnce: z.int().min(1).max(256),
  reconciliation: z.strictObject({ everyHours: z.number().min(1), repairs: z.boolean() }).nullable(),
};

export const synchronizationSettings = z.strictObject(settings).partial();

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationjob */
export const synchronizationJob = resource('microsoft.graph.synchronizationJob', {
  templateId: text,
  schedule: z.object({ state: z.string(), interval: z.string() }),
  status: z.looseObject({ code: z.string() }),
  settings: z.object(settings),
});

export const createSynchronizationJobRequest = z.strictObject({
  templateId: z.enum(['scim']),
  settings: synchronizationSettings.optional(),
});

export const updateSynchronizationJobRequest = z.strictObject({ settings: synchronizationSettings });

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationtemplate */
export const synchronizationTemplate = resource('microsoft.graph.synchronizationTemplate', {
  default: z.boolean(),
  description: text,
  factoryTag: text,
});

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationsecretkeystringvaluepair */
export const synchronizationSecrets = z.strictObject({
  value: z.array(z.strictObject({ key: z.enum(['BaseAddress', 'SecretToken']), value: z.string() })),
});

const clause = z.object({
  operatorName: z.enum([
    'EQUALS',
    'NOT EQUALS',
    'IS TRUE',
    'IS FALSE',
    'IS NULL',
    'IS NOT NULL',
    'REGEX MATCH',
    'NOT REGEX MATCH',
    'INCLUDES',
    'GREATER THAN',
    'GREATER THAN OR EQUALS',
  ]),
  sourceOperandName: z.string(),
  targetOperand: z.object({ values: z.array(z.string()) }).optional(),
});

const removal = z.enum(['disable', 'delete', 'leave']);

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationschema */
const objectMapping = z.object({
  enabled: z.boolean().default(true),
  /** Of Add, Update, Delete, joined by commas. */
  flowTypes: z.string().default('Add,Update,Delete'),
  sourceObjectName: z.enum(['User', 'Group']),
  targetObjectName: z.enum(['User', 'Group']),
  scope: z.object({ groups: z.array(z.object({ clauses: z.array(clause) })) }).nullish(),
  whenOutOfScope: removal.optional(),
  whenDeleted: removal.optional(),
  attributeMappings: z.array(
    z.object({
      defaultValue: z.string().nullish(),
      flowType: z.enum(['Always', 'ObjectAddOnly']).default('Always'),
      /** 0: not for matching. */
      matchingPriority: z.int().min(0).default(0),
      targetAttributeName: z.string(),
      source: z.object({ expression: z.string(), type: z.enum(['Attribute', 'Constant', 'Function']).optional() }),
    }),
  ),
});

export const synchronizationSchema = z.object({
  id: z.string().optional(),
  synchronizationRules: z.array(z.object({ objectMappings: z.array(objectMapping) })).length(1),
});

/** Names one object for provisioning on demand and explanations. */
export const provisionOnDemandRequest = z.strictObject({
  parameters: z
    .array(
      z.strictObject({
        ruleId: z.string().optional(),
        subjects: z
          .array(z.strictObject({ objectId: z.string(), objectTypeName: z.enum(['User', 'Group']).optional() }))
          .length(1),
      }),
    )
    .length(1),
});

const identity = z.object({ id: text, displayName: text, identityType: z.string() });

/** https://learn.microsoft.com/graph/api/resources/provisioningobjectsummary */
export const provisioningObjectSummary = resource('microsoft.graph.provisioningObjectSummary', {
  activityDateTime: dateTime,
  changeId: text,
  cycleId: text,
  durationInMilliseconds: z.int(),
  jobId: text,
  tenantId: text,
  provisioningAction: z.enum(['create', 'update', 'disable', 'delete', 'other']),
  provisioningStatusInfo: z.object({
    status: z.enum(['success', 'skipped', 'failure', 'warning']),
    errorInformation: z.object({ errorCode: z.string(), reason: z.string(), recommendedAction: z.string() }).nullable(),
  }),
  provisioningSteps: z.array(
    z.object({
      name: z.string(),
      provisioningStepType: z.string(),
      status: z.enum(['success', 'skipped', 'failure']),
      description: z.string(),
    }),
  ),
  modifiedProperties: z.array(z.object({ displayName: z.string(), oldValue: text, newValue: text })),
  servicePrincipal: z.object({ id: z.string() }),
  sourceIdentity: identity,
  targetIdentity: identity,
});

export const provisioningObjectSummaries = collection(provisioningObjectSummary.schema);
