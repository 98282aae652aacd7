import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@countersign/management-api';
import { type Command, type CommandCall, CommandError, textOption, UsageError } from '../command.ts';
import { confirm } from '../confirm.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { table } from '../output.ts';

const options = { ...connectionOptions, ...tenantOption };
const tokenVariable = 'COUNTERSIGN_CLI_TARGET_TOKEN';
/** Pause between two looks at a job that is watched, in milliseconds. */
const watchEvery = 1_000;

const connect: Command = {
  name: 'provisioning connect',
  meaning: `Connects an application to the SCIM endpoint of its system, and tests that. The token comes from ${tokenVariable}.`,
  positionals: ['application', 'url'],
  options: {
    ...options,
    scope: { type: 'string', value: 'name', meaning: 'assigned or all: which users and groups. Default: assigned.' },
    dialect: { type: 'string', value: 'name', meaning: 'standard or aws-identity-center. Default: standard.' },
  },
  async run(call) {
    const { client, id } = await findApplication(call);
    const [, baseUrl = ''] = call.positionals;
    const [scope, dialect] = [textOption(call.values, 'scope'), textOption(call.values, 'dialect')];
    const settings = { baseUrl, ...(scope && { scope }), ...(dialect && { dialect }) } as Settings;
    const present = (await client.listSynchronizationJobs({ id })).value[0];
    const job = present
      ? await client.updateSynchronizationJob({ id, jobId: present.id, body: { settings } })
      : await client.createSynchronizationJob({ id, body: { templateId: 'scim', settings } });
    const token = call.environment[tokenVariable];
    if (token !== undefined) {
      await client.setSynchronizationSecrets({ id, body: { value: [{ key: 'SecretToken', value: token }] } });
    }
    await client.validateSynchronizationCredentials({ id, jobId: job.id });
    return showStatus(call, client, id, job.id);
  },
};

const status: Command = {
  name: 'provisioning status',
  meaning: 'Shows how far the provisioning of an application is, and what keeps it.',
  positionals: ['application'],
  options,
  async run(call) {
    const { client, id, jobId } = await findJob(call);
    return showStatus(call, client, id, jobId);
  },
};

const start: Command = {
  name: 'provisioning start',
  meaning: 'Lets the provisioning of an application run, from where it was.',
  positionals: ['application'],
  options: { ...options, wait: { type: 'boolean', meaning: 'Show the progress until the target is in step.' } },
  async run(call) {
    const { client, id, jobId } = await findJob(call);
    await client.startSynchronizationJob({ id, jobId });
    if (call.values['wait'] === true) await watch(call, client, id, jobId);
    return showStatus(call, client, id, jobId);
  },
};

/** A command that does one thing to the job and shows how it is then. */
function acting(
  name: string,
  meaning: string,
  act: (client: Client, parameters: { id: string; jobId: string }) => Promise<unknown>,
): Command {
  return {
    name: `provisioning ${name}`,
    meaning,
    positionals: ['application'],
    options,
    async run(call) {
      const { client, id, jobId } = await findJob(call);
      await act(client, { id, jobId });
      return showStatus(call, client, id, jobId);
    },
  };
}

const pause = acting('pause', 'Stops the provisioning of an application at once.', (client, parameters) =>
  client.pauseSynchronizationJob(parameters),
);
const restart = acting('restart', 'Begins anew and compares everything with the target.', (client, parameters) =>
  client.restartSynchronizationJob(parameters),
);
const approve = acting('approve', 'Approves the removals at which a job stopped.', (client, parameters) =>
  client.approveSynchronizationRemovals(parameters),
);

const plan: Command = {
  name: 'provisioning plan',
  meaning: 'Shows what would change in the target, without writing. With --json, every property before and after.',
  positionals: ['application'],
  options,
  async run(call) {
    const { client, id, jobId } = await findJob(call);
    call.output.result(summariesOf(await client.planProvisioning({ id, jobId })), changeColumns);
    return undefined;
  },
};

const undo: Command = {
  name: 'provisioning undo',
  meaning: 'Takes back in the target what a cycle of a paused job changed: the last one, unless another is named.',
  positionals: ['application', 'cycle?'],
  options: {
    ...options,
    plan: { type: 'boolean', meaning: 'Only show what would be taken back.' },
    yes: { type: 'boolean', meaning: 'Do not ask.' },
  },
  async run(call) {
    const { client, id, jobId } = await findJob(call);
    const cycleId = call.positionals[1] ?? (await statusOf(client, id, jobId)).lastExecution?.id;
    if (cycleId === undefined) throw new CommandError('The job has not finished a cycle yet.');
    const show = (lines: unknown) => call.output.result(summariesOf(lines), changeColumns);
    if (call.values['plan'] === true) {
      show(await client.planUndoOfCycle({ id, jobId, cycleId }));
      return undefined;
    }
    if (call.values['yes'] !== true) {
      const planned = summariesOf(await client.planUndoOfCycle({ id, jobId, cycleId }));
      call.output.note(table(planned, changeColumns));
      if (!(await confirm('Take this back?'))) throw new CommandError('Nothing was changed.');
    }
    show(await client.undoCycle({ id, jobId, cycleId }));
    return undefined;
  },
};

