import { writeFileSync } from 'node:fs';
import { exportTenant, printTenantFile } from '@countersign/management-api/tenant-file';
import type { Command } from '../command.ts';
import { connect, connectionOptions } from '../connection.ts';

export const exportCommand: Command = {
  name: 'export',
  meaning:
    'Writes a tenant as a YAML file that `apply` reads back to an empty plan. Passwords and secrets are not in it.',
  positionals: ['tenant'],
  options: {
    ...connectionOptions,
    out: { type: 'string', short: 'o', value: 'file', meaning: 'Where to write. Default: standard output.' },
  },

  async run(call) {
    const [tenant = ''] = call.positionals;
    const { baseUrl, clientOf } = connect(call);
    const file = await exportTenant({ baseUrl, hubClient: clientOf(), client: clientOf(tenant) }, tenant);
    const text = printTenantFile(file);
    const { out } = call.values;
    if (typeof out === 'string') writeFileSync(out, text);
    else process.stdout.write(text);
    return undefined;
  },
};
