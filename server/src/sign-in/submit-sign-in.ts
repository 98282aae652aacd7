import type { Act } from '../audit/index.ts';
import { Refusal } from '../refusal.ts';
import {
  type Input,
  problemOf,
  type SignInFailure,
  type StepName,
  type StepOutcome,
  steps,
} from '../user-flows/index.ts';
import { refuse } from './errors.ts';
import type { Facts } from './facts.ts';
import { findPosition, type PageRequest, type Position, type SignInStorage, stepContext } from './page-request.ts';
import { isFormToken } from './secret.ts';
import { shownAgain } from './shown-form.ts';
import { changed, nothingShown, type SignIn } from './sign-in.ts';
import { signInEvent } from './sign-in-event.ts';
import type { SignInWriting } from './store.ts';

/** What was posted: the step whose page it comes from, the proof that the page is ours, and the fields. */
export interface Posted {
  step: string;
  token: string;
  input: Input;
}

/**
 * Takes what a page posted. The browser is then sent back to the page, whatever came of it (Post/Redirect/Get). A page
 * that is not the one that is due any more changes nothing.
 *
 * @throws Refusal `sign-in.not_found`, `sign-in.form_not_ours`
 * @throws TemporaryFailure when too many passwords are being checked
 */
export async function submitSignIn(storage: SignInStorage, request: PageRequest, posted: Posted): Promise<void> {
  const position = await findPosition(storage, request);
  const { signIn, next } = position;
  if (!isFormToken(posted.token, request.browser.secret ?? '', signIn.id)) throw refuse('sign-in.form_not_ours');
  if (next.kind !== 'step' || next.step !== posted.step) return;
  const outcome = await outcomeOf(storage, request, position, next.step, posted.input);
  const isKept = await storage
    .write((stores) => keep(stores, request, position, next.step, outcome, posted.input))
    .catch(async (error) => {
      if (!(error instanceof Refusal)) throw error;
      const shown = shownAgain([problemOf(error)], posted.input);
      await storage.write(({ signIns }) =>
        signIns.update(request.act.tenantId, changed(signIn, signIn.progress, shown)),
      );
      return false;
    });
  if (isKept && outcome.outcome === 'moved') outcome.afterwards?.();
}

function outcomeOf(
  storage: SignInStorage,
  request: PageRequest,
  position: Position,
  step: StepName,
  input: Input,
): Promise<StepOutcome> | StepOutcome {
  // Every page offers to give up.
  if (input['action'] === 'cancel') return { outcome: 'moved', progress: { isCancelled: true } };
  return steps[step].submit(stepContext(storage, request, position), input);
}

/** Buttons that lead away from a page or ask for it again: what the page is for has not been done, and the log must not say so. */
const detours: ReadonlySet<string> = new Set(['cancel', 'choose', 'again', 'back', 'other', 'forgotten', 'signUp']);

/** Keeps the outcome in one transaction. True when the sign-in has moved on. */
async function keep(
  stores: SignInWriting,
  { act, browser }: PageRequest,
  { signIn, facts }: Position,
  step: StepName,
  outcome: StepOutcome,
  input: Input,
): Promise<boolean> {
  const { tenantId, now } = act;
  const update = (kept: SignIn) => stores.signIns.update(tenantId, kept);
  const log = async ({ code, userId }: SignInFailure) => {
    const user = userId === null ? undefined : await stores.objects.find(tenantId, userId);
    const event = signInEvent(act, facts, browser, { failure: code, failedStep: step, user });
    await stores.signInEvents.append(tenantId, event);
  };

  if (outcome.outcome === 'refused') {
    const isFirst = await update(changed(signIn, signIn.progress, shownAgain(outcome.problems, input)));
    if (isFirst && outcome.failure) await log(outcome.failure);
    return false;
  }
  const isDetour = detours.has(input['action'] ?? '');
  const trace = isDetour ? signIn.progress.trace : [...signIn.progress.trace, { step, at: now }];
  const progress = { ...signIn.progress, secret: null, readyStep: null, trace, ...outcome.progress };
  const moved = changed(signIn, progress, { ...nothingShown, note: outcome.note ?? null });
  // First, so that what the step writes is written once, however often its page is posted at the same time.
  if (!(await update(moved))) return false;
  const written = await outcome.write?.(stores, actBy(act, facts));
  if (written?.problems?.length) {
    await update(changed(moved, signIn.progress, shownAgain(written.problems, input)));
    if (written.failure) await log(written.failure);
    return false;
  }
  if (written?.progress) await update(changed(moved, { ...progress, ...written.progress }, moved.shown));
  return true;
}

/** Once it is known who signs in, it is that user who acts. */
function actBy(act: Act, { person }: Facts): Act {
  if (!person) return act;
  const name = String(person.user.attributes['userPrincipalName'] ?? '');
  return { ...act, actor: { kind: 'user', id: person.userId, name } };
}
