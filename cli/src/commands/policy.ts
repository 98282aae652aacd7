import type { Client } from '@countersign/management-api';
import type { Command } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { readSettings } from '../read-settings.ts';

type Body = Parameters<Client['updateAuthorizationPolicy']>[0]['body'];

/** Shows and changes what users may do themselves. */
export const policyAuthorization: Command = {
  name: 'policy authorization',
  meaning: 'Shows what users may do without being administrators, after changing what --set says.',
  options: {
    ...connectionOptions,
    ...tenantOption,
    set: {
      type: 'string',
      multiple: true,
      value: 'name=value',
      meaning: 'allowedToCreateApps=true, or permissionGrantPoliciesAssigned=[] to let only administrators consent.',
    },
  },
  async run(call) {
    const client = connectToTenant(call);
    const settings = readSettings(call.values['set']);
    const body = { defaultUserRolePermissions: settings } as Body;
    if (Object.keys(settings).length > 0) await client.updateAuthorizationPolicy({ body });
    const { defaultUserRolePermissions: shown = {} } = await client.getAuthorizationPolicy();
    call.output.result(shown);
    return undefined;
  },
};
