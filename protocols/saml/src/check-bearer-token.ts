import type { Assertion, SubjectConfirmation } from './assertion.ts';
import { type Clock, checkConditions, checkWindow, lastEnd } from './check-conditions.ts';
import { SamlStatusError } from './errors.ts';
import { bearerConfirmation } from './vocabulary.ts';

/** What an assertion is held against that came as a token by itself, not in a Response. */
export interface ExpectedBearerToken extends Clock {
  /** Identifier of the issuer whose keys verified the assertion. */
  issuer: string;
  /** The names that we go by as an audience. */
  audiences: readonly string[];
  /** The addresses that it may have been delivered to, for a confirmation that names a recipient. */
  recipients: readonly string[];
}

/**
 * Holds an assertion, whose signature is verified, against the rules for bearer tokens: SAML Token Profile 1.1 3.5 for
 * WS-Federation and WS-Trust, RFC 7522 3 for OAuth. Unlike sign-in by a Response there is no request to answer, and a
 * recipient is compared only where one is named. Returns until when the caller must remember the assertion's id, to
 * refuse it a second time. Throws {@link SamlStatusError}.
 */
export function checkBearerToken(assertion: Assertion, expected: ExpectedBearerToken): Date {
  const { issuer, issueInstant, conditions, subject, authnStatements } = assertion;
  if (issuer !== expected.issuer) {
    throw new SamlStatusError('assertion.issuer', `It is "${issuer}", not "${expected.issuer}".`);
  }
  checkWindow({ notBefore: issueInstant }, expected, 'The assertion was issued');
  checkConditions(conditions, expected, expected.audiences);
  const bearers = (subject?.confirmations ?? []).filter(({ method }) => method === bearerConfirmation);
  const ours = bearers.filter((candidate) => isForUs(candidate, expected));
  const [bearer] = ours;
  if (!bearer) throw new SamlStatusError('assertion.confirmation', `None of ${bearers.length} bearers is for us.`);
  checkWindow(bearer, expected, 'The confirmation holds');
  for (const { authnInstant } of authnStatements) {
    checkWindow({ notBefore: authnInstant }, expected, 'The authentication took place');
  }
  // RFC 7522 3 item 4: it expires.
  return lastEnd(conditions?.notOnOrAfter ? [conditions] : ours, expected);
}

function isForUs({ recipient }: SubjectConfirmation, { recipients }: ExpectedBearerToken): boolean {
  return recipient === undefined || recipients.includes(recipient);
}
