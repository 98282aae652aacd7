import { type Command, CommandError, textOption } from '../command.ts';
import { askSecret } from '../confirm.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { readSettings } from '../read-settings.ts';

const options = { ...connectionOptions, ...tenantOption };
const columns = ['userPrincipalName', 'displayName', 'accountEnabled', 'id'];
const $select = columns.join(',');

const list: Command = {
  name: 'user list',
  meaning: 'Lists users.',
  options: {
    ...options,
    filter: { type: 'string', meaning: "Microsoft Graph's $filter, such as startswith(displayName,'M')." },
    top: { type: 'string', value: 'number', meaning: 'Most users. Default: 100.' },
  },
  async run(call) {
    const client = connectToTenant(call);
    const most = Number(textOption(call.values, 'top') ?? 100);
    if (!Number.isInteger(most) || most < 1) throw new CommandError('--top takes a whole number from 1.');
    const $filter = textOption(call.values, 'filter');
    const users = client.each(
      client.listUsers({ $select, $top: Math.min(most, 999), ...($filter !== undefined && { $filter }) }),
    );
    const found = [];
    for await (const user of users) {
      found.push(user);
      if (found.length === most) break;
    }
    call.output.result(found, columns);
    return undefined;
  },
};

const show: Command = {
  name: 'user show',
  meaning: 'Shows a user and its groups.',
  positionals: ['user'],
  options: {
    ...options,
    select: { type: 'string', value: 'names', meaning: 'Properties to show, such as displayName,identities.' },
  },
  async run(call) {
    const [id = ''] = call.positionals;
    const client = connectToTenant(call);
    const chosen = textOption(call.values, 'select');
    const user = await client.getUser({ id, ...(chosen !== undefined && { $select: chosen }) });
    const groups = await Array.fromAsync(
      client.each(client.listUserTransitiveMemberOf({ id, $select: 'id,displayName' })),
      (group) => Reflect.get(group, 'displayName') ?? group.id,
    );
    call.output.result({ ...user, memberOf: groups });
    return undefined;
  },
};

const create: Command = {
  name: 'user create',
  meaning: 'Makes a user. The password is asked for, or taken from COUNTERSIGN_CLI_PASSWORD.',
  positionals: ['userPrincipalName'],
  options: {
    ...options,
    'display-name': { type: 'string', meaning: 'Name for people. Default: the user principal name.' },
    'no-password': { type: 'boolean', meaning: 'Make the user without a password.' },
  },
  async run(call) {
    const [userPrincipalName = ''] = call.positionals;
    const { 'no-password': isWithout } = call.values;
    const password =
      isWithout === true ? undefined : (call.environment['COUNTERSIGN_CLI_PASSWORD'] ?? (await askSecret('Password')));
    const made = await connectToTenant(call).createUser({
      body: {
        userPrincipalName,
        displayName: textOption(call.values, 'display-name') ?? userPrincipalName,
        accountEnabled: true,
        ...(password !== undefined && { passwordProfile: { password, forceChangePasswordNextSignIn: false } }),
      },
    });
    call.output.result({ id: made.id, userPrincipalName: made.userPrincipalName, displayName: made.displayName });
    return undefined;
  },
};

const update: Command = {
  name: 'user update',
  meaning: 'Changes properties of a user, as the management API names them.',
  positionals: ['user'],
  options: {
    ...options,
    set: {
      type: 'string',
      multiple: true,
      value: 'name=value',
      meaning: 'A property, such as jobTitle=Reporter; values are JSON or text. May be repeated.',
    },
  },
  async run(call) {
    const [id = ''] = call.positionals;
    await connectToTenant(call).updateUser({ id, body: readSettings(call.values['set']) });
    return undefined;
  },
};

const remove: Command = {
  name: 'user delete',
  meaning: 'Puts a user into the deleted items, from where it can be restored for 30 days.',
  positionals: ['user'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    await connectToTenant(call).deleteUser({ id });
    return undefined;
  },
};

export const userCommands = [list, show, create, update, remove];
