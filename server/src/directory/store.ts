import type { DirectoryObject, ObjectKind } from './attribute.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { Filter, ObjectQuery, Page, PagePosition } from './filter.ts';
import type { Link, Relation } from './link.ts';
import type { Tenant, TenantDomain } from './tenant.ts';

/**
 * Where objects are kept. Writing appends to the change feed and keeps the indexes by which objects are found. Deleted
 * objects keep their document and lose their names, values and (when they are purged) links.
 */
export interface ObjectStore {
  /** @throws Refusal `directory.name_taken` when another living object has one of its unique names. */
  insert(tenantId: string, object: DirectoryObject): Promise<void>;
  /**
   * Replaces the document of an object whose present state is `before`.
   * @throws Refusal `directory.name_taken`; `directory.changed_meanwhile` when `before` is not the present state.
   */
  update(tenantId: string, before: DirectoryObject, after: DirectoryObject): Promise<void>;
  /** Puts an object into the deleted items, or takes it out again: decided by `after.deletedAt`. */
  setDeleted(tenantId: string, before: DirectoryObject, after: DirectoryObject): Promise<void>;
  /** Removes a deleted object for good, with its links and credentials. */
  purge(tenantId: string, object: DirectoryObject): Promise<void>;

  /** Living objects only, unless `includeDeleted`. */
  find(tenantId: string, id: string, includeDeleted?: boolean): Promise<DirectoryObject | undefined>;
  findMany(tenantId: string, ids: readonly string[]): Promise<DirectoryObject[]>;
  /** By a unique name, such as space `userPrincipalName`. Compared without regard to case. */
  findByName(tenantId: string, space: string, name: string): Promise<DirectoryObject | undefined>;
  list(tenantId: string, query: ObjectQuery): Promise<Page<DirectoryObject>>;
  count(tenantId: string, kind: ObjectKind, filter?: Filter): Promise<number>;
  listDeleted(tenantId: string, kind: ObjectKind, limit: number, after?: PagePosition): Promise<Page<DirectoryObject>>;
  /** Objects of any tenant that were deleted before this time. Without tenant: for the cleaning job of the whole hub. */
  listDeletedBefore(before: Date, limit: number): Promise<{ tenantId: string; object: DirectoryObject }[]>;
}

/** Where relations between objects are kept. Adding and removing are idempotent and say whether anything changed. */
export interface LinkStore {
  /** Costs the same whatever the number of links that the object already has. */
  add(tenantId: string, link: Link, at: Date): Promise<boolean>;
  remove(tenantId: string, link: Link, at: Date): Promise<boolean>;
  /** Takes the lock under which nested groups are changed, until the end of the transaction. */
  lockNesting(tenantId: string): Promise<void>;
  has(tenantId: string, relation: Relation, fromId: string, toId: string): Promise<boolean>;
  /** What the object points to (members of a group, owners of an application, manager of a user). */
  listTo(tenantId: string, relation: Relation, fromId: string, page: LinkPage): Promise<Page<DirectoryObject>>;
  /** What points to the object (groups that have it as a member). */
  listFrom(tenantId: string, relation: Relation, toId: string, page: LinkPage): Promise<Page<DirectoryObject>>;
  countTo(tenantId: string, relation: Relation, fromId: string, kind?: ObjectKind): Promise<number>;
  /** Every group that contains the object, directly or through others; only those of `among` when given. */
  listTransitiveGroupIds(tenantId: string, memberId: string, among?: readonly string[]): Promise<string[]>;
  /** Every member of the group, directly or through others, each once. */
  listTransitiveMembers(tenantId: string, groupId: string, page: LinkPage): Promise<Page<DirectoryObject>>;
  /** True when `descendantId` is in `ancestorId` over one or more groups. */
  isNested(tenantId: string, ancestorId: string, descendantId: string): Promise<boolean>;
}

export interface LinkPage {
  kind?: ObjectKind;
  limit: number;
  after?: PagePosition;
}

/** Where tenants are kept. Its questions come before a tenant is known, so most have none in their signature. */
export interface TenantStore {
  insert(tenant: Tenant): Promise<void>;
  update(tenant: Tenant): Promise<void>;
  delete(tenantId: string): Promise<void>;
  find(tenantId: string): Promise<Tenant | undefined>;
  /** By GUID, verified domain or name, without regard to case. */
  resolve(segment: string): Promise<Tenant | undefined>;
  resolveHost(host: string): Promise<Tenant | undefined>;
  list(limit: number, afterId?: string): Promise<Tenant[]>;
  addDomain(tenantId: string, domain: TenantDomain): Promise<void>;
  updateDomain(tenantId: string, domain: TenantDomain): Promise<void>;
  removeDomain(tenantId: string, domain: string): Promise<void>;
  addHost(tenantId: string, host: string): Promise<void>;
  removeHost(tenantId: string, host: string): Promise<void>;
  /** Every host name of every tenant, for the certificates of the server. */
  listHosts(): Promise<string[]>;
}

/** A password as it is kept. */
export interface PasswordCredential {
  /** PHC string of argon2id. */
  hash: string;
  mustChange: boolean;
  changedAt: Date;
}

export interface PasswordStore {
  find(tenantId: string, userId: string): Promise<PasswordCredential | undefined>;
  save(tenantId: string, userId: string, credential: PasswordCredential): Promise<void>;
  remove(tenantId: string, userId: string): Promise<void>;
}

/** An attribute that a tenant declares itself, named `extension_<application id without dashes>_<name>`. */
export interface ExtensionProperty {
  id: string;
  applicationId: string;
  name: string;
  dataType: 'String' | 'Boolean' | 'Integer' | 'LargeInteger' | 'DateTime' | 'Binary';
  isMultiValued: boolean;
  targetKinds: ObjectKind[];
  createdAt: Date;
}

export interface ExtensionPropertyStore {
  /** @throws Refusal `directory.extension_property_exists` */
  insert(tenantId: string, property: ExtensionProperty): Promise<void>;
  remove(tenantId: string, id: string): Promise<void>;
  list(tenantId: string): Promise<ExtensionProperty[]>;
}

/** An administrative role that an object holds in its tenant. */
export interface DirectoryRoleAssignment {
  id: string;
  roleId: string;
  principalId: string;
  createdAt: Date;
}

export interface DirectoryRoleStore {
  add(tenantId: string, assignment: DirectoryRoleAssignment): Promise<void>;
  remove(tenantId: string, id: string): Promise<boolean>;
  list(
    tenantId: string,
    where?: { principalIds?: readonly string[]; roleId?: string },
  ): Promise<DirectoryRoleAssignment[]>;
}

/** Everything that the directory keeps. */
export interface DirectoryStores {
  tenants: TenantStore;
  objects: ObjectStore;
  links: LinkStore;
  passwords: PasswordStore;
  extensionProperties: ExtensionPropertyStore;
  directoryRoles: DirectoryRoleStore;
  changes: ChangeFeed;
}
