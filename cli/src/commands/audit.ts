import { once } from 'node:events';
import { type Command, textOption } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';

export const auditExport: Command = {
  name: 'audit export',
  meaning: 'Writes out what was done in a tenant as JSON lines, the newest first.',
  options: {
    ...connectionOptions,
    ...tenantOption,
    filter: {
      type: 'string',
      meaning: "Microsoft Graph's $filter, such as activityDateTime ge 2026-01-01T00:00:00Z.",
    },
  },
  async run(call) {
    const $filter = textOption(call.values, 'filter');
    const lines = await connectToTenant(call).exportDirectoryAudits($filter === undefined ? {} : { $filter });
    if (!process.stdout.write(String(lines ?? ''))) await once(process.stdout, 'drain');
    return undefined;
  },
};
