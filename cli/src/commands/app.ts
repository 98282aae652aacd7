import type { Client } from '@countersign/management-api';
import { type Command, CommandError, textOption } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';

const options = { ...connectionOptions, ...tenantOption };
const columns = ['displayName', 'appId', 'id'];
const $select = columns.join(',');

const list: Command = {
  name: 'app list',
  meaning: 'Lists the applications that are registered in a tenant.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    call.output.result(await Array.fromAsync(client.each(client.listApplications({ $select, $top: 999 }))), columns);
    return undefined;
  },
};

const show: Command = {
  name: 'app show',
  meaning: 'Shows an application, by its name, appId or object id.',
  positionals: ['application'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    const id = await findApplication(client, call.positionals[0] ?? '');
    call.output.result(await client.getApplication({ id }));
    return undefined;
  },
};

const create: Command = {
  name: 'app create',
  meaning: 'Registers an application with its service principal. `apply` is for everything that options do not say.',
  positionals: ['name'],
  options: {
    ...options,
    web: {
      type: 'string',
      multiple: true,
      value: 'address',
      meaning: 'Reply address of a web application. May be repeated.',
    },
    spa: {
      type: 'string',
      multiple: true,
      value: 'address',
      meaning: 'Reply address of a single-page application. May be repeated.',
    },
    public: {
      type: 'string',
      multiple: true,
      value: 'address',
      meaning: 'Reply address of a program without a secret. May be repeated.',
    },
  },
  async run(call) {
    const [displayName = ''] = call.positionals;
    const { web, spa, public: publicClient } = call.values;
    const client = connectToTenant(call);
    const platform = (addresses: unknown) =>
      Array.isArray(addresses) ? { redirectUris: addresses.map(String) } : undefined;
    const platforms = { web: platform(web), spa: platform(spa), publicClient: platform(publicClient) };
    const given = Object.fromEntries(Object.entries(platforms).filter(([, value]) => value !== undefined));
    const { id, appId } = await client.createApplication({ body: { displayName, ...given } });
    if (appId) await client.createServicePrincipal({ body: { appId } });
    call.output.result({ displayName, appId, id });
    return undefined;
  },
};

const addSecret: Command = {
  name: 'app secret add',
  meaning: 'Makes a secret for an application. It is shown this once; the hub keeps a digest.',
  positionals: ['application'],
  options: {
    ...options,
    label: { type: 'string', meaning: 'What it is for.' },
    days: { type: 'string', value: 'number', meaning: 'How long it works. Default: two years.' },
  },
  async run(call) {
    const { days } = call.values;
    const label = textOption(call.values, 'label');
    const client = connectToTenant(call);
    const id = await findApplication(client, call.positionals[0] ?? '');
    const endDateTime = days === undefined ? undefined : endAfter(Number(days));
    const {
      keyId,
      secretText,
      endDateTime: ends,
    } = await client.addApplicationPassword({
      id,
      body: {
        passwordCredential: {
          ...(label !== undefined && { displayName: label }),
          ...(endDateTime !== undefined && { endDateTime }),
        },
      },
    });
    call.output.result({ keyId, secretText, endDateTime: ends });
    return undefined;
  },
};

const removeSecret: Command = {
  name: 'app secret remove',
  meaning: 'Takes a secret from an application.',
  positionals: ['application', 'keyId'],
  options,
  async run(call) {
    const [application = '', keyId = ''] = call.positionals;
    const client = connectToTenant(call);
    await client.removeApplicationPassword({ id: await findApplication(client, application), body: { keyId } });
    return undefined;
  },
};

const limitHomes: Command = {
  name: 'app homes',
  meaning: 'Says from which identity providers people may come to an application; without options, from all.',
  positionals: ['application'],
  options: {
    ...options,
    only: {
      type: 'string',
      multiple: true,
      value: 'id',
      meaning: 'Id of an identity provider, or local for accounts of the tenant. May be repeated.',
    },
  },
  async run(call) {
    const client = connectToTenant(call);
    const { only } = call.values;
    const identityProviders = Array.isArray(only) ? only.map(String) : [];
    const id = await findServicePrincipal(client, call.positionals[0] ?? '');
    await client.updateServicePrincipal({ id, body: { identityProviders } });
    return undefined;
  },
};

const remove: Command = {
  name: 'app delete',
  meaning: 'Puts an application and its service principal into the deleted items.',
  positionals: ['application'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    await client.deleteApplication({ id: await findApplication(client, call.positionals[0] ?? '') });
    return undefined;
  },
};

/** The object id of the one application of this name, appId or object id. */
export async function findApplication(client: Client, name: string): Promise<string> {
  const quoted = `'${name.replaceAll("'", "''")}'`;
  const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name);
  const $filter = isGuid ? `appId eq ${quoted}` : `displayName eq ${quoted}`;
  const { value } = await client.listApplications({ $select: 'id', $filter });
  const [first, second] = value;
  if (second) throw new CommandError(`Several applications are called ${name}: name one by its appId.`);
  if (first) return first.id;
  if (isGuid) return name;
  throw new CommandError(`There is no application called ${name}: \`countersign app list\` shows them all.`);
}

/** The service principal of an application. */
export async function findServicePrincipal(client: Client, application: string): Promise<string> {
  const { appId } = await client.getApplication({ id: await findApplication(client, application), $select: 'appId' });
  const { id } = await client.getServicePrincipal({ id: `appId=${appId}`, $select: 'id' });
  return id;
}

function endAfter(days: number): string {
  if (!Number.isFinite(days) || days <= 0) throw new CommandError('--days takes a number above 0.');
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

export const appCommands = [list, show, create, addSecret, removeSecret, limitHomes, remove];
