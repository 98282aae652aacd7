/**
 * Claims rules that applications and identity providers of a tenant share: kept under a name, checked when they are saved,
 * and put together with the rules of a trust to the rule set that runs. Relies on the rule language; does not know who
 * includes a group, beyond a name to tell.
 *
 * ```
 * IncludedGroups.before -> own rules of the trust -> IncludedGroups.after = one rule set, in this order
 * ```
 */
export { changeIncluded, composeRules, type GivenGroups, type IncludedGroups, noGroups } from './compose-rules.ts';
export { ruleGroupsErrors } from './errors.ts';
export { ruleFormOf } from './rule-form.ts';
export type { RuleGroup } from './rule-group.ts';
export { changeRuleGroup, createRuleGroup, getRuleGroup, removeRuleGroup } from './rule-groups.ts';
export type { RuleGroupStore, RuleGroupStores, RuleGroupUse } from './store.ts';
export { whyNotRunnable } from './why-not-runnable.ts';
