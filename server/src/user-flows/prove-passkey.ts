import type { DirectoryObject } from '../directory/index.ts';
import { credentialIdOf, verifyPasskey } from './passkeys.ts';
import type { Problem, StepContext, StepOutcome, StepWrite } from './step.ts';

/** Who has proven to be there by a passkey; `write` keeps the use, and finds a copied passkey. */
type PasskeyProof = { user: DirectoryObject; write: StepWrite } | Extract<StepOutcome, { outcome: 'refused' }>;

const problems: readonly Problem[] = [{ field: null, text: { key: 'passkey.wrong' } }];

/** Checks what the browser has answered. Whatever is wrong with it is told in the same words. */
export async function provePasskey(context: StepContext, answer: string): Promise<PasskeyProof> {
  const { tenant, stores, now } = context;
  const refused = (code: string, userId: string | null): PasskeyProof => {
    return { outcome: 'refused', problems, failure: { code, userId } };
  };
  const credentialId = credentialIdOf(answer);
  const found =
    credentialId === undefined ? undefined : await stores.authenticationMethods.findPasskey(tenant.id, credentialId);
  if (!found) return refused('passkey_unknown', null);
  const { userId, method } = found;
  // bad-inputs 25: as second factor only a passkey of the user who signs in counts.
  if (context.user && context.user.id !== userId) return refused('passkey_wrong', context.user.id);
  const user = await stores.objects.find(tenant.id, userId);
  const counter = await verifyPasskey(context, method, userId, answer);
  if (counter === undefined || user?.kind !== 'user') return refused('passkey_wrong', userId);
  if (user.attributes['accountEnabled'] !== true) return refused('account_disabled', userId);
  return {
    user,
    write: async ({ authenticationMethods }) => {
      // WebAuthn Level 3 6.1.1: a counter that does not grow tells of a copy. One that stays 0 does not count.
      if (counter === 0 && method.counter === 0) {
        await authenticationMethods.touch(tenant.id, userId, method.id, now);
        return {};
      }
      const hasGrown = await authenticationMethods.advance(tenant.id, userId, method.id, counter, now);
      return hasGrown ? {} : { problems, failure: { code: 'passkey_copied', userId } };
    },
  };
}
