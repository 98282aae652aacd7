import type { Act } from '../audit/index.ts';
import type { Browser, SignInResult } from './completed-sign-in.ts';
import { refuse } from './errors.ts';
import { digestOf } from './secret.ts';
import type { SignInStores } from './store.ts';

/**
 * Gives the endpoint the outcome of a sign-in that it began, once, in the browser that went through it.
 *
 * @param secret  what stood in the parameter `result` of the call to `answerWith.returnTo`
 * @throws Refusal `sign-in.result_not_found`
 */
export async function takeSignInResult(
  { signIns }: Pick<SignInStores, 'signIns'>,
  { tenantId, now }: Act,
  endpoint: string,
  secret: string,
  browser: Pick<Browser, 'secret'>,
): Promise<SignInResult> {
  if (browser.secret === null) throw refuse('sign-in.result_not_found');
  const result = await signIns.takeResult(tenantId, digestOf(secret), digestOf(browser.secret), now);
  if (result?.answerWith.endpoint !== endpoint) throw refuse('sign-in.result_not_found');
  return result;
}
