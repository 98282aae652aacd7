import { type Claim, claimsFrom, compileRules, evaluateRules, RuleError } from '@countersign/claims';
import { domainOf, type Tenant } from '../directory/index.ts';
import { subjectClaimTypes } from '../issuance/index.ts';
import type { RuleGroupStores } from '../rule-groups/index.ts';
import { acceptanceRulesOf } from './acceptance-rules.ts';
import { refuse } from './errors.ts';
import { federatedDomainsOf } from './federated-domains.ts';
import type { UpstreamIdentity } from './identity.ts';
import type { UpstreamProvider } from './provider.ts';

/** Claims that name somebody within a domain. */
const namesInDomains: ReadonlySet<string> = new Set([subjectClaimTypes.upn, subjectClaimTypes.emailAddress]);

/**
 * What is believed of the claims of a provider: the output of its acceptance rules, without names in domains for which it
 * does not speak. Those are the tenant's own domains, unless they are federated with it, and every other one when it has
 * domains at all.
 *
 * @throws Refusal `upstream-providers.rules_failed` where they cannot run over these claims
 */
export async function acceptClaims(
  stores: RuleGroupStores,
  tenant: Tenant,
  provider: UpstreamProvider,
  { claims }: UpstreamIdentity,
): Promise<Claim[]> {
  const accepted = await applyRules(stores, tenant.id, provider, claimsFrom(provider.issuer, claims));
  return accepted.filter(
    ({ type, value }) => !namesInDomains.has(type) || speaksFor(tenant, provider, domainOf(value)),
  );
}

async function applyRules(
  stores: RuleGroupStores,
  tenantId: string,
  provider: UpstreamProvider,
  claims: Claim[],
): Promise<Claim[]> {
  const { id, issuer } = provider;
  const rules = await acceptanceRulesOf(stores, tenantId, provider);
  try {
    const { issued } = await evaluateRules(compileRules(rules), claims);
    // Whatever a rule says, the word is this provider's and nobody else's (bad-inputs 13).
    return issued.map(({ claim }) => ({ ...claim, issuer }));
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw refuse('upstream-providers.rules_failed', { id, problem: error.message }, error);
  }
}

/** Whether the provider may name people of the domain. */
function speaksFor(tenant: Tenant, provider: UpstreamProvider, domain: string): boolean {
  const own = federatedDomainsOf(tenant, provider);
  if (own.includes(domain) || provider.domains.includes(domain)) return true;
  const isTenants = tenant.domains.some(({ name, verifiedAt }) => verifiedAt !== null && name === domain);
  return !isTenants && own.length === 0 && provider.domains.length === 0;
}
