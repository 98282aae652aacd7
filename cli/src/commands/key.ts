import type { Command } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';

const options = { ...connectionOptions, ...tenantOption };

const list: Command = {
  name: 'key list',
  meaning: 'Lists the signing keys of a tenant.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    const keys = await Array.fromAsync(client.each(client.listSigningKeys()));
    call.output.result(keys, ['id', 'algorithm', 'signsFromDateTime', 'signsUntilDateTime', 'publishedUntilDateTime']);
    return undefined;
  },
};

const rotate: Command = {
  name: 'key rotate',
  meaning:
    'Makes the next signing key of a tenant. It is published at once, signs when everybody has had time to fetch it, and the last one stays published until its tokens have expired.',
  options,
  async run(call) {
    const client = connectToTenant(call);
    const { id, algorithm, signsFromDateTime } = await client.rotateSigningKey({ body: {} });
    call.output.result({ id, algorithm, signsFromDateTime });
    return undefined;
  },
};

export const keyCommands = [list, rotate];
