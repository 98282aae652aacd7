import { once } from 'node:events';
import { type Command, CommandError } from '../command.ts';
import { connect, connectionOptions, tenantOption } from '../connection.ts';

const options = {
  ...connectionOptions,
  ...tenantOption,
  filter: {
    type: 'string',
    meaning: "Microsoft Graph's $filter, such as correlationId eq '<reference that the page showed>'.",
  },
  type: {
    type: 'string',
    meaning:
      'interactiveUser, nonInteractiveUser (refresh tokens) or servicePrincipal (clients for themselves). Default: all.',
  },
} as const;

const list: Command = {
  name: 'sign-in list',
  meaning: 'Lists sign-ins and failed tries, the newest first.',
  options: { ...options, top: { type: 'string', value: 'number', meaning: 'Most events. Default: 50.' } },
  async run(call) {
    const { tenant, top } = call.values;
    const most = Number(text(top) ?? 50);
    if (!Number.isInteger(most) || most < 1) throw new CommandError('--top takes a whole number from 1.');
    const client = connect(call).clientOf(text(tenant));
    const $filter = filterOf(call.values);
    const first = client.listSignIns({ $top: Math.min(most, 999), ...($filter !== undefined && { $filter }) });
    const found = [];
    for await (const event of client.each(first)) {
      const { createdDateTime, userPrincipalName, appDisplayName, userFlowId, status, ipAddress, correlationId } =
        event;
      const outcome = status?.additionalDetails ?? 'success';
      const { signInEventTypes, signInCount, actingAppDisplayName } = event;
      const shown = { time: createdDateTime, user: userPrincipalName, application: appDisplayName, flow: userFlowId };
      found.push(
        call.output.isJson
          ? event
          : {
              ...shown,
              actor: actingAppDisplayName,
              outcome,
              type: signInEventTypes?.join(),
              count: signInCount,
              address: ipAddress,
              reference: correlationId,
            },
      );
      if (found.length === most) break;
    }
    call.output.result(found);
    return undefined;
  },
};

const exportLog: Command = {
  name: 'sign-in export',
  meaning: 'Writes out sign-ins and failed tries as JSON lines, the newest first.',
  options,
  async run(call) {
    const { tenant } = call.values;
    const $filter = filterOf(call.values);
    const client = connect(call).clientOf(text(tenant));
    const lines = await client.exportSignIns($filter === undefined ? {} : { $filter });
    if (!process.stdout.write(String(lines ?? ''))) await once(process.stdout, 'drain');
    return undefined;
  },
};

/** Both may be given. */
function filterOf({ filter, type }: Readonly<Record<string, unknown>>): string | undefined {
  const ofType = text(type) === undefined ? undefined : `signInEventTypes/any(t: t eq '${text(type)}')`;
  const parts = [text(filter), ofType].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' and ');
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export const signInCommands = [list, exportLog];
