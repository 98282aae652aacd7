import type { Act } from '../audit/index.ts';
import type { DirectoryObject, PasswordHasher } from '../directory/index.ts';
import { provePassword } from '../user-flows/index.ts';
import { findApplicationHomes, narrowFlow } from './application-homes.ts';
import type { SignInStorage } from './page-request.ts';
import { type ProgramSignIn, programEvent } from './program-sign-in.ts';

/** What a program sends of a person. The flow's names count as well. */
export interface SentPassword extends ProgramSignIn {
  name: string;
  password: string;
}

const byPassword = { step: 'password', methods: ['pwd'] } as const;

export type PasswordSignIn =
  | { outcome: 'completed'; user: DirectoryObject }
  /** One answer for every name and password that is wrong; or the person has to come to a page. */
  | { outcome: 'refused'; reason: 'password_wrong' | 'interaction_required' };

/**
 * Signs somebody in without a page, for a program that was trusted with the password. It is checked as at a page: by the
 * same hasher, against the same limits, with one answer for everything that is wrong. Where the flow or the account wants
 * more than a password there is nothing to be had. The sign-in log gets the entry that it gets of a sign-in at a page.
 *
 * @throws TemporaryFailure when too many others wait for the hasher
 */
export async function signInByPassword(
  storage: SignInStorage,
  hasher: PasswordHasher,
  act: Act,
  sent: SentPassword,
): Promise<PasswordSignIn> {
  const { tenant, flow, name, password, address } = sent;
  const { now } = act;
  const homes = await findApplicationHomes(storage.read, tenant.id, sent.application);
  const kinds = narrowFlow(flow, homes).accountNames;
  const proof = await provePassword(
    { stores: storage.read, write: (work) => storage.write(work), hasher },
    { tenant, kinds, name, password, address, browserDigest: undefined, now },
  );
  if (!proof.isProven) {
    const { userId, code: failure } = proof.failure;
    const event = programEvent(act, sent, { ...byPassword, userId, failure });
    await storage.write(({ signInEvents }) => signInEvents.append(tenant.id, event));
    return { outcome: 'refused', reason: 'password_wrong' };
  }
  const { user } = proof;
  const credential = await storage.read.passwords.find(tenant.id, user.id);
  const needsMore = flow.secondFactor.when !== 'off' || credential?.mustChange === true;
  const failure = needsMore ? 'interaction_required' : null;
  const event = programEvent(act, sent, { ...byPassword, userId: user.id, user, failure });
  await storage.write(async (stores) => {
    await proof.forgive(stores);
    await stores.signInEvents.append(tenant.id, event);
  });
  return needsMore ? { outcome: 'refused', reason: 'interaction_required' } : { outcome: 'completed', user };
}
