import type { AttributeMapping, Job, JobDefinition, LogEntry, ObjectMapping } from '../../provisioning/index.ts';
import type { Shown } from './resource-view.ts';

/** A job in the form of Microsoft Graph. */
export function jobView(job: Job, counts: object | undefined): Shown {
  const { target, mappings, ...settings } = job.definition;
  const { baseUrl, dialect, timeoutSeconds } = target;
  const isRunning = job.control.wanted === 'running';
  return {
    id: job.id,
    templateId: target.kind,
    schedule: { state: isRunning ? 'Active' : 'Disabled', interval: `PT${settings.intervalMinutes}M` },
    status: { ...statusOf(job), ...(counts && { objects: counts }) },
    settings: { baseUrl, dialect, timeoutSeconds, ...settings },
  };
}

function statusOf({ control, progress }: Job) {
  const { quarantine, cycle, lastCycle, lastSuccessfulCycle, phase } = progress;
  return {
    code: codeOf(control, progress),
    phase,
    quarantine: quarantine && {
      reason: quarantine.reason,
      error: { code: quarantine.reason, message: quarantine.detail },
      currentBegan: quarantine.since,
      nextAttempt: quarantine.reason === 'too_many_removals' ? null : quarantine.nextProbeAt,
      seriesCount: quarantine.probes,
    },
    currentExecution: cycle,
    lastExecution: lastCycle,
    lastSuccessfulExecution: lastSuccessfulCycle,
    steadyStateFirstAchievedTime: progress.firstSteadyAt,
    steadyStateLastAchievedTime: progress.lastSteadyAt,
  };
}

/** https://learn.microsoft.com/graph/api/resources/synchronization-synchronizationstatus */
function codeOf({ wanted, restarts }: Job['control'], progress: Job['progress']): string {
  const { quarantine, cycle, phase } = progress;
  if (wanted === 'paused') return phase === 'new' ? 'NotConfigured' : 'Paused';
  if (restarts !== progress.restarts) return 'InProgress';
  if (quarantine) return 'Quarantine';
  return cycle || phase !== 'incremental' ? 'InProgress' : 'Active';
}

/** What a job maps in the form of Microsoft Graph. */
export function schemaView({ id, definition }: Job): Shown {
  return { id, synchronizationRules: [{ objectMappings: definition.mappings.map(mappingView) }] };
}

interface SchemaBody {
  synchronizationRules: { objectMappings: MappingBody[] }[];
}

interface MappingBody {
  enabled: boolean;
  flowTypes: string;
  sourceObjectName: 'User' | 'Group';
  targetObjectName: string;
  scope?:
    | {
        groups: {
          clauses: {
            operatorName: ObjectMapping['scope'][number][number]['operator'];
            sourceOperandName: string;
            targetOperand?: { values: string[] } | undefined;
          }[];
        }[];
      }
    | null
    | undefined;
  whenOutOfScope?: ObjectMapping['whenOutOfScope'] | undefined;
  whenDeleted?: ObjectMapping['whenDeleted'] | undefined;
  attributeMappings: {
    defaultValue?: string | null | undefined;
    flowType: 'Always' | 'ObjectAddOnly';
    matchingPriority: number;
    targetAttributeName: string;
    source: { expression: string };
  }[];
}

const flows = { create: 'Add', update: 'Update', delete: 'Delete' } as const;
const kinds = { user: 'User', group: 'Group' } as const;

function mappingView(mapping: ObjectMapping) {
  const allowed = (['create', 'update', 'delete'] as const).filter((name) => mapping.flow[name]);
  return {
    enabled: mapping.isEnabled,
    flowTypes: allowed.map((name) => flows[name]).join(','),
    sourceObjectName: kinds[mapping.source],
    targetObjectName: mapping.target,
    scope: {
      groups: mapping.scope.map((clauses) => ({
        clauses: clauses.map(({ attribute, operator, values }) => ({
          operatorName: operator,
          sourceOperandName: attribute,
          targetOperand: { values },
        })),
      })),
    },
    whenOutOfScope: mapping.whenOutOfScope,
    whenDeleted: mapping.whenDeleted,
    attributeMappings: mapping.attributes.map(attributeView),
  };
}

