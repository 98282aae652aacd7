import { claimsMappingPolicy, type claimsMappingPolicyOperations } from '@countersign/management-api';
import { getRelyingParty, type RelyingParty, saveRelyingParty } from '../../../applications/index.ts';
import {
  changeRuleGroup,
  createRuleGroup,
  type GivenGroups,
  getRuleGroup,
  type RuleGroup,
  type RuleGroupStores,
  removeRuleGroup,
} from '../../../rule-groups/index.ts';
import { answerResource, answerResources } from '../answer-resource.ts';
import type { Call, Handlers, ManagementStores } from '../call.ts';
import { keptOfClaimsMapping } from '../claims-mapping.ts';
import { alreadyThere, notFound } from '../error.ts';
import { referencedId } from '../object-id.ts';
import type { Shown } from '../resource-view.ts';
import { servicePrincipalOf } from '../service-principal-of.ts';

// A policy is a group of issuance rules that are made of it, and is assigned by being included.

const collection = 'policies/claimsMappingPolicies';

export const claimsMappingPolicyHandlers = {
  listClaimsMappingPolicies: async (call) => {
    const groups = await call.storage.read.ruleGroups.list(call.tenantId);
    return answerResources(call, claimsMappingPolicy, collection, groups.filter(isPolicy).map(view));
  },
  createClaimsMappingPolicy: async (call) => {
    const { displayName, definition } = call.body;
    const policy: Policy = {
      id: call.act.newId(),
      description: displayName,
      purpose: 'issuance',
      ...keptOfClaimsMapping(definition.join('')),
    };
    await call.storage.write((stores) => createRuleGroup(stores, call.act, policy));
    return answerResource(call, claimsMappingPolicy, collection, view(policy));
  },
  getClaimsMappingPolicy: async (call) => {
    const found = await getPolicy(call, call.parameters.id);
    return answerResource(call, claimsMappingPolicy, collection, view(found));
  },
  updateClaimsMappingPolicy: async (call) => {
    const { id } = await getPolicy(call, call.parameters.id);
    const { displayName: description, definition } = call.body;
    const change = { description, ...(definition && keptOfClaimsMapping(definition.join(''))) };
    await call.storage.write((stores) => changeRuleGroup(stores, call.act, id, change));
    return {};
  },
  deleteClaimsMappingPolicy: async (call) => {
    const { id } = await getPolicy(call, call.parameters.id);
    await call.storage.write((stores) => removeRuleGroup(stores, call.act, id));
    return {};
  },
  listServicePrincipalClaimsMappingPolicies: async (call) => {
    const { id } = await servicePrincipalOf(call);
    const party = await call.storage.read.relyingParties.find(call.tenantId, id);
    const found = party ? await policiesOf(call.storage.read, call.tenantId, party) : [];
    return answerResources(call, claimsMappingPolicy, collection, found.map(view));
  },
  assignClaimsMappingPolicy: async (call) => {
    const principal = await servicePrincipalOf(call);
    const { id } = await getPolicy(call, referencedId(call.body['@odata.id']));
    await changeIncluded(call, principal.id, async (stores, party) => {
      const assigned = await policiesOf(stores, call.tenantId, party);
      if (assigned.length > 0) throw alreadyThere('claimsMappingPolicies');
      return { before: [...party.issuanceRuleGroups.before, id] };
    });
    return {};
  },
  removeClaimsMappingPolicy: async (call) => {
    const principal = await servicePrincipalOf(call);
    const { policyId } = call.parameters;
    await changeIncluded(call, principal.id, async (stores, party) => {
      const assigned = await policiesOf(stores, call.tenantId, party);
      const isOther = (id: string) => id.toLowerCase() !== policyId.toLowerCase();
      if (assigned.every(({ id }) => isOther(id))) throw notFound(policyId);
      const { before, after } = party.issuanceRuleGroups;
      return { before: before.filter(isOther), after: after.filter(isOther) };
    });
    return {};
  },
} satisfies Handlers<typeof claimsMappingPolicyOperations>;

type Policy = RuleGroup & { claimsMapping: string };

function isPolicy(group: RuleGroup): group is Policy {
  return group.claimsMapping !== undefined;
}

/** Groups whose rules were written themselves are no policies. */
async function getPolicy({ storage, tenantId }: Call, id: string): Promise<Policy> {
  const found = await getRuleGroup(storage.read, tenantId, id);
  if (!isPolicy(found)) throw notFound(id);
  return found;
}

async function policiesOf(
  { ruleGroups }: RuleGroupStores,
  tenantId: string,
  { issuanceRuleGroups: { before, after } }: RelyingParty,
): Promise<Policy[]> {
  const included = [...before, ...after];
  return included.length > 0 ? (await ruleGroups.findMany(tenantId, included)).filter(isPolicy) : [];
}

/** @throws Refusal `applications.relying_party_not_found` for applications that get no assertions */
function changeIncluded(
  { storage, act }: Call,
  servicePrincipalId: string,
  decide: (stores: ManagementStores, party: RelyingParty) => Promise<GivenGroups>,
): Promise<RelyingParty> {
  return storage.write(async (stores) => {
    await stores.ruleGroups.lock(act.tenantId);
    const party = await getRelyingParty(stores, act.tenantId, servicePrincipalId);
    const { protocol, identifier } = party;
    const issuanceRuleGroups = await decide(stores, party);
    return saveRelyingParty(stores, act, servicePrincipalId, { protocol, identifier, issuanceRuleGroups });
  });
}

function view({ id, description, claimsMapping }: Policy): Shown {
  return { id, displayName: description ?? id, definition: [claimsMapping], isOrganizationDefault: false };
}
