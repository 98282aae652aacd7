import { type Command, textOption, UsageError } from '../command.ts';
import { connectionOptions, connectToTenant, tenantOption } from '../connection.ts';

const algorithms = ['RS256', 'ES256', 'RSA-OAEP'] as const;

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
    'Makes the next key of a tenant: one that signs, or one to which identity providers encrypt (RSA-OAEP). It is published at once, takes over when everybody has had time to fetch it, and the last one stays until its tokens have expired.',
  options: {
    ...options,
    algorithm: { type: 'string', value: algorithms.join('|'), meaning: 'Kind of key. Default: RS256.' },
  },
  async run(call) {
    const wanted = textOption(call.values, 'algorithm');
    const algorithm = algorithms.find((one) => one === (wanted ?? 'RS256'));
    if (!algorithm) throw new UsageError(`${wanted} is no algorithm: give one of ${algorithms.join(', ')}.`);
    const client = connectToTenant(call);
    const { id, signsFromDateTime } = await client.rotateSigningKey({ body: { algorithm } });
    call.output.result({ id, algorithm, signsFromDateTime });
    return undefined;
  },
};

export const keyCommands = [list, rotate];
