import { type Command, CommandError, textOption, UsageError } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';

const options = { ...connectionOptions, ...tenantOption };

const policy: Command = {
  name: 'registration policy',
  meaning: 'Shows who may register clients by OAuth 2.0 Dynamic Client Registration, after changing what options say.',
  options: {
    ...options,
    mode: { type: 'string', value: 'mode', meaning: 'off, token (with an initial access token) or open.' },
    'most-clients': { type: 'string', value: 'number', meaning: 'How many such clients there may be at a time.' },
  },
  async run(call) {
    const client = connectToTenant(call);
    const [mode, most] = [
      textOption(call.values, 'mode'),
      numberOf('most-clients', textOption(call.values, 'most-clients')),
    ];
    const body = { ...(mode !== undefined && { mode }), ...(most !== undefined && { mostClients: most }) };
    // The hub judges the texts that options give.
    if (Object.keys(body).length > 0) await client.updateClientRegistrationPolicy({ body: body as { mode?: 'off' } });
    call.output.result(await client.getClientRegistrationPolicy());
    return undefined;
  },
};

const list: Command = {
  name: 'registration token list',
  meaning: 'Lists the tokens with which clients may be registered.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    const tokens = await Array.fromAsync(client.each(client.listInitialAccessTokens()));
    call.output.result(tokens, ['displayName', 'hint', 'usesLeft', 'expirationDateTime']);
    return undefined;
  },
};

const create: Command = {
  name: 'registration token create',
  meaning: 'Makes a token with which clients may be registered. It is shown this once; the hub keeps a digest.',
  positionals: ['name'],
  options: {
    ...options,
    days: { type: 'string', value: 'number', meaning: 'How long it works. Default: 30.' },
    uses: { type: 'string', value: 'number', meaning: 'How many clients may be registered with it. Default: 1.' },
  },
  async run(call) {
    const [displayName = ''] = call.positionals;
    const [days, uses] = ['days', 'uses'].map((name) => numberOf(name, textOption(call.values, name)));
    const body = { displayName, ...(days !== undefined && { days }), ...(uses !== undefined && { uses }) };
    call.output.result(await connectToTenant(call).createInitialAccessToken({ body }));
    return undefined;
  },
};

const revoke: Command = {
  name: 'registration token revoke',
  meaning: 'Takes such a token away. Clients that were registered with it stay.',
  positionals: ['name'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    const [name = ''] = call.positionals;
    for await (const { id, displayName } of client.each(client.listInitialAccessTokens())) {
      if (id !== name && displayName !== name) continue;
      await client.deleteInitialAccessToken({ id });
      return undefined;
    }
    throw new CommandError(`There is no token ${name}. \`countersign registration token list\` shows all.`);
  },
};

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--${name} needs a number.`);
}

export const registrationCommands = [policy, list, create, revoke];
