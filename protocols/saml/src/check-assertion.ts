import type { Assertion, AuthnStatement, SubjectConfirmation } from './assertion.ts';
import { type RequestedAuthnContext, satisfiesAuthnContext } from './authn-context.ts';
import { type Clock, checkConditions, checkWindow, lastEnd } from './check-conditions.ts';
import { type SamlRefusal, SamlStatusError } from './errors.ts';
import type { NameId } from './name-id.ts';
import { bearerConfirmation } from './vocabulary.ts';

/** What an assertion of browser sign-in is held against. */
export interface ExpectedAssertion extends Clock {
  /** Entity identifier of the identity provider whose keys verified the assertion. */
  issuer: string;
  /** Our entity identifier. */
  audience: string;
  /** Our address that the assertion was delivered to. */
  recipient: string;
  /** Identifier of our request; undefined for an unsolicited response, which must answer none. */
  inResponseTo: string | undefined;
  requestedAuthnContext?: RequestedAuthnContext | undefined;
  /** The classes whose strengths are known, weakest first, for comparisons other than "exact". */
  authnContextOrder?: readonly string[] | undefined;
}

/** An assertion that is good for one sign-in. */
export interface CheckedAssertion {
  nameId: NameId;
  authnStatement: AuthnStatement;
  /** Until when the caller must remember the assertion's id, to refuse it a second time (SAML Profiles 4.1.4.5). */
  replayableUntil: Date;
}

/**
 * Holds an assertion, whose signature is verified, against the web browser SSO profile (SAML Profiles 4.1.4.2, 4.1.4.3)
 * and its own conditions. Throws {@link SamlStatusError}. What remains for the caller is to refuse a replay.
 */
export function checkAssertion(assertion: Assertion, expected: ExpectedAssertion): CheckedAssertion {
  if (assertion.issuer !== expected.issuer) {
    refuse('assertion.issuer', `It is "${assertion.issuer}", not "${expected.issuer}".`);
  }
  const { nameId, confirmations = [] } = assertion.subject ?? {};
  if (!nameId) refuse('assertion.subject', 'There is no name identifier.');
  checkWindow({ notBefore: assertion.issueInstant }, expected, 'The assertion was issued');
  const bearers = checkConfirmations(confirmations, expected);
  checkConditions(assertion.conditions, expected, [expected.audience]);
  const authnStatement = checkAuthnStatements(assertion.authnStatements, expected);
  // A bearer without end is never accepted.
  const acceptable = bearers.filter(({ notOnOrAfter }) => notOnOrAfter !== undefined);
  return { nameId, authnStatement, replayableUntil: lastEnd(acceptable, expected) };
}

/**
 * SAML Profiles 4.1.4.3: one bearer confirmation must hold; if none does, the first one's failure is told. Returns all
 * of them.
 */
function checkConfirmations(
  confirmations: readonly SubjectConfirmation[],
  expected: ExpectedAssertion,
): SubjectConfirmation[] {
  const bearers = confirmations.filter(({ method }) => method === bearerConfirmation);
  const failures: unknown[] = [];
  for (const confirmation of bearers) {
    try {
      checkBearer(confirmation, expected);
      return bearers;
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0] ?? new SamlStatusError('assertion.confirmation', 'None is by bearer.');
}

function checkBearer(confirmation: SubjectConfirmation, expected: ExpectedAssertion): void {
  const { recipient, notBefore, notOnOrAfter, inResponseTo } = confirmation;
  if (recipient !== expected.recipient) {
    refuse('assertion.confirmation', `The recipient is "${recipient ?? ''}", not "${expected.recipient}".`);
  }
  // SAML Profiles 4.1.4.2: the data has NotOnOrAfter and has no NotBefore.
  if (!notOnOrAfter || notBefore) refuse('assertion.confirmation', 'Its time limits are not those of a bearer.');
  checkWindow({ notOnOrAfter }, expected, 'The confirmation holds');
  if (inResponseTo !== expected.inResponseTo) {
    refuse(
      'response.in_response_to',
      `The confirmation answers "${inResponseTo ?? ''}", not "${expected.inResponseTo ?? ''}".`,
    );
  }
}

function checkAuthnStatements(statements: readonly AuthnStatement[], expected: ExpectedAssertion): AuthnStatement {
  const [statement] = statements;
  if (!statement) refuse('assertion.statement', 'There is no authentication statement.');
  checkWindow({ notBefore: statement.authnInstant }, expected, 'The authentication took place');
  checkWindow({ notOnOrAfter: statement.sessionNotOnOrAfter }, expected, 'The session lasts');
  const { requestedAuthnContext: requested, authnContextOrder: order = [] } = expected;
  const { contextClass = '' } = statement;
  if (requested && !satisfiesAuthnContext(requested, contextClass, order)) {
    refuse(
      'assertion.authn_context',
      `"${contextClass}" is not ${requested.comparison} ${requested.classes.join(', ')}.`,
    );
  }
  return statement;
}

function refuse(reason: SamlRefusal, detail: string): never {
  throw new SamlStatusError(reason, detail);
}
