/**
 * The smallest parts of a tenant that a plan speaks of. Objects have fields; relations (a member, an owner, a consent) are
 * there or not. Everything is named, so that the same item of file and hub compare equal.
 */
export interface Item {
  kind: ItemKind;
  /** Name of the object; for a relation `owner name → other name`. */
  key: string;
  /** What is compared. Empty for relations. */
  fields: Readonly<Record<string, unknown>>;
  /** Relations: the names of both ends. */
  from?: string;
  to?: string;
  /** Used when the item is made and never compared, such as an initial password. */
  onlyAtCreation?: Readonly<Record<string, unknown>>;
}

/** In the order in which they are made; they are removed in the opposite order. */
export const itemKinds = [
  'tenant',
  'domain',
  'host',
  'branding',
  'authorization',
  'clientRegistration',
  'passwords',
  'application',
  'extensionProperty',
  'servicePrincipal',
  'ruleGroup',
  'identityProvider',
  'userFlow',
  'relyingParty',
  'user',
  'group',
  'manager',
  'member',
  'groupOwner',
  'applicationOwner',
  'federatedCredential',
  'consent',
  'permission',
  'assignment',
  'directoryRole',
  'scimSettings',
  'scimToken',
  'provisioning',
] as const;

export type ItemKind = (typeof itemKinds)[number];

/** Identifies an item among all. */
export function itemId({ kind, key }: Pick<Item, 'kind' | 'key'>): string {
  return `${kind} ${key.toLowerCase()}`;
}

/** A relation of two named ends. */
export function relation(kind: ItemKind, from: string, to: string, fields: Item['fields'] = {}): Item {
  return { kind, key: `${from} → ${to}`, from, to, fields };
}

/** The domain that comes with a tenant and stays: it is the same in every file, so that none needs to list it. */
export function isInitialDomain(tenant: string, domain: string): boolean {
  return domain.toLowerCase() === `${tenant.toLowerCase()}.onmicrosoft.com`;
}
