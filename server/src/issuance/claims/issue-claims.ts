import {
  type AccessDecision,
  type Claim,
  compileRules,
  decideAccess,
  type Evaluation,
  evaluateRules,
  type RuleSet,
} from '@countersign/claims';
import { RecentlyUsed } from '../../recently-used.ts';
import { defaultAuthorizationRules, defaultIssuanceRules } from './default-rules.ts';
import { attributesOf } from './look-up-attributes.ts';
import { type ClaimSubject, subjectClaims } from './subject-claims.ts';

/** The rules of an application; null for the usual ones. */
export interface ApplicationRules {
  issuanceRules: string | null;
  authorizationRules: string | null;
}

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

/** Most texts of rules that are kept compiled. */
const mostCompiled = 1_000;

/**
 * Makes the function that turns what is known of a person into the claims for an application: first the rules that say
 * whether the person may have a token, then those that make it.
 *
 * @returns a function that throws RuleError where the rules cannot run over these claims
 */
export function claimsIssuer(): IssueClaims {
  const compiled = new RecentlyUsed<RuleSet>(mostCompiled);
  const compile = (name: string, text: string) => {
    const known = compiled.get(text) ?? compileRules([{ name, text }]);
    compiled.keep(text, known);
    return known;
  };
  return async ({ issuanceRules, authorizationRules }, subject) => {
    const incoming = subjectClaims(subject);
    const lookUp = attributesOf(subject);
    const permits = compile('authorization', authorizationRules ?? defaultAuthorizationRules);
    const authorization = await evaluateRules(permits, incoming, lookUp);
    const access = decideAccess(authorization);
    if (!access.isPermitted) return { access, claims: [], authorization, issuance: undefined };
    const issuance = await evaluateRules(compile('issuance', issuanceRules ?? defaultIssuanceRules), incoming, lookUp);
    return { access, claims: issuance.issued.map(({ claim }) => claim), authorization, issuance };
  };
}
