import type { Purpose, RuleGroup as RuleText } from '@countersign/claims';
import { refuse } from './errors.ts';
import type { RuleGroupStores } from './store.ts';

/** The groups that a rule set includes, by id: those that run before the own rules, and those that run after them. */
export interface IncludedGroups {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export const noGroups: IncludedGroups = { before: [], after: [] };

/** What a request says of them; what it leaves out stays. */
export interface GivenGroups {
  readonly before?: readonly string[] | undefined;
  readonly after?: readonly string[] | undefined;
}

export function changeIncluded(known: IncludedGroups, given: GivenGroups | undefined): IncludedGroups {
  return { before: given?.before ?? known.before, after: given?.after ?? known.after };
}

/** Most groups that one rule set includes. */
const mostGroups = 50;

/** What a rule set is made of. */
interface RuleSources {
  /** Null: none. */
  readonly own: string | null;
  readonly included: IncludedGroups;
}

/**
 * Puts the rules of a trust together, in the order in which they run. The own rules are named by the purpose.
 *
 * @returns undefined when there are neither own rules nor groups, so that the usual rules run; only then they do, so that
 *   who narrows by a group who may have a token need not take back what the usual rules permit
 * @throws Refusal `rule-groups.not_found`, `rule-groups.wrong_purpose`, `rule-groups.too_many`
 */
export async function composeRules(
  { ruleGroups }: RuleGroupStores,
  tenantId: string,
  purpose: Purpose,
  { own, included: { before, after } }: RuleSources,
): Promise<readonly RuleText[] | undefined> {
  const ids = [...before, ...after];
  if (ids.length > mostGroups) throw refuse('rule-groups.too_many', { most: mostGroups });
  const known = ids.length > 0 ? await ruleGroups.findMany(tenantId, ids) : [];
  const textOf = (id: string): RuleText => {
    const group = known.find((each) => each.id.toLowerCase() === id.toLowerCase());
    if (!group) throw refuse('rule-groups.not_found', { id: id.slice(0, 100) });
    if (group.purpose !== purpose) throw refuse('rule-groups.wrong_purpose', { id, purpose: group.purpose });
    return { name: group.id, text: group.rules };
  };
  const ownRules = own === null ? [] : [{ name: purpose, text: own }];
  const composed = [...before.map(textOf), ...ownRules, ...after.map(textOf)];
  return composed.length > 0 ? composed : undefined;
}