const log: Command = {
  name: 'provisioning log',
  meaning: 'Writes out as JSON lines what provisioning did, the newest first; with --follow what it does from now on.',
  options: {
    ...options,
    name: { type: 'string', value: 'text', meaning: 'Only of the user or group with this name.' },
    status: { type: 'string', value: 'name', meaning: 'Only success, failure, warning or skipped.' },
    error: { type: 'string', value: 'code', meaning: 'Only with this error code, such as conflict.' },
    property: { type: 'string', value: 'name', meaning: 'Only where this property was changed.' },
    since: { type: 'string', value: 'time', meaning: 'Only from this time on, such as 2026-11-22T08:00Z.' },
    until: { type: 'string', value: 'time', meaning: 'Only before this time.' },
    filter: { type: 'string', meaning: "Microsoft Graph's $filter, for everything else." },
    follow: { type: 'boolean', meaning: 'Go on until the command is stopped.' },
  },
  async run(call) {
    const client = connectToTenant(call);
    const $filter = logFilter(call.values);
    const query = $filter === '' ? {} : { $filter };
    if (call.values['follow'] === true) await follow(client, query);
    else await print(String((await client.exportProvisioningLogs(query)) ?? ''));
    return undefined;
  },
};

/** What each option of the log becomes in $filter. */
const logConditions: Readonly<Record<string, (value: string) => string>> = {
  name: (value) => `sourceIdentity/displayName eq ${quoted(value)}`,
  status: (value) => `provisioningStatusInfo/status eq ${quoted(value)}`,
  error: (value) => `provisioningStatusInfo/errorInformation/errorCode eq ${quoted(value)}`,
  property: (value) => `modifiedProperties/any(property: property/displayName eq ${quoted(value)})`,
  since: (value) => `activityDateTime ge ${timeOf(value)}`,
  until: (value) => `activityDateTime lt ${timeOf(value)}`,
  filter: (value) => value,
};

function logFilter(values: CommandCall['values']): string {
  return Object.entries(logConditions)
    .flatMap(([option, condition]) => {
      const value = textOption(values, option);
      return value === undefined ? [] : [condition(value)];
    })
    .join(' and ');
}

