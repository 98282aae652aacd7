import { isDeepStrictEqual } from 'node:util';
import { type Act, type AuditStore, auditEvent } from '../audit/index.ts';
import type { DirectoryStores } from '../directory/index.ts';
import { changeIncluded, noGroups, type RuleGroupStores } from '../rule-groups/index.ts';
import { refuse } from './errors.ts';
import { getServicePrincipal } from './find.ts';
import { checkRelyingParty, completeRelyingParty, type RelyingParty, type RelyingPartyInput } from './relying-party.ts';
import { checkRulesOfRelyingParty } from './relying-party-rules.ts';
import type { ApplicationStores } from './store.ts';

type Stores = Pick<DirectoryStores, 'objects'> &
  Pick<ApplicationStores, 'relyingParties'> &
  RuleGroupStores & { audit: AuditStore };

/**
 * Makes a service principal a relying party, or changes how it trusts us. What is not given stays as it is; under another
 * protocol only the rules do.
 *
 * @throws Refusal `directory.object_not_found`, `applications.relying_party_invalid`, `applications.rules_invalid`,
 *   `applications.relying_party_taken`, and as `composeRules` for groups that cannot be included
 */
export async function saveRelyingParty(
  stores: Stores,
  act: Act,
  servicePrincipalId: string,
  input: RelyingPartyInput,
): Promise<RelyingParty> {
  const principal = await getServicePrincipal(stores, act.tenantId, servicePrincipalId);
  await stores.ruleGroups.lock(act.tenantId);
  const before = await stores.relyingParties.find(act.tenantId, servicePrincipalId);
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const kept = before?.protocol === input.protocol ? before : rulesOf(before);
  const after = {
    ...completeRelyingParty(servicePrincipalId, { ...kept, ...input }),
    ...given,
    issuanceRuleGroups: changeIncluded(before?.issuanceRuleGroups ?? noGroups, input.issuanceRuleGroups),
    authorizationRuleGroups: changeIncluded(before?.authorizationRuleGroups ?? noGroups, input.authorizationRuleGroups),
    servicePrincipalId,
  };
  checkRelyingParty(after);
  if (isDeepStrictEqual(before, after)) return after;
  await checkRulesOfRelyingParty(stores, act.tenantId, after);
  const isKept = await stores.relyingParties.save(act.tenantId, after, act.now);
  if (!isKept) throw refuse('applications.relying_party_taken', { identifier: after.identifier });
  const verb = before ? 'relyingParty.update' : 'relyingParty.create';
  await stores.audit.append([event(act, verb, principal.attributes.displayName, before, after)]);
  return after;
}

function rulesOf(party: RelyingParty | undefined): Partial<RelyingParty> {
  return party ? { issuanceRules: party.issuanceRules, authorizationRules: party.authorizationRules } : {};
}

/** @throws Refusal `applications.relying_party_not_found` */
export async function getRelyingParty(
  stores: Pick<ApplicationStores, 'relyingParties'>,
  tenantId: string,
  servicePrincipalId: string,
): Promise<RelyingParty> {
  const found = await stores.relyingParties.find(tenantId, servicePrincipalId);
  if (!found) throw refuse('applications.relying_party_not_found', { id: servicePrincipalId });
  return found;
}

/** @throws Refusal `applications.relying_party_not_found` */
export async function removeRelyingParty(stores: Stores, act: Act, servicePrincipalId: string): Promise<void> {
  const before = await getRelyingParty(stores, act.tenantId, servicePrincipalId);
  const { attributes } = await getServicePrincipal(stores, act.tenantId, servicePrincipalId);
  await stores.relyingParties.remove(act.tenantId, servicePrincipalId, act.now);
  await stores.audit.append([event(act, 'relyingParty.delete', attributes.displayName, before, undefined)]);
}

function event(
  act: Act,
  verb: string,
  name: string,
  before: RelyingParty | undefined,
  after: RelyingParty | undefined,
) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]) as Set<keyof RelyingParty>;
  const changes = [...names].flatMap((property) => {
    const change = { before: before?.[property], after: after?.[property] };
    return JSON.stringify(change.before) === JSON.stringify(change.after) ? [] : [{ property, ...change }];
  });
  const id = (after ?? before)?.servicePrincipalId ?? null;
  return auditEvent(act, verb, { kind: 'relyingParty', id, name }, changes);
}
