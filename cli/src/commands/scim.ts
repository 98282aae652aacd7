import type { Client } from '@countersign/management-api';
import { type Command, CommandError, type CommandValues, textOption, UsageError } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';

const options = { ...connectionOptions, ...tenantOption };
const columns = ['displayName', 'dialect', 'scopes', 'hint', 'lastUsedDateTime', 'expirationDateTime', 'contact'];

const about = {
  scope: {
    type: 'string',
    multiple: true,
    value: 'name',
    meaning: 'users.read, users.write, groups.read or groups.write. May be repeated. Default: all.',
  },
  dialect: {
    type: 'string',
    value: 'name',
    meaning: 'tolerant, standard, entra or aws-identity-center. Default: tolerant.',
  },
  contact: { type: 'string', value: 'address', meaning: 'E-mail address that is warned before the token expires.' },
} as const;
const days = { type: 'string', value: 'number', meaning: 'How long it works. Default: 365.' } as const;

const list: Command = {
  name: 'scim token list',
  meaning: 'Lists the SCIM tokens of a tenant, with last use and expiry.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    call.output.result(await Array.fromAsync(client.each(client.listScimTokens())), columns);
    return undefined;
  },
};

const create: Command = {
  name: 'scim token create',
  meaning: 'Makes a token for a SCIM client. It is shown this once; the hub keeps a digest.',
  positionals: ['label'],
  options: { ...options, ...about, days },
  async run(call) {
    const [displayName = ''] = call.positionals;
    const body = { displayName, ...described(call.values), ...expiry(call.values) } as CreateBody;
    call.output.result(await connectToTenant(call).createScimToken({ body }));
    return undefined;
  },
};

const update: Command = {
  name: 'scim token update',
  meaning: 'Changes scopes, dialect or contact of a SCIM token.',
  positionals: ['label'],
  options: { ...options, ...about },
  async run(call) {
    const client = connectToTenant(call);
    const id = await findToken(client, call.positionals[0] ?? '');
    await client.updateScimToken({ id, body: described(call.values) as UpdateBody });
    return undefined;
  },
};

const rotate: Command = {
  name: 'scim token rotate',
  meaning: 'Gives a SCIM token a new secret, shown this once. The former one is accepted for a while.',
  positionals: ['label'],
  options: {
    ...options,
    days,
    overlap: { type: 'string', value: 'days', meaning: 'How long the former secret is accepted. Default: 7.' },
  },
  async run(call) {
    const client = connectToTenant(call);
    const id = await findToken(client, call.positionals[0] ?? '');
    const overlapDays = numberOption(call.values, 'overlap');
    const body = { ...(overlapDays !== undefined && { overlapDays }), ...expiry(call.values) };
    call.output.result(await client.rotateScimToken({ id, body }));
    return undefined;
  },
};

const revoke: Command = {
  name: 'scim token revoke',
  meaning: 'Takes a SCIM token away; it is refused from then on.',
  positionals: ['label'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    await client.deleteScimToken({ id: await findToken(client, call.positionals[0] ?? '') });
    return undefined;
  },
};

const settings: Command = {
  name: 'scim settings',
  meaning: 'Shows what a tenant decides about all SCIM clients, after changing what options say.',
  options: {
    ...options,
    'user-deletion': {
      type: 'string',
      value: 'how',
      meaning: 'What a deletion by a client does to a user: delete (restorable for 30 days) or deactivate.',
    },
  },
  async run(call) {
    const client = connectToTenant(call);
    const userDeletion = textOption(call.values, 'user-deletion');
    if (userDeletion !== undefined) await client.updateScimSettings({ body: { userDeletion } as SettingsBody });
    call.output.result(await client.getScimSettings());
    return undefined;
  },
};

// The hub judges the texts that options give.
type CreateBody = Parameters<Client['createScimToken']>[0]['body'];
type UpdateBody = Parameters<Client['updateScimToken']>[0]['body'];
type SettingsBody = Parameters<Client['updateScimSettings']>[0]['body'];

async function findToken(client: Client, label: string): Promise<string> {
  for await (const { id, displayName } of client.each(client.listScimTokens())) {
    if (id === label || displayName?.toLowerCase() === label.toLowerCase()) return id;
  }
  throw new CommandError(`There is no SCIM token ${label}. \`countersign scim token list\` shows all.`);
}

function described(values: CommandValues): object {
  const { scope } = values;
  const [dialect, contact] = [textOption(values, 'dialect'), textOption(values, 'contact')];
  return {
    ...(Array.isArray(scope) && { scopes: scope.map(String) }),
    ...(dialect !== undefined && { dialect }),
    ...(contact !== undefined && { contact }),
  };
}

function expiry(values: CommandValues): { expirationDateTime?: string } {
  const count = numberOption(values, 'days');
  return count === undefined ? {} : { expirationDateTime: new Date(Date.now() + count * 86_400_000).toISOString() };
}

function numberOption(values: CommandValues, name: string): number | undefined {
  const text = textOption(values, name);
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`--${name} needs a number.`);
}

export const scimCommands = [list, create, update, rotate, revoke, settings];