function timeOf(value: string): string {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) throw new UsageError(`${value} is no time.`);
  return time.toISOString();
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Prints each event once, and resumes the stream whenever the hub ends it. */
async function follow(client: Client, query: { $filter?: string }): Promise<void> {
  for (let last: string | undefined, shown = new Set<string>(); ; ) {
    const again = new Set<string>();
    const place = last === undefined ? {} : { lastEventId: last };
    for await (const { id, data } of await client.streamProvisioningLogs({ ...query, ...place })) {
      if (!shown.has(id)) await print(`${data}\n`);
      again.add(id);
      last = id;
    }
    shown = again;
    await sleep(watchEvery);
  }
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** A command about one user or group of the directory. */
function aboutOne(name: string, meaning: string, ask: 'explainProvisioning' | 'provisionOnDemand'): Command {
  return {
    name: `provisioning ${name}`,
    meaning,
    positionals: ['application', 'object'],
    options,
    async run(call) {
      const { client, id, jobId } = await findJob(call);
      const subjects = [{ objectId: await findObject(client, call.positionals[1] ?? '') }];
      const told = await client[ask]({ id, jobId, body: { parameters: [{ subjects }] } });
      const steps = (told.provisioningSteps ?? []).map((step) => ({ ...step }));
      call.output.result(
        [
          ...steps,
          ...(told.modifiedProperties ?? []).map(({ displayName, oldValue, newValue }) => ({
            name: displayName,
            status: told.provisioningAction,
            description: `${oldValue ?? '-'} -> ${newValue ?? '-'}`,
          })),
        ],
        ['name', 'status', 'description'],
      );
      return undefined;
    },
  };
}

const explain = aboutOne('explain', 'Tells why a user or group is in the target or not.', 'explainProvisioning');
const provision = aboutOne('provision', 'Provisions one user or group now.', 'provisionOnDemand');

type Settings = NonNullable<Parameters<Client['createSynchronizationJob']>[0]['body']['settings']>;

async function findApplication(call: CommandCall): Promise<{ client: Client; id: string }> {
  const client = connectToTenant(call);
  const [name = ''] = call.positionals;
  if (name === '') throw new UsageError('Which application?');
  const $filter = `displayName eq ${quoted(name)}`;
  const [found] = (await client.listServicePrincipals({ $filter })).value;
  if (!found) throw new CommandError(`There is no application ${name}. \`countersign app list\` shows all.`);
  return { client, id: found.id };
}

async function findJob(call: CommandCall): Promise<{ client: Client; id: string; jobId: string }> {
  const { client, id } = await findApplication(call);
  const [job] = (await client.listSynchronizationJobs({ id })).value;
  if (!job) throw new CommandError('The application is not connected: use `countersign provisioning connect`.');
  return { client, id, jobId: job.id };
}

/** A user by user principal name or id, or a group by name. */
async function findObject(client: Client, name: string): Promise<string> {
  if (/^[0-9a-f-]{36}$/i.test(name)) return name;
  if (name.includes('@')) return (await client.getUser({ id: name })).id;
  const [group] = (await client.listGroups({ $filter: `displayName eq ${quoted(name)}` })).value;
  if (!group) throw new CommandError(`There is no group ${name}. Users are named by their user principal names.`);
  return group.id;
}

interface JobStatus {
  code: string;
  phase?: string;
  quarantine?: { error?: { message?: string } } | null;
  objects?: Record<string, number>;
  lastExecution?: { id: string; counts?: object; endedAt?: string } | null;
}

async function statusOf(client: Client, id: string, jobId: string): Promise<JobStatus> {
  return (await client.getSynchronizationJob({ id, jobId })).status as JobStatus;
}

async function showStatus(call: CommandCall, client: Client, id: string, jobId: string): Promise<undefined> {
  const { code, quarantine, objects, lastExecution } = await statusOf(client, id, jobId);
  const reason = quarantine?.error?.message;
  call.output.result({
    status: code,
    ...(reason !== undefined && { reason }),
    ...objects,
    ...(lastExecution && { cycle: lastExecution.id, endedAt: lastExecution.endedAt, ...lastExecution.counts }),
  });
}

/** Draws a bar until nothing is due, or the job needs somebody. */
async function watch(call: CommandCall, client: Client, id: string, jobId: string): Promise<void> {
  for (;;) {
    const { code, phase, objects = {} } = await statusOf(client, id, jobId);
    const done = (objects['active'] ?? 0) + (objects['removed'] ?? 0);
    const all = done + (objects['due'] ?? 0);
    const filled = all === 0 ? 0 : Math.floor((20 * done) / all);
    call.output.progress(`[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}] ${done} of ${all}`);
    if (code === 'Quarantine' || (code === 'Active' && phase === 'incremental')) return;
    await sleep(watchEvery);
  }
}

interface Planned {
  provisioningAction: string;
  sourceIdentity: { displayName: string; identityType: string };
  targetIdentity: { id: string | null };
  modifiedProperties: { displayName: string; oldValue: string | null; newValue: string | null }[];
  provisioningStatusInfo: { errorInformation: { reason: string } | null };
}

const changeColumns = ['action', 'kind', 'name', 'target', 'changes', 'problem'] as const;

/** What a table shows of JSON lines that each tell of one object. */
function summariesOf(lines: unknown) {
  return String(lines)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => summaryOf(JSON.parse(line)));
}

function summaryOf(planned: Planned) {
  return {
    action: planned.provisioningAction,
    kind: planned.sourceIdentity.identityType,
    name: planned.sourceIdentity.displayName,
    target: planned.targetIdentity.id,
    changes: planned.modifiedProperties.map(changeShown).join(', '),
    problem: planned.provisioningStatusInfo.errorInformation?.reason ?? null,
    modifiedProperties: planned.modifiedProperties,
  };
}

/** Members that a table names of one change. */
const mostNamed = 5;

/** What a table says of a change: of members who they are, of everything else its name without a schema. */
function changeShown({ displayName, oldValue, newValue }: Planned['modifiedProperties'][number]): string {
  const members: unknown = displayName === 'members' ? JSON.parse(newValue ?? oldValue ?? '[]') : undefined;
  if (!Array.isArray(members) || !members.every((member) => typeof member === 'string')) {
    return displayName.replace(/^urn:.*:/i, '');
  }
  const more = members.length > mostNamed ? ` and ${members.length - mostNamed} more` : '';
  return `members ${newValue === null ? 'without' : 'with'} ${members.slice(0, mostNamed).join(', ')}${more}`;
}

export const provisioningCommands = [
  connect,
  plan,
  start,
  status,
  pause,
  restart,
  approve,
  explain,
  provision,
  undo,
  log,
];
