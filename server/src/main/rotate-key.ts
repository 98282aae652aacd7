import { makeSigningKey } from '../issuance/make-signing-key.ts';
import { replaceSigningKeys, rotateSigningKey } from '../issuance/rotate-signing-key.ts';
import { readSettings } from '../settings/index.ts';
import { actOfHub } from './act-of-hub.ts';
import { type Command, UsageError } from './command.ts';
import { namedTenant } from './named-tenant.ts';
import { withHub } from './open-hub.ts';
import { readParameters } from './parameters.ts';

/** Rotates a signing key on the machine itself, which also works when nobody can sign in. */
export const rotateKey: Command = {
  name: 'key rotate',
  parameters: '[--tenant <tenant>] [--algorithm RS256|ES256] [--replace]',
  meaning:
    'Publish the next signing key of a tenant, which takes over in two days. With --replace, for a key that leaked, it signs at once and the tokens of all others are refused.',
  async run({ parameters, environment, streams }) {
    const options = {
      tenant: { type: 'string' },
      algorithm: { type: 'string', default: 'RS256' },
      replace: { type: 'boolean' },
    } as const;
    const { values } = readParameters(parameters, options);
    const { algorithm } = values;
    if (algorithm !== 'RS256' && algorithm !== 'ES256') throw new UsageError('The algorithm is RS256 or ES256.');
    const text = await withHub(readSettings(environment), async ({ storage }) => {
      const tenant = await namedTenant(storage, values.tenant);
      const act = actOfHub(tenant.id);
      const made = await makeSigningKey(algorithm, tenant.id, act.now);
      const rotate = values.replace ? replaceSigningKeys : rotateSigningKey;
      const key = await storage.write((stores) => rotate(stores, act, made));
      return `The key ${key.id} of ${tenant.name} signs from ${key.signsFrom.toISOString()}.`;
    });
    streams.out.write(`${text}\n`);
    return undefined;
  },
};
