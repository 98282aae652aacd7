import type { Client } from '@countersign/management-api';
import type { Command, CommandCall } from '../command.ts';
import { connect, connectionOptions, tenantOption } from '../connection.ts';

const options = { ...connectionOptions, ...tenantOption };

const list: Command = {
  name: 'session list',
  meaning: 'Lists the browsers in which a user is signed in.',
  positionals: ['user'],
  options,
  async run(call) {
    const [id = ''] = call.positionals;
    const client = clientOf(call);
    const sessions = await Array.fromAsync(client.each(client.listUserSessions({ id })));
    call.output.result(sessions, ['id', 'createdDateTime', 'lastUsedDateTime', 'ipAddress', 'userAgent']);
    return undefined;
  },
};

const revoke: Command = {
  name: 'session revoke',
  meaning: 'Signs a user out in one browser; without its session everywhere, and makes refresh tokens invalid.',
  positionals: ['user', 'session?'],
  options,
  async run(call) {
    const [id = '', sessionId] = call.positionals;
    if (sessionId === undefined) await clientOf(call).revokeUserSignInSessions({ id });
    else await clientOf(call).deleteUserSession({ id, sessionId });
    return undefined;
  },
};

function clientOf(call: CommandCall): Client {
  const { tenant } = call.values;
  return connect(call).clientOf(typeof tenant === 'string' ? tenant : undefined);
}

export const sessionCommands = [list, revoke];
