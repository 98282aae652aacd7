import { z } from 'zod';
import { resource, text, texts } from './property.ts';

/** What rules are for: to take over what a provider states, to make the claims of a token, to decide who may have one. */
const purpose = z.enum(['acceptance', 'issuance', 'authorization']);

/** The groups that a rule set includes, by id, in the order in which they run: before its own rules, and after them. */
export const includedRuleGroups = z.strictObject({ before: texts, after: texts }).partial();

/** Claims rules that applications or identity providers share. Its id is its name. */
export const ruleGroup = resource('countersign.claimsRuleGroup', {
  description: text,
  purpose,
  /** In the claims rule language of AD FS. */
  rules: z.string(),
  /** The claims mapping policy that the rules are made of, in JSON; null when they are written themselves. */
  claimsMapping: text,
  /** Applications, by service principal, and identity providers that include it; the first hundred. */
  includedBy: z.array(
    z.looseObject({ kind: z.enum(['relyingParty', 'identityProvider']), id: z.string(), name: z.string() }),
  ),
});

/** Rules, or what they are made of. */
const written = { rules: z.string(), claimsMapping: z.string() };

/** The id and the purpose stay. */
export const createRuleGroupRequest = z
  .strictObject({ id: z.string(), purpose, description: text.default(null), ...written })
  .partial({ rules: true, claimsMapping: true });

export const updateRuleGroupRequest = z.strictObject({ description: text, ...written }).partial();

/** What a claim must be, and what becomes of it. What is left out may be anything, and is passed on as it is. */
const row = z.strictObject({
  inputIssuer: z.string().optional(),
  inputType: z.string().optional(),
  inputValue: z.string().optional(),
  outputType: z.string().optional(),
  outputValue: z.string().optional(),
  /** Whether the claim stays that of the input's issuer, or becomes the tenant's own. */
  outputIssuer: z.enum(['input', 'local']).default('input'),
  description: z.string().default(''),
});

const formEntry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('row'), row }),
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
]);

/** Either a text or rows; with the purpose for which the rules are checked. */
export const convertRulesRequest = z.union([
  z.strictObject({ text: z.string(), purpose: purpose.default('issuance') }),
  z.strictObject({ entries: z.array(formEntry).max(2_000), purpose: purpose.default('issuance') }),
]);

/** Rules as text and as rows, and what the checker says of them. */
export const convertedRules = z.looseObject({
  '@odata.context': z.string().optional(),
  text: z.string(),
  /** A row for each rule, or the text of a rule that says more than a row can. */
  entries: z.array(formEntry),
  /** Numbers of those rules, from 1. */
  rulesWithoutRow: z.array(z.int()),
  findings: z.array(
    z.looseObject({
      code: z.string(),
      severity: z.enum(['error', 'warning']),
      message: z.string(),
      advice: z.string(),
      at: z.looseObject({ line: z.int(), column: z.int() }).optional(),
    }),
  ),
});
