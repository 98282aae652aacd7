import { type claimsRuleOperations, ruleGroup, ruleGroupWriters } from '@countersign/management-api';
import { attributeStores } from '../../../issuance/index.ts';
import {
  changeRuleGroup,
  createRuleGroup,
  getRuleGroup,
  type RuleGroup,
  removeRuleGroup,
  ruleFormOf,
} from '../../../rule-groups/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, Handlers } from '../call.ts';
import { checkAccess } from '../check-access.ts';
import { keptOfClaimsMapping } from '../claims-mapping.ts';
import { badRequest } from '../error.ts';
import { contextUrl } from '../pages.ts';
import type { Shown } from '../resource-view.ts';

const collection = 'claimsRules/groups';

/** Most trusts that are shown with a group. */
const mostUses = 100;

export const claimsRuleHandlers = {
  listRuleGroups: async (call) => {
    const found = await call.storage.read.ruleGroups.list(call.tenantId);
    return answerResources(call, ruleGroup, collection, await Promise.all(found.map((group) => viewOf(call, group))));
  },
  createRuleGroup: async (call) => {
    const { body } = call;
    checkAccess(ruleGroupWriters[body.purpose], call.caller);
    const { rules, claimsMapping } = writtenRules(body);
    if (rules === undefined) throw badRequest("A group needs 'rules', or 'claimsMapping' of which they are made.");
    const group = { ...body, rules, claimsMapping };
    const made = await call.storage.write((stores) => createRuleGroup(stores, call.act, group));
    return answerResource(call, ruleGroup, collection, await viewOf(call, made));
  },
  getRuleGroup: async (call) => {
    const found = await getRuleGroup(call.storage.read, call.tenantId, call.parameters.id);
    return answerResource(call, ruleGroup, collection, await viewOf(call, found));
  },
  updateRuleGroup: async (call) => {
    const { id } = await writableGroup(call, call.parameters.id);
    const change = { ...call.body, ...writtenRules(call.body) };
    await call.storage.write((stores) => changeRuleGroup(stores, call.act, id, change));
    return {};
  },
  deleteRuleGroup: async (call) => {
    const { id } = await writableGroup(call, call.parameters.id);
    await call.storage.write((stores) => removeRuleGroup(stores, call.act, id));
    return {};
  },
  convertClaimsRules: async (call) => {
    const { purpose, ...given } = call.body;
    // Acceptance rules run before it is known whom of the directory a person is.
    const stores: typeof attributeStores = purpose === 'acceptance' ? new Map() : attributeStores;
    const form = ruleFormOf(given, { purpose, stores });
    return { body: { '@odata.context': contextUrl(call, 'claimsRules/convert'), ...form } };
  },
} satisfies Handlers<typeof claimsRuleOperations>;

interface WrittenRules {
  rules?: string | undefined;
  claimsMapping?: string | undefined;
}

/** What a request says of the rules: themselves, or the policy that they are made of. */
function writtenRules({ rules, claimsMapping }: WrittenRules): WrittenRules {
  if (claimsMapping === undefined) return { rules };
  if (rules !== undefined) throw badRequest("Give 'rules' or 'claimsMapping'; the rules are made of the latter.");
  return keptOfClaimsMapping(claimsMapping);
}

/** The group, when the caller may write the rules of those who can include it. Its purpose never changes. */
async function writableGroup(call: Call, id: string): Promise<RuleGroup> {
  const found = await getRuleGroup(call.storage.read, call.tenantId, id);
  checkAccess(ruleGroupWriters[found.purpose], call.caller);
  return found;
}

async function viewOf({ storage, tenantId }: Call, group: RuleGroup): Promise<Shown> {
  return { ...group, includedBy: await storage.read.ruleGroups.listUses(tenantId, group.id, mostUses) };
}
