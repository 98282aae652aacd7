import { once } from 'node:events';
import type { Command } from '../command.ts';
import { connect, connectionOptions, tenantOption } from '../connection.ts';

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
    const { tenant, filter } = call.values;
    const client = connect(call).clientOf(typeof tenant === 'string' ? tenant : undefined);
    const lines = await client.exportDirectoryAudits(typeof filter === 'string' ? { $filter: filter } : {});
    if (!process.stdout.write(String(lines))) await once(process.stdout, 'drain');
    return undefined;
  },
};
