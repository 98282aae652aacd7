import type { RuleGroup as RuleText } from '@countersign/claims';
import { composeRules, type RuleGroupStores, whyNotRunnable } from '../rule-groups/index.ts';
import { refuse } from './errors.ts';
import type { RelyingParty } from './relying-party.ts';

/** The rule sets of an application, each in the order in which it runs; undefined for the usual one. */
export interface ApplicationRules {
  issuance: readonly RuleText[] | undefined;
  authorization: readonly RuleText[] | undefined;
}

/** Of a relying party, what its rules are made of. */
type RulesOfRelyingParty = Pick<
  RelyingParty,
  'issuanceRules' | 'issuanceRuleGroups' | 'authorizationRules' | 'authorizationRuleGroups'
>;

/**
 * Puts the rules of an application together with the groups that it includes.
 * @throws Refusal as `composeRules`
 */
export async function rulesOfRelyingParty(
  stores: RuleGroupStores,
  tenantId: string,
  { issuanceRules, issuanceRuleGroups, authorizationRules, authorizationRuleGroups }: RulesOfRelyingParty,
): Promise<ApplicationRules> {
  const issuance = { own: issuanceRules, included: issuanceRuleGroups };
  const authorization = { own: authorizationRules, included: authorizationRuleGroups };
  return {
    issuance: await composeRules(stores, tenantId, 'issuance', issuance),
    authorization: await composeRules(stores, tenantId, 'authorization', authorization),
  };
}

/** @throws Refusal `applications.rules_invalid`, and as `composeRules` */
export async function checkRulesOfRelyingParty(
  stores: RuleGroupStores,
  tenantId: string,
  party: RulesOfRelyingParty,
): Promise<void> {
  const rules = await rulesOfRelyingParty(stores, tenantId, party);
  for (const purpose of ['issuance', 'authorization'] as const) {
    const reason = whyNotRunnable(rules[purpose] ?? []);
    if (reason !== undefined) throw refuse('applications.rules_invalid', { property: `${purpose}Rules`, reason });
  }
}
