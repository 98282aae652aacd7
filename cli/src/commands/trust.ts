import { readFileSync } from 'node:fs';
import type { Client } from '@countersign/management-api';
import { type Command, CommandError, textOption } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';
import { findApplication } from './app.ts';

const options = { ...connectionOptions, ...tenantOption };
const columns = ['id', 'protocol', 'identifier'];

const list: Command = {
  name: 'trust list',
  meaning: 'Lists the applications that sign people in by SAML 2.0 or WS-Federation.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    call.output.result(await Array.fromAsync(client.each(client.listRelyingParties({ $top: 999 }))), columns);
    return undefined;
  },
};

const show: Command = {
  name: 'trust show',
  meaning: 'Shows how an application trusts the tenant.',
  positionals: ['application'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    const id = await findPrincipal(client, call.positionals[0] ?? '');
    call.output.result(await client.getRelyingParty({ id }));
    return undefined;
  },
};

const importMetadata: Command = {
  name: 'trust import',
  meaning: 'Makes an application trust the tenant by its SAML metadata, or follows a change of it.',
  positionals: ['application', 'file'],
  options: {
    ...options,
    entity: { type: 'string', value: 'id', meaning: 'Which entity, when the metadata describes several.' },
  },
  async run(call) {
    const [application = '', file = ''] = call.positionals;
    const client = connectToTenant(call);
    const entityId = textOption(call.values, 'entity');
    const body = { metadata: read(file), ...(entityId !== undefined && { entityId }) };
    const id = await findPrincipal(client, application);
    call.output.result(await client.importRelyingParty({ id, body }));
    return undefined;
  },
};

const explain: Command = {
  name: 'trust explain',
  meaning: 'Shows which claims a user would get at an application, and which rule made each.',
  positionals: ['application', 'user'],
  options: {
    ...options,
    rules: { type: 'string', value: 'file', meaning: 'Issuance rules to try instead of those of the application.' },
  },
  async run(call) {
    const [application = '', user = ''] = call.positionals;
    const client = connectToTenant(call);
    const rules = textOption(call.values, 'rules');
    const { id: userId } = await client.getUser({ id: user, $select: 'id' });
    const body = { userId, ...(rules !== undefined && { issuanceRules: read(rules) }) };
    const evaluated = await client.evaluateRelyingPartyRules({ id: await findPrincipal(client, application), body });
    call.output.result(evaluated);
    return undefined;
  },
};

const remove: Command = {
  name: 'trust delete',
  meaning: 'Ends the trust of an application by SAML 2.0 or WS-Federation.',
  positionals: ['application'],
  options,
  async run(call) {
    const client = connectToTenant(call);
    await client.deleteRelyingParty({ id: await findPrincipal(client, call.positionals[0] ?? '') });
    return undefined;
  },
};

export const trustCommands: Command[] = [list, show, importMetadata, explain, remove];

/** The service principal of an application. */
async function findPrincipal(client: Client, application: string): Promise<string> {
  const { appId } = await client.getApplication({ id: await findApplication(client, application), $select: 'appId' });
  const { id } = await client.getServicePrincipal({ id: `appId=${appId}`, $select: 'id' });
  return id;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandError(`The file ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
