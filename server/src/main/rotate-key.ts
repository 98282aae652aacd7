import { makeSigningKey } from '../issuance/make-signing-key.ts';
import { replaceSigningKeys, rotateSigningKey } from '../issuance/rotate-signing-key.ts';
import type { KeyAlgorithm } from '../issuance/signer.ts';
import { readSettings } from '../settings/index.ts';
import { actOfHub } from './act-of-hub.ts';
import { type Command, UsageError } from './command.ts';
import { namedTenant } from './named-tenant.ts';
import { withHub } from './open-hub.ts';
import { readParameters } from './parameters.ts';

const algorithms: readonly KeyAlgorithm[] = ['RS256', 'ES256', 'RSA-OAEP'];

function isKeyAlgorithm(name: string): name is KeyAlgorithm {
  return (algorithms as readonly string[]).includes(name);
}

/** Rotates a key on the machine itself, which also works when nobody can sign in. */
export const rotateKey: Command = {
  name: 'key rotate',
  parameters: '[--tenant <tenant>] [--algorithm RS256|ES256|RSA-OAEP] [--replace]',
  meaning:
    'Publish the next key of a tenant, which takes over in two days: one that signs, or one to which identity providers encrypt (RSA-OAEP). With --replace, for a key that leaked, it takes over at once and the tokens of all others are refused.',
  async run({ parameters, environment, streams }) {
    const options = {
      tenant: { type: 'string' },
      algorithm: { type: 'string', default: 'RS256' },
      replace: { type: 'boolean' },
    } as const;
    const { values } = readParameters(parameters, options);
    const { algorithm } = values;
    if (!isKeyAlgorithm(algorithm)) throw new UsageError(`The algorithm is ${algorithms.join(' or ')}.`);
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
