import {
  type AccessDecision,
  type Claim,
  compileRules,
  decideAccess,
  type Evaluation,
  evaluateRules,
  RuleError,
  type RuleGroup,
  type RuleSet,
} from '@countersign/claims';
import type { ApplicationRules } from '../../applications/index.ts';
import { RecentlyUsed } from '../../recently-used.ts';
import { refuse } from '../errors.ts';
import { defaultAuthorizationRules, defaultIssuanceRules } from './default-rules.ts';
import { attributesOf } from './look-up-attributes.ts';
import { type ClaimSubject, subjectClaims } from './subject-claims.ts';

/** What came of an application's rules for a person. */
export interface IssuedClaims {
  /** Nothing is issued to whom this refuses. */
  access: AccessDecision;
  /** Output of the issuance rules, in order. */
  claims: readonly Claim[];
  /** How each came about. */
  authorization: Evaluation;
  issuance: Evaluation | undefined;
}

/** Runs the rules of applications. */
export type IssueClaims = (rules: ApplicationRules, subject: ClaimSubject) => Promise<IssuedClaims>;

const usualAuthorization = [{ name: 'authorization', text: defaultAuthorizationRules }];
const usualIssuance = [{ name: 'issuance', text: defaultIssuanceRules }];

/** Most rule sets that are kept compiled. */
const mostCompiled = 1_000;

/**
 * Makes the function that turns what is known of a person into the claims for an application: first the rules that say
 * whether the person may have a token, then those that make it.
 *
 * @returns a function that throws Refusal `issuance.rules_failed` where the rules cannot run over these claims
 */
export function claimsIssuer(): IssueClaims {
  const compiled = new RecentlyUsed<RuleSet>(mostCompiled);
  const compile = (rules: readonly RuleGroup[]) => {
    const key = JSON.stringify(rules);
    const known = compiled.get(key) ?? compileRules(rules);
    compiled.keep(key, known);
    return known;
  };
  const issue: IssueClaims = async (rules, subject) => {
    const incoming = subjectClaims(subject);
    const lookUp = attributesOf(subject);
    const authorization = await evaluateRules(compile(rules.authorization ?? usualAuthorization), incoming, lookUp);
    const access = decideAccess(authorization);
    if (!access.isPermitted) return { access, claims: [], authorization, issuance: undefined };
    const issuance = await evaluateRules(compile(rules.issuance ?? usualIssuance), incoming, lookUp);
    return { access, claims: issuance.issued.map(({ claim }) => claim), authorization, issuance };
  };
  return (rules, subject) =>
    issue(rules, subject).catch((error) => {
      throw error instanceof RuleError ? refuse('issuance.rules_failed', { problem: error.message }, error) : error;
    });
}
