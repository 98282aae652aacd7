import type { Act } from '../audit/index.ts';
import type { DirectoryObject, PasswordHasher, Tenant } from '../directory/index.ts';
import { provePassword, type UserFlow } from '../user-flows/index.ts';
import { findApplicationHomes, narrowFlow } from './application-homes.ts';
import type { SignInStorage } from './page-request.ts';
import type { RequestedSignIn } from './requested-sign-in.ts';
import type { SignInEvent } from './sign-in-event.ts';

/** What a program sends of a person. */
export interface SentPassword {
  tenant: Tenant;
  /** The flow whose names and demands count. */
  flow: UserFlow;
  application: RequestedSignIn['application'];
  name: string;
  password: string;
  address: string;
  userAgent: string;
}

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
    const { userId, code } = proof.failure;
    await storage.write(({ signInEvents }) => signInEvents.append(tenant.id, eventOf(act, sent, userId, code)));
    return { outcome: 'refused', reason: 'password_wrong' };
  }
  const { user } = proof;
  const credential = await storage.read.passwords.find(tenant.id, user.id);
  const needsMore = flow.secondFactor.when !== 'off' || credential?.mustChange === true;
  const event = eventOf(act, sent, user.id, needsMore ? 'interaction_required' : null);
  await storage.write(async (stores) => {
    await proof.forgive(stores);
    await stores.signInEvents.append(tenant.id, event);
  });
  return needsMore ? { outcome: 'refused', reason: 'interaction_required' } : { outcome: 'completed', user };
}

function eventOf(
  act: Act,
  { flow, application, address, userAgent }: SentPassword,
  userId: string | null,
  failure: string | null,
): SignInEvent {
  return {
    id: act.newId(),
    at: act.now,
    type: 'nonInteractiveUser',
    count: 1,
    userId,
    userName: null,
    applicationId: application.id,
    appId: application.appId,
    applicationName: application.displayName,
    flow: flow.name || null,
    outcome: failure === null ? 'success' : 'failure',
    failure,
    failedStep: failure === null ? null : 'password',
    steps: [{ step: 'password', at: act.now }],
    methods: ['pwd'],
    isInteractive: false,
    sessionId: null,
    address,
    userAgent,
    correlationId: act.correlationId,
  };
}
