import type { AttributeChange, Attributes, AttributeValue } from './attribute.ts';
import { refuse } from './errors.ts';
import { fold } from './fold.ts';
import { isIdentity } from './identity.ts';
import type { DirectoryStores } from './store.ts';

const ownSignInType = 'userPrincipalName';

/**
 * The change with identities as they are kept: the one that only repeats the user principal name is not kept, since it
 * would have to follow every renaming. Microsoft Graph shows it, so clients send it back; a user without a user principal
 * name gets it from there.
 *
 * @throws Refusal `directory.attribute_invalid` when it contradicts the user principal name
 */
export function withoutOwnIdentity(change: AttributeChange, before: Attributes): AttributeChange {
  const { identities } = change;
  if (!Array.isArray(identities)) return change;
  const isOwn = (value: AttributeValue) => isIdentity(value) && value.signInType === ownSignInType;
  const own = identities.find(isOwn);
  const kept = { ...change, identities: identities.filter((value) => !isOwn(value)) };
  if (own === undefined || !isIdentity(own)) return kept;
  const userPrincipalName = change['userPrincipalName'] ?? before['userPrincipalName'] ?? own.issuerAssignedId;
  if (fold(String(userPrincipalName)) !== fold(String(own.issuerAssignedId))) {
    const problem = 'has a sign-in name of type userPrincipalName that is not the user principal name';
    throw refuse('directory.attribute_invalid', { attribute: 'identities', problem });
  }
  return { ...kept, userPrincipalName };
}

/**
 * Makes sure that the names under which users sign in here belong to the tenant: the domain of a user principal name, and the
 * issuer of every identity that is not another identity provider's.
 *
 * @throws Refusal `directory.domain_not_verified`
 */
export async function checkUserDomains(
  stores: Pick<DirectoryStores, 'tenants'>,
  tenantId: string,
  users: readonly AttributeChange[],
): Promise<void> {
  for (const domain of new Set(users.flatMap(domainsOf))) {
    const known = await stores.tenants.findDomain(tenantId, domain);
    if (!known?.verifiedAt) throw refuse('directory.domain_not_verified', { domain });
  }
}

function domainsOf({ userPrincipalName, identities }: AttributeChange): string[] {
  const own = (Array.isArray(identities) ? identities : [])
    .filter(isIdentity)
    .filter(({ signInType }) => signInType !== 'federated');
  return [
    ...(typeof userPrincipalName === 'string' ? [domainOf(userPrincipalName)] : []),
    ...own.map(({ issuer }) => fold(String(issuer))),
  ];
}

/** The domain of a user principal name, folded. */
export function domainOf(userPrincipalName: string): string {
  return fold(userPrincipalName.slice(userPrincipalName.lastIndexOf('@') + 1));
}
