import { type Command, CommandError, textOption, UsageError } from '../command.ts';
import { askSecret } from '../confirm.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';

const options = { ...connectionOptions, ...tenantOption };

/** What each kind of method is called on the command line, by the type in answers. */
const kinds: Readonly<Record<string, string>> = {
  '#microsoft.graph.passwordAuthenticationMethod': 'password',
  '#microsoft.graph.emailAuthenticationMethod': 'email',
  '#microsoft.graph.phoneAuthenticationMethod': 'phone',
  '#microsoft.graph.fido2AuthenticationMethod': 'passkey',
  '#microsoft.graph.softwareOathAuthenticationMethod': 'app',
};

const list: Command = {
  name: 'method list',
  meaning: 'Lists by what a user can prove who it is.',
  positionals: ['user'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    const client = connectToTenant(call);
    const found = await Array.fromAsync(client.each(client.listAuthenticationMethods({ id })), (method) => ({
      kind: kinds[method['@odata.type'] ?? ''] ?? method['@odata.type'],
      name: method.displayName ?? method.emailAddress ?? null,
      id: method.id,
      createdDateTime: method.createdDateTime,
      lastUsedDateTime: method.lastUsedDateTime,
    }));
    call.output.result(found, ['kind', 'name', 'id', 'createdDateTime', 'lastUsedDateTime']);
    return undefined;
  },
};

const add: Command = {
  name: 'method add',
  meaning: 'Registers a phone or a mailbox to which a user gets codes.',
  positionals: ['user'],
  options: {
    ...options,
    phone: { type: 'string', meaning: 'Number with the code of its country, such as +442079460000.' },
    email: { type: 'string', meaning: 'Address, for users who have none yet.' },
  },
  async run(call) {
    const [id = ''] = call.positionals;
    const [phoneNumber, emailAddress] = [textOption(call.values, 'phone'), textOption(call.values, 'email')];
    if ((phoneNumber === undefined) === (emailAddress === undefined)) throw new UsageError('Give --phone or --email.');
    const client = connectToTenant(call);
    const made =
      phoneNumber === undefined
        ? await client.createEmailMethod({ id, body: { emailAddress: emailAddress ?? '' } })
        : await client.createPhoneMethod({ id, body: { phoneNumber } });
    call.output.result({ id: made.id });
    return undefined;
  },
};

const remove: Command = {
  name: 'method delete',
  meaning: 'Takes away by what a user could prove who it is, such as a device that was lost.',
  positionals: ['user', 'method'],
  options,
  async run(call) {
    const [id = '', methodId = ''] = call.positionals;
    const client = connectToTenant(call);
    const { '@odata.type': type = '' } = await client.getAuthenticationMethod({ id, methodId });
    const removals: Readonly<Record<string, () => Promise<unknown>>> = {
      email: () => client.deleteEmailMethod({ id, methodId }),
      phone: () => client.deletePhoneMethod({ id, methodId }),
      passkey: () => client.deleteFido2Method({ id, methodId }),
      app: () => client.deleteSoftwareOathMethod({ id, methodId }),
    };
    const removal = removals[kinds[type] ?? ''];
    if (!removal) throw new CommandError('The password is not taken away: disable the user, or reset it.');
    await removal();
    return undefined;
  },
};

const reset: Command = {
  name: 'user reset-password',
  meaning:
    'Sets the password of a user, from COUNTERSIGN_CLI_PASSWORD or asked for, to be changed at the next sign-in.',
  positionals: ['user'],
  options: {
    ...options,
    generate: { type: 'boolean', meaning: 'Make a password up and print it.' },
    keep: { type: 'boolean', meaning: 'The user need not change it.' },
  },
  async run(call) {
    const [id = ''] = call.positionals;
    const newPassword =
      call.values['generate'] === true
        ? null
        : (call.environment['COUNTERSIGN_CLI_PASSWORD'] ?? (await askSecret('New password')));
    const client = connectToTenant(call);
    const answered = await client.resetUserPassword({
      id,
      methodId: passwordMethodId,
      body: { newPassword, requireChangeOnNextSignIn: call.values['keep'] !== true },
    });
    if (answered.newPassword !== null) call.output.result({ newPassword: answered.newPassword });
    return undefined;
  },
};

/** Of everybody's password, as Microsoft Graph has it. */
const passwordMethodId = '28c10230-6103-485e-b985-444c60001490';

export const methodCommands = [list, add, remove, reset];
