import type { Client } from '@countersign/management-api';
import type { Command, CommandCall } from '../command.ts';
import { connect, connectionOptions, tenantOption } from '../connection.ts';

const options = { ...connectionOptions, ...tenantOption };
const columns = ['id', 'dataType', 'userFlowAttributeType', 'description'];

const list: Command = {
  name: 'attribute list',
  meaning: 'Lists the attributes that user flows can ask for.',
  options,
  async run(call) {
    const client = clientOf(call);
    call.output.result(await Array.fromAsync(client.each(client.listUserFlowAttributes())), columns);
    return undefined;
  },
};

const create: Command = {
  name: 'attribute create',
  meaning: 'Declares an attribute of the tenant’s own: string, boolean, int64 or dateTime.',
  positionals: ['name', 'type'],
  options: { ...options, description: { type: 'string', meaning: 'What it is, for administrators.' } },
  async run(call) {
    const [displayName = '', dataType = ''] = call.positionals;
    const { description } = call.values;
    const body = { displayName, dataType, ...(typeof description === 'string' && { description }) };
    // The hub judges the type.
    const made = await clientOf(call).createUserFlowAttribute({ body: body as CreateBody });
    call.output.result(made);
    return undefined;
  },
};

const remove: Command = {
  name: 'attribute delete',
  meaning: 'Removes an attribute of the tenant’s own that no flow uses.',
  positionals: ['attribute'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    await clientOf(call).deleteUserFlowAttribute({ id });
    return undefined;
  },
};

type CreateBody = Parameters<Client['createUserFlowAttribute']>[0]['body'];

function clientOf(call: CommandCall): Client {
  const { tenant } = call.values;
  return connect(call).clientOf(typeof tenant === 'string' ? tenant : undefined);
}

export const attributeCommands = [list, create, remove];
