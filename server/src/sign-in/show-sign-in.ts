import { type Form, type StepName, steps } from '../user-flows/index.ts';
import { completeSignIn, type Ended, refuseSignIn } from './complete-sign-in.ts';
import { refuse } from './errors.ts';
import type { Facts } from './facts.ts';
import { findPosition, type PageRequest, type Position, type SignInStorage, stepContext } from './page-request.ts';
import { formToken } from './secret.ts';
import { withShown } from './shown-form.ts';
import { changed } from './sign-in.ts';
import type { Departure, Upstream } from './upstream.ts';
import { leaveForUpstream } from './visit-upstream.ts';

/** What the browser gets: the form of the step that is due, or the way to a provider or back to the application. */
export type Shown =
  | { kind: 'form'; step: StepName; form: Form; token: string; facts: Facts }
  | { kind: 'away'; departure: Departure; facts: Facts }
  | ({ kind: 'ended'; facts: Facts } & Ended);

/**
 * Shows where a sign-in stands; when nothing is left to do, ends it.
 * @throws Refusal `sign-in.not_found` when it has ended, or another browser began it
 */
export async function showSignIn(storage: SignInStorage, upstream: Upstream, request: PageRequest): Promise<Shown> {
  const position = await findPosition(storage, request);
  const { signIn, facts, next } = position;
  if (next.kind === 'upstream') {
    const departure = await leaveForUpstream(storage, upstream, request, position);
    return departure ? { kind: 'away', departure, facts } : showSignIn(storage, upstream, request);
  }
  if (next.kind !== 'step') return end(storage, request, position);
  const isReady = steps[next.step].makeReady === undefined || signIn.progress.readyStep === next.step;
  if (!isReady) {
    await makeReady(storage, request, position, next.step);
    return showSignIn(storage, upstream, request);
  }
  const form = await steps[next.step].show(stepContext(storage, request, position));
  const token = formToken(request.browser.secret ?? '', signIn.id);
  return { kind: 'form', step: next.step, form: withShown(form, signIn.shown), token, facts };
}

async function end(storage: SignInStorage, request: PageRequest, { signIn, facts, next }: Position): Promise<Shown> {
  const { act, browser } = request;
  const ended = await storage.write((stores) =>
    next.kind === 'refused'
      ? refuseSignIn(stores, act, signIn, facts, next.reason, browser)
      : completeSignIn(stores, act, signIn, facts, browser),
  );
  if (!ended) throw refuse('sign-in.not_found');
  return { kind: 'ended', facts, ...ended };
}

/** Of two requests that come at once, one makes the step ready; the other finds it so. */
async function makeReady(
  storage: SignInStorage,
  request: PageRequest,
  position: Position,
  step: StepName,
): Promise<void> {
  const { signIn } = position;
  const made = await steps[step].makeReady?.(stepContext(storage, request, position));
  const { tenantId } = request.act;
  const ready = changed(signIn, { ...signIn.progress, ...made?.progress, readyStep: step }, signIn.shown);
  const isFirst = await storage.write(async (stores) => {
    if (!(await stores.signIns.update(tenantId, ready))) return false;
    const written = await made?.write?.(stores, request.act);
    if (!written?.problems?.length) return true;
    await stores.signIns.update(
      tenantId,
      changed(ready, ready.progress, { ...ready.shown, problems: written.problems }),
    );
    return false;
  });
  if (isFirst) made?.afterwards?.();
}
