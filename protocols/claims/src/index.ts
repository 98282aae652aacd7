/**
 * Claims and the rule language of AD FS: reads the text of rules, checks it, runs it over claims, and explains every
 * claim that comes out. It relies on re2js for regular expressions in linear time. It knows no token format, keeps
 * nothing, and asks attribute stores only through a function that it is given.
 *
 * Sources: "The Role of the Claim Rule Language", "When to Use a Custom Claim Rule" and their neighbours in the AD FS
 * technical reference (https://learn.microsoft.com/windows-server/identity/ad-fs/technical-reference/), and the grammar
 * of the language's subset in [MS-CTA] 2.1.4.1
 * (https://learn.microsoft.com/openspecs/windows_protocols/ms-cta/7d2cd4f8-f958-405e-9956-a16aa8920b25).
 *
 * The life of rules and claims:
 *
 *     text --parseRules--> syntax tree --printRules--> text      formFromText, textFromForm: rows for simple rules
 *     rule groups --compileRules--> RuleSet (or RuleError)       checkRules: every error and warning, with advice
 *     RuleSet, claims --evaluateRules--> Evaluation              explain: why each rule ran, where each claim is from
 *     Evaluation --decideAccess--> may the person have a token?  (authorization rule sets)
 *
 * The grammar; words are read in any case, and white space and comments (// and slash-star) may stand between them:
 *
 *     rules      = *rule
 *     rule       = *annotation [ condition *( "&&" condition ) ] "=>" statement ";"
 *     annotation = ( "@RuleName" / "@RuleTemplate" ) "=" string
 *     condition  = [ variable ":" ] selector
 *                / [ "NOT" ] "EXISTS" "(" selector ")"
 *                / "COUNT" "(" selector ")" ( "==" / "!=" / "<" / "<=" / ">" / ">=" ) number
 *     selector   = "[" [ test *( "," test ) ] "]"
 *     test       = property ( "==" / "!=" / "=~" / "!~" ) expression
 *     property   = "Type" / "Value" / "ValueType" / "Issuer" / "OriginalIssuer" / "Properties" "[" string "]"
 *     statement  = ( "issue" / "add" ) "(" ( copy / new / query ) ")"
 *     copy       = "claim" "=" variable
 *     new        = property "=" expression *( "," property "=" expression )
 *     query      = "store" "=" string "," "types" "=" "(" string *( "," string ) ")" "," "query" "=" string
 *                  *( "," "param" "=" expression )
 *     expression = term *( "+" term )
 *     term       = string / variable "." property / function "(" [ expression *( "," expression ) ] ")"
 *     string     = DQUOTE *<any character but DQUOTE, CR, LF> DQUOTE
 *     variable   = function = <a letter or "_", then letters, digits, "_">
 *
 * Deviation: AD FS documents no comments, has no ToLower and ToUpper, and says that conditions which bind claims do not
 * mix with EXISTS and COUNT; all of this works here. Queries to stores are texts and not expressions, so that what a
 * claim contributes goes through parameters, where it can be escaped.
 */
export { checkRules } from './check-rules.ts';
export { type Claim, claimsFrom, claimTypes, localAuthority, type StatedClaim, stringValueType } from './claim.ts';
export type { RuleReference } from './compile-rule.ts';
export { compileRules, type RuleGroup, type RuleSet } from './compile-rules.ts';
export { type AccessDecision, decideAccess } from './decide-access.ts';
export { type DirectoryQuery, parseDirectoryQuery } from './directory-query.ts';
export { type Finding, type FindingCode, findingKinds, RuleError, type Severity } from './errors.ts';
export {
  type AttributeQuery,
  type Evaluation,
  evaluateRules,
  type LookUpAttributes,
  type RuleOutcome,
} from './evaluate-rules.ts';
export { type ClaimExplanation, type Explanation, explain, type RuleExplanation } from './explain.ts';
export { type FormEntry, type FormRow, formFromText, textFromForm } from './form.ts';
export { limits } from './limits.ts';
export { parseRules } from './parse-rules.ts';
export { printRules } from './print-rules.ts';
export type { CheckContext, Purpose } from './rule-checks.ts';
export type * from './syntax-tree.ts';
export type { Derivation, DerivedClaim } from './working-set.ts';
