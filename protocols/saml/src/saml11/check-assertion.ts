import { SamlStatusError } from '../errors.ts';
import { type Saml11Assertion, saml11Bearer } from './assertion.ts';

/** What a SAML 1.1 assertion that came as a bearer token is held against. */
export interface ExpectedSaml11Assertion {
  now: Date;
  /** How far clocks may differ. */
  clockSkewSeconds: number;
  /** Identifier of the issuer whose keys verified the assertion. */
  issuer: string;
  /** The names that we go by as an audience. */
  audiences: readonly string[];
}

/**
 * Refuses an assertion, whose signature is verified, of another issuer, for another audience or of another time
 * (SAML 1.1 Core 2.3.2.1). Returns until when the caller must remember its id, to refuse it a second time. Throws
 * {@link SamlStatusError}.
 */
export function checkSaml11Assertion(assertion: Saml11Assertion, expected: ExpectedSaml11Assertion): Date {
  const { now, clockSkewSeconds, issuer, audiences } = expected;
  const { notBefore = assertion.issueInstant, notOnOrAfter, audienceRestrictions, subject } = assertion;
  const skew = clockSkewSeconds * 1000;
  if (assertion.issuer !== issuer) {
    throw new SamlStatusError('assertion.issuer', `It is "${assertion.issuer}", not "${issuer}".`);
  }
  if (notBefore.getTime() > now.getTime() + skew) {
    throw new SamlStatusError('assertion.not_yet_valid', `It holds from ${notBefore.toISOString()}.`);
  }
  if (!notOnOrAfter || notOnOrAfter.getTime() <= now.getTime() - skew) {
    throw new SamlStatusError(
      'assertion.expired',
      `It held until ${notOnOrAfter?.toISOString() ?? 'it does not say when'}.`,
    );
  }
  const isForUs = (restriction: readonly string[]) => restriction.some((audience) => audiences.includes(audience));
  if (audienceRestrictions.length === 0 || !audienceRestrictions.every(isForUs)) {
    throw new SamlStatusError('assertion.audience', `It is for "${audienceRestrictions.flat().join('", "')}".`);
  }
  if (!subject.confirmationMethods.includes(saml11Bearer)) {
    throw new SamlStatusError('assertion.confirmation', `It is by ${subject.confirmationMethods.join(', ')}.`);
  }
  if (assertion.authentication && assertion.authentication.instant.getTime() > now.getTime() + skew) {
    throw new SamlStatusError('assertion.not_yet_valid', 'The authentication lies in the future.');
  }
  return new Date(notOnOrAfter.getTime() + skew);
}
