import type { DirectoryObject, ObjectIdentity } from '../../directory/index.ts';

/** The claims that each scope asks for (OIDC Core 5.4), as far as the directory knows them. */
export const claimsByScope = {
  openid: ['sub'],
  profile: ['name', 'family_name', 'given_name', 'nickname', 'preferred_username', 'website', 'locale', 'updated_at'],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
} as const;

/** What these scopes ask for of a user (OIDC Core 5.4). */
export function claimsOfScopes(user: DirectoryObject, scopes: readonly string[]): Record<string, unknown> {
  const names = new Set<string>(scopes.flatMap((scope) => claimsByScope[scope as keyof typeof claimsByScope] ?? []));
  const known = Object.entries({ sub: user.id, ...(names.size > 1 && standardClaims(user)) });
  return Object.fromEntries(known.filter(([name]) => names.has(name)));
}

/** What the directory says of a user, in the words of OIDC Core 5.1. Absent where nothing is known. */
export function standardClaims(user: DirectoryObject): Record<string, unknown> {
  const text = (name: string) => {
    const value = user.attributes[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const email = provenEmail(user) ?? text('mail');
  const address = {
    street_address: text('streetAddress'),
    locality: text('city'),
    region: text('state'),
    postal_code: text('postalCode'),
    country: text('country'),
  };
  const phone = text('mobilePhone');
  return withoutAbsent({
    name: text('displayName'),
    given_name: text('givenName'),
    family_name: text('surname'),
    nickname: text('preferredName'),
    preferred_username: signInName(user) ?? text('userPrincipalName'),
    website: text('mySite'),
    locale: text('preferredLanguage'),
    updated_at: Math.floor(user.modifiedAt.getTime() / 1000),
    email,
    // Only an address that its owner has proven to read is verified: nobody else's word counts for another relying party.
    email_verified: email === undefined ? undefined : email === provenEmail(user),
    phone_number: phone,
    phone_number_verified: phone === undefined ? undefined : false,
    address: Object.values(address).some((value) => value !== undefined) ? withoutAbsent(address) : undefined,
  });
}

/** The e-mail address with which a customer signs in. It was proven by a code when the account was made. */
export function provenEmail(user: DirectoryObject): string | undefined {
  return identitiesOf(user).find(({ signInType }) => signInType === 'emailAddress')?.issuerAssignedId;
}

/** The name with which a customer signs in; customers never see their user principal name. */
function signInName(user: DirectoryObject): string | undefined {
  return identitiesOf(user).find(({ signInType }) => signInType === 'userName' || signInType === 'emailAddress')
    ?.issuerAssignedId;
}

function identitiesOf({ attributes }: DirectoryObject): ObjectIdentity[] {
  const { identities } = attributes as { identities?: ObjectIdentity[] };
  return identities ?? [];
}

function withoutAbsent(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}
