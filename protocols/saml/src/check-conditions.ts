import type { Conditions } from './assertion.ts';
import { SamlStatusError } from './errors.ts';

/** When it is, and how far clocks may differ. */
export interface Clock {
  now: Date;
  clockSkewSeconds: number;
}

/** A span of time, from `notBefore` on and before `notOnOrAfter`; a missing end is open. */
export interface Window {
  notBefore?: Date | undefined;
  notOnOrAfter?: Date | undefined;
}

/** SAML Core 2.5.1.2: now lies in the window, give or take the skew. `what` begins the text for the log. */
export function checkWindow({ notBefore, notOnOrAfter }: Window, { now, clockSkewSeconds }: Clock, what: string): void {
  const skew = clockSkewSeconds * 1000;
  if (notBefore && notBefore.getTime() > now.getTime() + skew) {
    throw new SamlStatusError(
      'assertion.not_yet_valid',
      `${what} from ${notBefore.toISOString()}, it is ${now.toISOString()}.`,
    );
  }
  if (notOnOrAfter && notOnOrAfter.getTime() <= now.getTime() - skew) {
    throw new SamlStatusError(
      'assertion.expired',
      `${what} until ${notOnOrAfter.toISOString()}, it is ${now.toISOString()}.`,
    );
  }
}

/**
 * The conditions hold: now lies in the window, there is an audience restriction (SAML Profiles 4.1.4.2), and each one
 * includes one of the names we go by (SAML Core 2.5.1.4). Throws {@link SamlStatusError}.
 */
export function checkConditions(conditions: Conditions | undefined, clock: Clock, audiences: readonly string[]): void {
  checkWindow(conditions ?? {}, clock, 'The assertion holds');
  const restrictions = conditions?.audienceRestrictions ?? [];
  if (restrictions.length === 0) {
    throw new SamlStatusError('assertion.audience', 'There is no audience restriction.');
  }
  const foreign = restrictions.find((allowed) => !allowed.some((audience) => audiences.includes(audience)));
  if (foreign) {
    throw new SamlStatusError(
      'assertion.audience',
      `It is for "${foreign.join('", "')}", not "${audiences.join('", "')}".`,
    );
  }
}

/**
 * When the last of some windows has passed, skew included: until then a token that is valid in any of them could come
 * again. Throws {@link SamlStatusError} when one does not end.
 */
export function lastEnd(windows: readonly Window[], { clockSkewSeconds }: Clock): Date {
  const ends = windows.map(({ notOnOrAfter }) => notOnOrAfter?.getTime() ?? Number.POSITIVE_INFINITY);
  const last = Math.max(...ends);
  if (last === Number.POSITIVE_INFINITY)
    throw new SamlStatusError('assertion.expired', 'It does not say when it ends.');
  return new Date(last + clockSkewSeconds * 1000);
}
