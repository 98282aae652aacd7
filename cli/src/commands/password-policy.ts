import type { Command } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { readSettings } from '../read-settings.ts';

const options = { ...connectionOptions, ...tenantOption };

const show: Command = {
  name: 'password-policy show',
  meaning: 'Shows what a tenant demands of new passwords, and its limits for wrong ones.',
  options,
  async run(call) {
    call.output.result(await connectToTenant(call).getPasswordPolicy());
    return undefined;
  },
};

const update: Command = {
  name: 'password-policy update',
  meaning: 'Changes it, from the next password on.',
  options: {
    ...options,
    set: {
      type: 'string',
      multiple: true,
      value: 'name=value',
      meaning: 'A setting, such as minimumLength=12; values are JSON or text. May be repeated.',
    },
  },
  async run(call) {
    await connectToTenant(call).updatePasswordPolicy({ body: readSettings(call.values['set']) });
    return undefined;
  },
};

const remove: Command = {
  name: 'password-policy delete',
  meaning: 'Goes back to what holds where a tenant says nothing.',
  options,
  async run(call) {
    await connectToTenant(call).deletePasswordPolicy();
    return undefined;
  },
};

export const passwordPolicyCommands = [show, update, remove];
