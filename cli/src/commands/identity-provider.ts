import type { Command } from '../command.ts';
import { connect, connectionOptions, tenantOption } from '../connection.ts';

export const identityProviderList: Command = {
  name: 'identity-provider list',
  meaning: 'Lists where users of flows can come from.',
  options: { ...connectionOptions, ...tenantOption },
  async run(call) {
    const { tenant } = call.values;
    const client = connect(call).clientOf(typeof tenant === 'string' ? tenant : undefined);
    const found = await Array.fromAsync(client.each(client.listIdentityProviders()));
    call.output.result(found, ['id', 'identityProviderType', 'displayName']);
    return undefined;
  },
};
