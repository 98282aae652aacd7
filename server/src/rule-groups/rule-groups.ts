import { isDeepStrictEqual } from 'node:util';
import { type Act, type AuditChange, type AuditStore, auditEvent } from '../audit/index.ts';
import { refuse } from './errors.ts';
import { checkRuleGroup, type RuleGroup } from './rule-group.ts';
import type { RuleGroupStores } from './store.ts';

type Writing = RuleGroupStores & { audit: AuditStore };

/** @throws Refusal `rule-groups.not_found` */
export async function getRuleGroup({ ruleGroups }: RuleGroupStores, tenantId: string, id: string): Promise<RuleGroup> {
  const found = await ruleGroups.find(tenantId, id);
  if (!found) throw refuse('rule-groups.not_found', { id: id.slice(0, 100) });
  return found;
}

/** @throws Refusal `rule-groups.exists`, `rule-groups.invalid`, `rule-groups.rules_invalid` */
export async function createRuleGroup(stores: Writing, act: Act, group: RuleGroup): Promise<RuleGroup> {
  await stores.ruleGroups.lock(act.tenantId);
  const twin = await stores.ruleGroups.find(act.tenantId, group.id);
  if (twin) throw refuse('rule-groups.exists', { id: twin.id });
  await save(stores, act, undefined, group);
  return group;
}

/** What is left out stays. Rules that come with a policy are made of it. */
interface RuleGroupChange {
  description?: RuleGroup['description'] | undefined;
  rules?: string | undefined;
  claimsMapping?: string | undefined;
}

/**
 * Changes what is given. It holds for every trust that includes the group, from the next token on.
 *
 * @throws Refusal `rule-groups.not_found`, `rule-groups.invalid`, `rule-groups.rules_invalid`
 */
export async function changeRuleGroup(stores: Writing, act: Act, id: string, change: RuleGroupChange): Promise<void> {
  await stores.ruleGroups.lock(act.tenantId);
  const before = await getRuleGroup(stores, act.tenantId, id);
  const { description = before.description, rules = before.rules, claimsMapping = before.claimsMapping } = change;
  if (claimsMapping !== undefined && change.rules !== undefined && change.claimsMapping === undefined) {
    throw refuse('rule-groups.invalid', { id: before.id, problem: 'its rules are made of its claims mapping policy' });
  }
  await save(stores, act, before, { ...before, description, rules, claimsMapping });
}

/** Most trusts that a refusal names. */
const mostNamed = 5;

/** @throws Refusal `rule-groups.not_found`, `rule-groups.in_use` */
export async function removeRuleGroup(stores: Writing, act: Act, id: string): Promise<void> {
  await stores.ruleGroups.lock(act.tenantId);
  const before = await getRuleGroup(stores, act.tenantId, id);
  const uses = await stores.ruleGroups.listUses(act.tenantId, before.id, mostNamed + 1);
  if (uses.length > 0) {
    const named = uses.slice(0, mostNamed).map(({ kind, name }) => `${nounOf[kind]} ${name}`);
    throw refuse('rule-groups.in_use', {
      id: before.id,
      places: [...named, ...(uses.length > mostNamed ? ['others'] : [])].join(', '),
    });
  }
  await stores.ruleGroups.remove(act.tenantId, before.id, act.now);
  await stores.audit.append([event(act, 'ruleGroup.delete', before, changesOf(before, undefined))]);
}

const nounOf = { relyingParty: 'the application', identityProvider: 'the identity provider' } as const;

async function save(stores: Writing, act: Act, before: RuleGroup | undefined, after: RuleGroup): Promise<void> {
  const changes = changesOf(before, after);
  if (changes.length === 0) return;
  checkRuleGroup(after);
  await stores.ruleGroups.save(act.tenantId, after, act.now);
  await stores.audit.append([event(act, before ? 'ruleGroup.update' : 'ruleGroup.create', after, changes)]);
}

function event(act: Act, verb: string, { id }: RuleGroup, changes: AuditChange[]) {
  return auditEvent(act, verb, { kind: 'ruleGroup', id, name: id }, changes);
}

function changesOf(before: RuleGroup | undefined, after: RuleGroup | undefined): AuditChange[] {
  const names = new Set(Object.keys({ ...before, ...after })) as Set<keyof RuleGroup>;
  return [...names].flatMap((property) => {
    const change = { before: before?.[property], after: after?.[property] };
    return isDeepStrictEqual(change.before, change.after) ? [] : [{ property, ...change }];
  });
}
