import { type Clock, checkConditions, checkWindow, lastEnd } from '../check-conditions.ts';
import { SamlStatusError } from '../errors.ts';
import { type Saml11Assertion, saml11Bearer } from './assertion.ts';

/** What a SAML 1.1 assertion that came as a bearer token is held against. */
export interface ExpectedSaml11Assertion extends Clock {
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
  const { subject, authentication, issueInstant } = assertion;
  if (assertion.issuer !== expected.issuer) {
    throw new SamlStatusError('assertion.issuer', `It is "${assertion.issuer}", not "${expected.issuer}".`);
  }
  checkWindow({ notBefore: issueInstant }, expected, 'The assertion was issued');
  checkConditions(assertion, expected, expected.audiences);
  if (!subject.confirmationMethods.includes(saml11Bearer)) {
    throw new SamlStatusError('assertion.confirmation', `It is by ${subject.confirmationMethods.join(', ')}.`);
  }
  checkWindow({ notBefore: authentication?.instant }, expected, 'The authentication took place');
  return lastEnd([assertion], expected);
}
