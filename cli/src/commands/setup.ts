import { type Command, CommandError, textOption } from '../command.ts';
import { askSecret } from '../confirm.ts';
import { connect, connectionOptions } from '../connection.ts';

export const setup: Command = {
  name: 'setup',
  meaning:
    'Makes the first administrator of a hub, with the one-time secret that its start printed. The password is asked for, or taken from COUNTERSIGN_CLI_PASSWORD.',
  positionals: ['userPrincipalName'],
  options: {
    ...connectionOptions,
    secret: { type: 'string', meaning: 'The one-time secret.' },
    'display-name': { type: 'string', meaning: 'Name for people. Default: the user principal name.' },
  },
  async run(call) {
    const [userPrincipalName = ''] = call.positionals;
    const { secret } = call.values;
    if (typeof secret !== 'string') throw new CommandError('--secret is missing: the start of the hub prints it.');
    const password = call.environment['COUNTERSIGN_CLI_PASSWORD'] ?? (await askSecret('Password'));
    const made = await connect(call)
      .clientOf()
      .setUp({
        body: {
          secret,
          userPrincipalName,
          password,
          displayName: textOption(call.values, 'display-name') ?? userPrincipalName,
        },
      });
    call.output.result({ id: made.id, userPrincipalName: made.userPrincipalName });
    return undefined;
  },
};
