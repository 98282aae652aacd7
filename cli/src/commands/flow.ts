import type { Client } from '@countersign/management-api';
import type { Command } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { readSettings } from '../read-settings.ts';

const options = { ...connectionOptions, ...tenantOption };
const columns = ['id', 'userFlowType', 'identityProviders', 'isBuiltIn'];
const setOption = {
  set: {
    type: 'string',
    multiple: true,
    value: 'name=value',
    meaning: 'A setting, such as secondFactor.when=always; values are JSON or text. May be repeated.',
  },
} as const;

const list: Command = {
  name: 'flow list',
  meaning: 'Lists user flows.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    call.output.result(await Array.fromAsync(client.each(client.listUserFlows())), columns);
    return undefined;
  },
};

const show: Command = {
  name: 'flow show',
  meaning: 'Shows a user flow with all of its settings. `staff` is the one for requests that name none.',
  positionals: ['flow'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    call.output.result(await connectToTenant(call).getUserFlow({ id }));
    return undefined;
  },
};

const create: Command = {
  name: 'flow create',
  meaning: 'Makes a user flow of a type: signUpOrSignIn, signUp, signIn, profileUpdate or passwordReset.',
  positionals: ['flow', 'type'],
  options: { ...options, ...setOption },
  async run(call) {
    const [id = '', userFlowType = ''] = call.positionals;
    // The hub judges the type and the settings.
    const body = { ...readSettings(call.values['set']), id, userFlowType } as CreateBody;
    call.output.result(await connectToTenant(call).createUserFlow({ body }));
    return undefined;
  },
};

const update: Command = {
  name: 'flow update',
  meaning: 'Changes settings of a user flow, from the next request on.',
  positionals: ['flow'],
  options: { ...options, ...setOption },
  async run(call) {
    const [id = ''] = call.positionals;
    await connectToTenant(call).updateUserFlow({ id, body: readSettings(call.values['set']) });
    return undefined;
  },
};

const remove: Command = {
  name: 'flow delete',
  meaning: 'Removes a user flow; of `staff` only the changes.',
  positionals: ['flow'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    await connectToTenant(call).deleteUserFlow({ id });
    return undefined;
  },
};

type CreateBody = Parameters<Client['createUserFlow']>[0]['body'];

export const flowCommands = [list, show, create, update, remove];
