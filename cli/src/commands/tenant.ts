import { type Command, CommandError, textOption } from '../command.ts';
import { confirm } from '../confirm.ts';
import { connect, connectionOptions } from '../connection.ts';

const columns = ['name', 'displayName', 'domains', 'hosts', 'id'];

const list: Command = {
  name: 'tenant list',
  meaning: 'Lists the tenants of the hub.',
  options: connectionOptions,
  async run(call) {
    const client = connect(call).clientOf();
    call.output.result(await Array.fromAsync(client.each(client.listTenants())), columns);
    return undefined;
  },
};

const create: Command = {
  name: 'tenant create',
  meaning: 'Makes a tenant with its initial domain <name>.onmicrosoft.com.',
  positionals: ['name'],
  options: {
    ...connectionOptions,
    'display-name': { type: 'string', meaning: 'Name for people. Default: the name.' },
    domain: {
      type: 'string',
      multiple: true,
      value: 'name',
      meaning: 'A domain of it, for whose ownership you vouch. May be repeated.',
    },
    host: {
      type: 'string',
      multiple: true,
      value: 'name',
      meaning: 'A host name that leads to it only. May be repeated.',
    },
  },
  async run(call) {
    const [name = ''] = call.positionals;
    const client = connect(call).clientOf();
    const { domain = [], host = [] } = call.values;
    const made = await client.createTenant({
      body: { name, displayName: textOption(call.values, 'display-name') ?? name },
    });
    for (const entry of [domain].flat()) await client.addTenantDomain({ id: made.id, body: { domain: String(entry) } });
    for (const entry of [host].flat()) await client.addTenantHost({ id: made.id, body: { host: String(entry) } });
    call.output.result(await client.getTenant({ id: made.id }));
    return undefined;
  },
};

const remove: Command = {
  name: 'tenant delete',
  meaning: 'Removes a tenant with everything in it, for good.',
  positionals: ['name'],
  options: { ...connectionOptions, yes: { type: 'boolean', short: 'y', meaning: 'Remove without asking.' } },
  async run(call) {
    const [name = ''] = call.positionals;
    const client = connect(call).clientOf();
    const { id } = await client.getTenant({ id: name });
    if (call.values['yes'] !== true && !(await confirm(`Remove the tenant ${name} and everything in it?`))) {
      throw new CommandError('Nothing was changed.');
    }
    await client.deleteTenant({ id });
    return undefined;
  },
};

export const tenantCommands = [list, create, remove];
