import { Refusal } from '../refusal.ts';
import {
  acceptClaims,
  acceptIdentity,
  createNewcomer,
  type Newcomer,
  type UpstreamIdentity,
} from '../upstream-providers/index.ts';
import type { FederatedProof, Progress, ProvenFactor, UserFlow } from '../user-flows/index.ts';
import type { SignInAct } from './begin-sign-in.ts';
import type { Facts } from './facts.ts';
import type { Position, SignInStorage } from './page-request.ts';
import { changed } from './sign-in.ts';
import type { SignInWriting } from './store.ts';
import { UpstreamFailure, type UpstreamRequest } from './upstream.ts';

/**
 * Keeps who came back from a provider, in one transaction with whatever that makes.
 * @throws UpstreamFailure when nobody is let in by it
 */
export async function keepIdentity(
  storage: SignInStorage,
  act: SignInAct,
  { signIn, facts }: Position,
  { provider, now }: UpstreamRequest,
  identity: UpstreamIdentity,
): Promise<void> {
  const claims = await acceptClaims(facts.tenant, provider, identity);
  const federated: FederatedProof = {
    provider: provider.id,
    context: provider.isMultiFactorTrusted ? identity.context : 'singleFactor',
    authenticatedAt: identity.authenticatedAt && identity.authenticatedAt < now ? identity.authenticatedAt : now,
    claims,
  };
  const keep = async (stores: SignInWriting) => {
    const accepted = await acceptIdentity(stores, act, facts.tenant, provider, identity, claims);
    const progress = {
      ...signIn.progress,
      secret: null,
      readyStep: null,
      home: { provider: provider.id },
      trace: [...signIn.progress.trace, { step: 'upstream', at: now } as const],
      ...(await whoCame(stores, act, facts, accepted, { method: 'federated', at: now, federated })),
    };
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

/** The user whose identity it is, or somebody who gets an account: at once, or when the flow has asked for more. */
async function whoCame(
  stores: SignInWriting,
  act: SignInAct,
  { flow, homes, person }: Facts,
  accepted: Awaited<ReturnType<typeof acceptIdentity>>,
  factor: ProvenFactor,
): Promise<Partial<Progress>> {
  if (accepted.kind === 'newcomer') {
    const { newcomer } = accepted;
    const { issuer, issuerAssignedId } = newcomer.identity;
    if (!homes.providers.find((provider) => provider.issuer === issuer)?.createsUsers) {
      throw new UpstreamFailure('upstream_unknown_user', `Nobody here is ${issuerAssignedId} of ${issuer}.`);
    }
    if (isAskedMore(flow, newcomer)) return { arrival: { newcomer, factor } };
    const user = await createNewcomer(stores, act, newcomer);
    return { userId: user.id, isNewUser: true, factors: [factor] };
  }
  const { user } = accepted;
  if (accepted.kind === 'nameOfAnother') {
    throw new UpstreamFailure('upstream_name_of_another', `The user ${user.id} has the name of somebody else.`);
  }
  if (user.attributes['accountEnabled'] !== true) {
    throw new UpstreamFailure('account_disabled', `The account of ${user.id} is disabled.`);
  }
  if (flow.type === 'signUp' && !person) {
    throw new UpstreamFailure('upstream_known_user', `Whoever signs up is the user ${user.id} already.`);
  }
  return { userId: user.id, isNewUser: false, factors: [factor] };
}

/** Whoever signs up is asked for what the provider does not say. */
function isAskedMore({ type, attributes }: UserFlow, newcomer: Newcomer): boolean {
  const isSignUp = type === 'signUp' || type === 'signUpOrSignIn';
  return isSignUp && attributes.some(({ name }) => !Object.hasOwn(newcomer.attributes, name));
}