function attributeView({ target, source, defaultValue, apply, matchingPriority }: AttributeMapping) {
  const type = /^\[[^[\]]+\]$/.test(source) ? 'Attribute' : source.startsWith('"') ? 'Constant' : 'Function';
  return {
    defaultValue: defaultValue ?? null,
    flowType: apply === 'always' ? 'Always' : 'ObjectAddOnly',
    matchingPriority: matchingPriority ?? 0,
    targetAttributeName: target,
    source: { expression: source, type },
  };
}

/** The mappings that a body in the form of Microsoft Graph means. */
export function mappingsFrom({ synchronizationRules }: SchemaBody): JobDefinition['mappings'] {
  return synchronizationRules.flatMap(({ objectMappings }) => objectMappings.map(mappingFrom));
}

function mappingFrom(body: MappingBody): ObjectMapping {
  const source = body.sourceObjectName === 'User' ? 'user' : 'group';
  const allowed = new Set(body.flowTypes.split(',').map((name) => name.trim()));
  const removal = source === 'user' ? 'disable' : 'delete';
  return {
    source,
    target: body.targetObjectName,
    isEnabled: body.enabled,
    flow: { create: allowed.has('Add'), update: allowed.has('Update'), delete: allowed.has('Delete') },
    scope: (body.scope?.groups ?? []).map(({ clauses }) =>
      clauses.map(({ operatorName, sourceOperandName, targetOperand }) => ({
        attribute: sourceOperandName,
        operator: operatorName,
        values: targetOperand?.values ?? [],
      })),
    ),
    whenOutOfScope: body.whenOutOfScope ?? removal,
    whenDeleted: body.whenDeleted ?? removal,
    attributes: body.attributeMappings.map((attribute) => ({
      target: attribute.targetAttributeName,
      source: attribute.source.expression,
      apply: attribute.flowType === 'Always' ? 'always' : 'onCreate',
      ...(attribute.defaultValue == null ? {} : { defaultValue: attribute.defaultValue }),
      ...(attribute.matchingPriority === 0 ? {} : { matchingPriority: attribute.matchingPriority }),
    })),
  };
}

/** The types of steps by their names in Microsoft Graph. */
const stepTypes = {
  read: 'import',
  scope: 'scoping',
  match: 'matching',
  map: 'processing',
  compare: 'referenceResolution',
  act: 'export',
} as const;

/** An entry of the log in the form of Microsoft Graph. */
export function provisioningView(entry: LogEntry, tenantId: string): Shown {
  const { problem, source, target } = entry;
  return {
    id: entry.id,
    activityDateTime: entry.at.toISOString(),
    changeId: entry.id,
    cycleId: entry.cycleId,
    durationInMilliseconds: entry.durationMilliseconds,
    jobId: entry.jobId,
    tenantId,
    provisioningAction: entry.action,
    provisioningStatusInfo: {
      status: entry.status,
      errorInformation: problem && {
        errorCode: problem.code,
        reason: problem.detail,
        recommendedAction: problem.advice,
      },
    },
    provisioningSteps: entry.steps.map(({ name, status, detail }) => ({
      name,
      provisioningStepType: stepTypes[name],
      status,
      description: detail,
    })),
    modifiedProperties: entry.changes.map(({ name, before, after }) => ({
      displayName: name,
      oldValue: shown(before),
      newValue: shown(after),
    })),
    servicePrincipal: { id: entry.servicePrincipalId },
    sourceIdentity: { id: source.id, displayName: source.name, identityType: kinds[source.kind] },
    targetIdentity: { id: target.id, displayName: null, identityType: target.type },
  };
}

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
