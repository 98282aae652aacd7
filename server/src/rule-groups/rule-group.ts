import type { Purpose } from '@countersign/claims';
import { refuse } from './errors.ts';
import { whyNotRunnable } from './why-not-runnable.ts';

/** Claims rules, in order, that rule sets of one purpose include by reference. */
export interface RuleGroup {
  /** Its name, by which it is included and explained. Unique in the tenant in any case; it stays. */
  id: string;
  description: string | null;
  /** The kind of rule sets that may include it; it stays, since it decides who may change the group. */
  purpose: Purpose;
  /** In the claims rule language of AD FS. */
  rules: string;
  /** The claims mapping policy that the rules were made of, as it was written; absent: they were written themselves. */
  claimsMapping?: string | undefined;
}

const idForm = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
/** Explanations name the own rules of a trust like this. */
const ownRules: readonly string[] = ['acceptance', 'issuance', 'authorization'] satisfies Purpose[];
const longestDescription = 1_024;

/** @throws Refusal `rule-groups.invalid`, `rule-groups.rules_invalid` */
export function checkRuleGroup({ id, description, purpose, rules, claimsMapping }: RuleGroup): void {
  const invalid = (problem: string) => refuse('rule-groups.invalid', { id: id.slice(0, 100), problem });
  if (!idForm.test(id)) throw invalid('its id must be 1 to 64 letters, digits, dots, dashes and underscores');
  if (ownRules.includes(id.toLowerCase()))
    throw invalid('its id stands for the own rules of applications and providers');
  if (description !== null && description.length > longestDescription) {
    throw invalid(`its description is longer than ${longestDescription} characters`);
  }
  if (claimsMapping !== undefined && purpose !== 'issuance') {
    throw invalid('claims mapping policies make issuance rules, and no others');
  }
  const reason = whyNotRunnable([{ name: id, text: rules }]);
  if (reason !== undefined) throw refuse('rule-groups.rules_invalid', { id, reason });
}
