import type { RuleGroup as RuleText } from '@countersign/claims';
import { subjectClaimTypes } from '../issuance/index.ts';
import { composeRules, type RuleGroupStores, whyNotRunnable } from '../rule-groups/index.ts';
import { refuse } from './errors.ts';
import type { UpstreamProtocolName, UpstreamProvider } from './provider.ts';

/** Interop: by this claim Entra and its Connect name the user of an on-premises directory. */
export const immutableIdClaim = 'http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID';

const { givenName, surname, displayName, emailAddress, upn, name } = subjectClaimTypes;

/** Claims by URI, as WS-Federation and Microsoft's SAML have them. */
const byUri = [givenName, surname, displayName, name, emailAddress, upn, immutableIdClaim].map((type) =>
  renamed(type, type),
);

/** Attributes by object identifier, as LDAP and eduPerson have them (RFC 4519, RFC 2798; X.500 profile of SAML Profiles 8.2). */
const byObjectIdentifier = [
  renamed('urn:oid:2.5.4.42', givenName),
  renamed('urn:oid:2.5.4.4', surname),
  renamed('urn:oid:2.16.840.1.113730.3.1.241', displayName),
  renamed('urn:oid:0.9.2342.19200300.100.1.3', emailAddress),
];

/** Interop: SimpleSAMLphp and LemonLDAP::NG send LDAP's names as they are, pysaml2 those of MACE-Dir. */
const byLdapName = ['', 'urn:mace:dir:attribute-def:'].flatMap((prefix) => [
  renamed(`${prefix}givenName`, givenName),
  renamed(`${prefix}sn`, surname),
  renamed(`${prefix}displayName`, displayName),
  renamed(`${prefix}mail`, emailAddress),
]);

/** What becomes of the claims of providers without rules of their own: who somebody is, and nothing about rights. */
const usualRules: Readonly<Record<UpstreamProtocolName, string>> = {
  // OIDC Core 5.1. An address that the provider has not verified is nobody's.
  oidc: [
    renamed('given_name', givenName),
    renamed('family_name', surname),
    renamed('name', displayName),
    renamed('upn', upn),
    `c:[Type == "email"] && EXISTS([Type == "email_verified", Value == "true"]) => ${issuing(emailAddress)}`,
  ].join('\n'),
  saml: [...byUri, ...byObjectIdentifier, ...byLdapName].join('\n'),
  wsFederation: byUri.join('\n'),
};

function renamed(from: string, to: string): string {
  return `c:[Type == "${from}"] => ${issuing(to)}`;
}

function issuing(type: string): string {
  return `issue(Type = "${type}", Value = c.Value, Issuer = c.Issuer, OriginalIssuer = c.OriginalIssuer);`;
}

/**
 * The rules of a provider with the groups that it includes, in the order in which they run; the usual ones if it has neither.
 * @throws Refusal as `composeRules`
 */
export async function acceptanceRulesOf(
  stores: RuleGroupStores,
  tenantId: string,
  { protocol, acceptanceRules, acceptanceRuleGroups }: UpstreamProvider,
): Promise<readonly RuleText[]> {
  const sources = { own: acceptanceRules, included: acceptanceRuleGroups };
  const composed = await composeRules(stores, tenantId, 'acceptance', sources);
  return composed ?? [{ name: 'acceptance', text: usualRules[protocol] }];
}

/** @throws Refusal `upstream-providers.invalid`, and as `composeRules` */
export async function checkAcceptanceRules(
  stores: RuleGroupStores,
  tenantId: string,
  provider: UpstreamProvider,
): Promise<void> {
  const reason = whyNotRunnable(await acceptanceRulesOf(stores, tenantId, provider));
  if (reason === undefined) return;
  throw refuse('upstream-providers.invalid', {
    id: provider.id,
    problem: `its acceptance rules cannot run: ${reason}`,
  });
}
