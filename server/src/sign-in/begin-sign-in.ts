import type { Act } from '../audit/index.ts';
import { firstProgress, getFlow, type Progress, type StepName, type UserFlow } from '../user-flows/index.ts';
import { completeFromSession } from './complete-sign-in.ts';
import type { BegunSignIn, Browser, SignInRefusal } from './completed-sign-in.ts';
import { readFacts } from './facts.ts';
import { nextStep } from './next-step.ts';
import type { AnswerWith, RequestedSignIn } from './requested-sign-in.ts';
import { digestOf } from './secret.ts';
import { nothingShown, signInLifetime } from './sign-in.ts';
import { signInEvent } from './sign-in-event.ts';
import type { SignInWriting } from './store.ts';

/** An act of a sign-in, with a source of secrets: 256 random bits in base64url. */
export interface SignInAct extends Act {
  newSecret: () => string;
}

/**
 * Begins a sign-in for an application. It is completed or refused at once when nobody needs to be asked, or nobody may be.
 * Otherwise the endpoint sets the browser's cookie and sends it to the pages of the sign-in, which send it back to
 * `answerWith.returnTo`; there `takeSignInResult` gives the outcome.
 *
 * @throws Refusal `user-flows.flow_not_found`
 */
export async function beginSignIn(
  stores: SignInWriting,
  act: SignInAct,
  requested: RequestedSignIn,
  answerWith: AnswerWith,
  browser: Browser,
): Promise<BegunSignIn> {
  const { tenantId, now } = act;
  const flow = await getFlow(stores, tenantId, requested.flow);
  const progress = { ...progressFor(flow, requested), challengeSeed: act.newSecret() };
  const facts = await readFacts(stores, tenantId, { requested, progress }, browser, now);
  const next = nextStep(facts);
  const refused = async (reason: SignInRefusal): Promise<BegunSignIn> => {
    // Visitors whom nobody knows are no sign-ins: applications ask without pages whether somebody is there.
    if (facts.person) {
      const event = signInEvent(act, facts, browser, { failure: reason, isInteractive: false });
      await stores.signInEvents.append(tenantId, event);
    }
    return { outcome: 'refused', reason };
  };
  if (next.kind === 'refused') return refused(next.reason);
  if (next.kind === 'completed') {
    return { outcome: 'completed', signIn: await completeFromSession(stores, act, facts, browser) };
  }
  if (requested.prompts.includes('none')) {
    return refused(next.kind === 'step' ? reasonWithout(next.step) : 'login_required');
  }

  const browserSecret = browser.secret ?? act.newSecret();
  const signInId = act.newId();
  await stores.signIns.insert(tenantId, {
    id: signInId,
    requested,
    answerWith,
    browserDigest: digestOf(browserSecret),
    progress,
    shown: nothingShown,
    createdAt: now,
    expiresAt: new Date(now.getTime() + signInLifetime),
    version: 1,
  });
  return { outcome: 'interaction', signInId, browserSecret };
}

function progressFor(flow: UserFlow, { prompts }: RequestedSignIn): Progress {
  const createsAccount = flow.type === 'signUp' || (flow.type === 'signUpOrSignIn' && prompts.includes('create'));
  if (createsAccount) return { ...firstProgress, path: 'signUp' };
  return flow.type === 'passwordReset' ? { ...firstProgress, path: 'passwordReset' } : firstProgress;
}

/** Why a step that nobody may see ends the sign-in (OIDC Core 3.1.2.6). */
function reasonWithout(step: StepName): SignInRefusal {
  return reasons[step] ?? 'interaction_required';
}

const reasons: Readonly<Partial<Record<StepName, SignInRefusal>>> = {
  account: 'account_selection_required',
  home: 'login_required',
  password: 'login_required',
  consent: 'consent_required',
};
