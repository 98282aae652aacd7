import type { DirectoryObject } from '../../../directory/index.ts';
import type { UserFlow } from '../../../user-flows/index.ts';
import { claimsByScope, provenEmail } from '../standard-claims.ts';
import type { Claims } from '../token-claims.ts';

/** Claims that are not called as the attribute: https://learn.microsoft.com/azure/active-directory-b2c/user-profile-attributes */
const names: Readonly<Record<string, string>> = {
  displayName: 'name',
  givenName: 'given_name',
  surname: 'family_name',
  userPrincipalName: 'preferred_username',
  mail: 'email',
};

/** What a flow says of a user: the attributes that its definition names, as far as the user has them. */
export function applicationClaims({ claims }: UserFlow, user: DirectoryObject): Claims {
  const found = claims.map((attribute) => [claimName(attribute), claimValue(user, attribute)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== null));
}

/** The claims without those about people, of which the flow decides. */
export function withoutProfile(claims: Claims): Claims {
  const profile: readonly string[] = claimsByScope.profile;
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !profile.includes(name)));
}

/** Interop: of a tenant's own attribute Azure AD B2C leaves the application out, `extension_<name>`. */
function claimName(attribute: string): string {
  return names[attribute] ?? attribute.replace(/^extension_[0-9a-f]{32}_/, 'extension_');
}

/** Interop: Azure AD B2C gives the addresses as a list. */
function claimValue(user: DirectoryObject, attribute: string): unknown {
  if (attribute !== 'emails') return user.attributes[attribute];
  const email = provenEmail(user) ?? user.attributes['mail'];
  return email === undefined ? undefined : [email];
}
