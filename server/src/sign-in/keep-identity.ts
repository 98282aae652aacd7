import type { DirectoryObject, Tenant } from '../directory/index.ts';
import { Refusal } from '../refusal.ts';
import {
  type Acceptance,
  acceptClaims,
  acceptIdentity,
  createNewcomer,
  type Newcomer,
  type UpstreamIdentity,
  type UpstreamProvider,
} from '../upstream-providers/index.ts';
import {
  type FederatedProof,
  findAccount,
  type Progress,
  type ProvenFactor,
  type UserFlow,
} from '../user-flows/index.ts';
import type { SignInAct } from './begin-sign-in.ts';
import { isDated } from './choose-proof.ts';
import type { Facts } from './facts.ts';
import type { Position, SignInStorage } from './page-request.ts';
import { asksProofOfNow } from './requested-sign-in.ts';
import { changed } from './sign-in.ts';
import type { SignInWriting } from './store.ts';
import { UpstreamFailure, type UpstreamRequest } from './upstream.ts';

/** What was asked of the provider, and what for. */
type Asked = Pick<UpstreamRequest, 'provider' | 'now'> & { purpose: 'prove' | 'link' };

/**
 * Keeps who came back from a provider, in one transaction with whatever that makes.
 * @throws UpstreamFailure when nobody is let in by it
 */
export async function keepIdentity(
  storage: SignInStorage,
  act: SignInAct,
  { signIn, facts }: Position,
  { provider, now, purpose }: Asked,
  identity: UpstreamIdentity,
): Promise<void> {
  const claims = await acceptClaims(storage.read, facts.tenant, provider, identity);
  const federated: FederatedProof = {
    provider: provider.id,
    context: provider.isMultiFactorTrusted ? identity.context : 'singleFactor',
    authenticatedAt: identity.authenticatedAt && new Date(Math.min(Number(identity.authenticatedAt), Number(now))),
    claims,
    ...(identity.session && { session: identity.session }),
    ...(identity.proxyRestriction && { proxyRestriction: identity.proxyRestriction }),
  };
  const factor = { method: 'federated', at: now, federated } as const;
  const keep = async (stores: SignInWriting) => {
    const accepted = await acceptIdentity(stores, act, facts.tenant, provider, identity, claims);
    const became =
      purpose === 'link'
        ? comeForLink(facts, accepted, factor)
        : { home: { provider: provider.id }, ...(await comeForProof(stores, act, facts, provider, accepted, factor)) };
    const trace = [...signIn.progress.trace, { step: 'upstream', at: now } as const];
    const progress = { ...signIn.progress, secret: null, readyStep: null, trace, ...became };
    if (!(await stores.signIns.update(act.tenantId, changed(signIn, progress)))) {
      throw new UpstreamFailure('upstream_answer_wrong', 'Another answer for this sign-in was faster.');
    }
  };
  await storage.write(keep).catch((error) => {
    // Of two first sign-ins of one person at once, the second finds the user whom the first has made.
    if (error instanceof Refusal && error.code === 'directory.name_taken') return storage.write(keep);
    throw error;
  });
}

/** The user whose identity it is, or somebody who gets an account: at once, or when more is known. */
async function comeForProof(
  stores: SignInWriting,
  act: SignInAct,
  { tenant, flow, person, requested }: Facts,
  { createsUsers }: UpstreamProvider,
  accepted: Acceptance,
  factor: ProvenFactor,
): Promise<Partial<Progress>> {
  if (accepted.kind !== 'newcomer') {
    const { id } = userOf(accepted);
    if (flow.type === 'signUp' && !person) {
      throw new UpstreamFailure('upstream_known_user', `Whoever signs up is the user ${id} already.`);
    }
    return { userId: id, isNewUser: false, factors: [factor] };
  }
  const { newcomer } = accepted;
  // Whoever must prove it again came back as somebody else.
  if (person) throw unknownUser(newcomer);
  if (await hasNamesake(stores, tenant, flow, newcomer)) return { arrival: { newcomer, factor, wish: null } };
  if (!createsUsers) throw unknownUser(newcomer);
  const isAsked = isAskedMore(flow, newcomer) || (asksProofOfNow(requested) && !isDated(factor));
  if (isAsked) return { arrival: { newcomer, factor, wish: 'create' } };
  const user = await createNewcomer(stores, act, newcomer);
  return { userId: user.id, isNewUser: true, factors: [factor] };
}

export function unknownUser({ identity: { issuer, issuerAssignedId } }: Newcomer): UpstreamFailure {
  return new UpstreamFailure('upstream_unknown_user', `Nobody here is ${issuerAssignedId} of ${issuer}.`);
}

/** An identity for the account of whoever is signed in: one that nobody has. */
function comeForLink({ person }: Facts, accepted: Acceptance, factor: ProvenFactor): Partial<Progress> {
  if (accepted.kind === 'newcomer') {
    return { linksWith: null, arrival: { newcomer: accepted.newcomer, factor, wish: 'link' } };
  }
  const { id } = userOf(accepted);
  if (id !== person?.userId) {
    throw new UpstreamFailure('upstream_linked_to_another', `It is the identity of the user ${id}.`);
  }
  return { linksWith: null, isTaskDone: true };
}

export function userOf(accepted: Exclude<Acceptance, { kind: 'newcomer' }>): DirectoryObject {
  const { user } = accepted;
  if (accepted.kind === 'nameOfAnother') {
    throw new UpstreamFailure('upstream_name_of_another', `The user ${user.id} has the name of somebody else.`);
  }
  if (user.attributes['accountEnabled'] !== true) {
    throw new UpstreamFailure('account_disabled', `The account of ${user.id} is disabled.`);
  }
  return user;
}

/**
 * Whether an account of the tenant itself has the e-mail address that the provider has verified. That is no reason to let
 * anybody in: the person is offered to prove the account, too (bad-inputs 17).
 */
export async function hasNamesake(
  stores: SignInWriting,
  tenant: Tenant,
  { accountNames }: UserFlow,
  { attributes }: Newcomer,
): Promise<boolean> {
  const { mail } = attributes;
  if (mail === undefined || !accountNames.includes('emailAddress')) return false;
  const user = await findAccount(stores, tenant, ['emailAddress'], mail);
  return user?.attributes['accountEnabled'] === true;
}

/** Whoever signs up is asked for what the provider does not say. */
export function isAskedMore({ type, attributes }: UserFlow, newcomer: Newcomer): boolean {
  const isSignUp = type === 'signUp' || type === 'signUpOrSignIn';
  return isSignUp && attributes.some(({ name }) => !Object.hasOwn(newcomer.attributes, name));
}
