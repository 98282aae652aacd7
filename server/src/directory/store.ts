import type { AuditEvent } from '../audit/index.ts';
import type { DirectoryObject, ObjectKind } from './attribute.ts';
import type { ChangeFeed } from './change-feed.ts';
import type { Filter, ObjectQuery, Page, PagePosition } from './filter.ts';
import type { Link, Relation } from './link.ts';
import type { Tenant, TenantDomain } from './tenant.ts';

/**
 * Where objects are kept. Writing appends to the change feed and keeps the indexes by which objects are found. Deleted
 * objects keep their document and links, and lose their names and values. Audit events are appended with what they tell of,
 * in the same statement where the engine can.
 */
export interface ObjectStore {
  /**
   * Adds living objects, many as cheaply as one: none of them when it throws.
   * @throws Refusal `directory.name_taken` when another living object has one of their unique names.
   */
  insert(tenantId: string, objects: readonly DirectoryObject[], events?: readonly AuditEvent[]): Promise<void>;
  /**
   * Replaces the document of a living object whose present state is `before`.
   * @throws Refusal `directory.name_taken`; `directory.changed_meanwhile` when `before` is not the present state.
   */
  update(
    tenantId: string,
    before: DirectoryObject,
    after: DirectoryObject,
    events?: readonly AuditEvent[],
  ): Promise<void>;
  /**
   * Puts an object into the deleted items, or takes it out again: decided by `after.deletedAt`.
   * @throws Refusal `directory.name_taken` when a name was given to another meanwhile; `directory.changed_meanwhile`
   */
  setDeleted(tenantId: string, before: DirectoryObject, after: DirectoryObject): Promise<void>;
  /** Removes a deleted object for good, with its links, credentials, grants and assignments. */
  purge(tenantId: string, object: DirectoryObject, at: Date): Promise<void>;

  /** Living objects only, unless `includeDeleted`. */
  find(tenantId: string, id: string, includeDeleted?: boolean): Promise<DirectoryObject | undefined>;
  /** The object, living or deleted; whoever else wants to change it waits until the transaction ends. */
  findToChange(tenantId: string, id: string): Promise<DirectoryObject | undefined>;
  /** The living ones among them, in the order of `ids`. */
  findMany(tenantId: string, ids: readonly string[]): Promise<DirectoryObject[]>;
  /** By a unique name, such as space `userPrincipalName`. Compared as the attribute's definition says. */
  findByName(tenantId: string, space: string, name: string): Promise<DirectoryObject | undefined>;
  /** The filter must fit the definitions: `checkFilter`. */
  list(tenantId: string, query: ObjectQuery): Promise<Page<DirectoryObject>>;
  count(tenantId: string, kind: ObjectKind, filter?: Filter): Promise<number>;
  /** In the order of their deletion. */
  listDeleted(tenantId: string, kind: ObjectKind, limit: number, after?: PagePosition): Promise<Page<DirectoryObject>>;
  /** Objects of any tenant that were deleted before this time. Without tenant: for the cleaning job of the whole hub. */
  listDeletedBefore(before: Date, limit: number): Promise<{ tenantId: string; object: DirectoryObject }[]>;
}

/**
 * Where relations between objects are kept. Adding and removing are idempotent, say whether anything changed, and append
 * to the change feed. Members are part of their group and a manager of the user: another one makes a new version of it.
 * Deleted objects keep their links but appear in no list; groups that are deleted nest nothing.
 */
export interface LinkStore {
  /**
   * Costs the same whatever the number of links that the object already has. False: it was there, and no event is kept.
   * @throws Refusal `directory.group_cycle` when a group would contain itself, `directory.nesting_too_complex`
   */
  add(tenantId: string, link: Link, at: Date, events?: readonly AuditEvent[]): Promise<boolean>;
  /** False: it was not there, and no event is kept. */
  remove(tenantId: string, link: Link, at: Date, events?: readonly AuditEvent[]): Promise<boolean>;
  /**
   * The same for many links of one object by one relation, at most 500. Those that were not there come back, each told by
   * its event.
   * @throws Refusal as `add`
   */
  addMany(tenantId: string, links: readonly Link[], at: Date, eventOf?: (link: Link) => AuditEvent): Promise<Link[]>;
  /** Those that were there come back. */
  removeMany(tenantId: string, links: readonly Link[], at: Date, eventOf?: (link: Link) => AuditEvent): Promise<Link[]>;
  has(tenantId: string, link: Link): Promise<boolean>;
  /** What the object points to (members of a group, owners of an application, manager of a user). */
  listTo(tenantId: string, relation: Relation, fromId: string, page: LinkPage): Promise<Page<DirectoryObject>>;
  /** What points to the object (groups that have it as a member). */
  listFrom(tenantId: string, relation: Relation, toId: string, page: LinkPage): Promise<Page<DirectoryObject>>;
  /** All that many objects point to, or all that points to them, as pairs of an object's id and the other object. */
  listOfMany(
    tenantId: string,
    relation: Relation,
    side: 'pointing' | 'pointedTo',
    ids: readonly string[],
  ): Promise<{ id: string; other: DirectoryObject }[]>;
  countTo(tenantId: string, relation: Relation, fromId: string, kind?: ObjectKind): Promise<number>;
  /** Every group that contains the object, directly or through others, by id; only those of `among` when given. */
  listTransitiveGroupIds(tenantId: string, memberId: string, among?: readonly string[]): Promise<string[]>;
  /** Every member of the group, directly or through others, each once. */
  listTransitiveMembers(tenantId: string, groupId: string, page: LinkPage): Promise<Page<DirectoryObject>>;
}

export interface LinkPage {
  /** Only objects of this kind. */
  kind?: ObjectKind;
  limit: number;
  after?: PagePosition;
}

/**
 * Where tenants are kept. Its questions come before a tenant is known, so most have none in their signature. Writing
 * appends to the change feed.
 */
export interface TenantStore {
  /** @throws Refusal `directory.tenant_name_taken`, `directory.domain_taken`, `directory.host_taken` */
  insert(tenant: Tenant): Promise<void>;
  /**
   * Saves name, display name and settings.
   * @throws Refusal `directory.tenant_name_taken`
   */
  update(tenant: Tenant, at: Date): Promise<void>;
  /** Removes the tenant with everything that it has, except its audit events. */
  delete(tenantId: string, at: Date): Promise<void>;
  find(tenantId: string): Promise<Tenant | undefined>;
  /** By GUID, verified domain or name, without regard to case. */
  resolve(segment: string): Promise<Tenant | undefined>;
  resolveHost(host: string): Promise<Tenant | undefined>;
  /** By id, after `afterId`. */
  list(limit: number, afterId?: string): Promise<Tenant[]>;
  /** Ids of tenants in which an application is registered under this appId, by id. */
  listHomes(appId: string, limit: number): Promise<string[]>;
  findDomain(tenantId: string, domain: string): Promise<TenantDomain | undefined>;
  /**
   * Adds the domain, or replaces what is known of it.
   * @throws Refusal `directory.domain_taken` when it is verified and another tenant has verified it, too.
   */
  saveDomain(tenantId: string, domain: TenantDomain, at: Date): Promise<void>;
  removeDomain(tenantId: string, domain: string, at: Date): Promise<void>;
  /** @throws Refusal `directory.host_taken` */
  addHost(tenantId: string, host: string, at: Date): Promise<void>;
  removeHost(tenantId: string, host: string, at: Date): Promise<void>;
  /** Every host name of every tenant, for the certificates of the server. */
  listHosts(): Promise<string[]>;
}

/** A password as it is kept. */
export interface PasswordCredential {
  /** PHC string of argon2id. */
  hash: string;
  /** It must be changed at the next sign-in. */
  mustChange: boolean;
  changedAt: Date;
}

export interface PasswordStore {
  find(tenantId: string, userId: string): Promise<PasswordCredential | undefined>;
  /** When the password became what it is. It changes with the user only, which the change feed tells of. */
  findChangedAt(tenantId: string, userId: string): Promise<Date | undefined>;
  save(tenantId: string, userId: string, credential: PasswordCredential): Promise<void>;
  remove(tenantId: string, userId: string): Promise<void>;
}

/** An attribute that a tenant declares itself. */
export interface ExtensionProperty {
  id: string;
  /** Object id of the application that declares it. */
  applicationId: string;
  /** `extension_<appId without dashes>_<name>`: the attribute's name in documents and filters. */
  name: string;
  dataType: 'String' | 'Boolean' | 'Integer' | 'LargeInteger' | 'DateTime' | 'Binary';
  isMultiValued: boolean;
  targetKinds: ObjectKind[];
  /** For administrators. */
  description: string | null;
  createdAt: Date;
}

export interface ExtensionPropertyStore {
  /** @throws Refusal `directory.extension_property_exists` */
  insert(tenantId: string, property: ExtensionProperty): Promise<void>;
  describe(tenantId: string, id: string, description: string | null, at: Date): Promise<void>;
  remove(tenantId: string, id: string, at: Date): Promise<void>;
  list(tenantId: string): Promise<ExtensionProperty[]>;
}

/** An administrative role that an object holds in its tenant. */
export interface DirectoryRoleAssignment {
  id: string;
  /** Id of the role's template, see `directoryRoles`. */
  roleId: string;
  principalId: string;
  principalKind: ObjectKind;
  createdAt: Date;
}

/** An object with the assignments that may count for it: its own, and those of every group. */
export interface RoleHolder {
  object: DirectoryObject;
  assignments: DirectoryRoleAssignment[];
}

/** Where assignments of roles are kept. Writing appends to the change feed as kind `directoryRoleAssignment`. */
export interface DirectoryRoleStore {
  /** @throws Refusal `directory.role_already_assigned` */
  add(tenantId: string, assignment: DirectoryRoleAssignment): Promise<void>;
  remove(tenantId: string, assignment: DirectoryRoleAssignment, at: Date): Promise<void>;
  /** By id. */
  list(
    tenantId: string,
    where?: { id?: string; principalIds?: readonly string[]; roleId?: string },
  ): Promise<DirectoryRoleAssignment[]>;
  /** Those of the principal, and those of every group, of which there are few. By id. */
  listHeldByOrGroups(tenantId: string, principalId: string): Promise<DirectoryRoleAssignment[]>;
  /** A living object with what `listHeldByOrGroups` lists for it, in one look. */
  findHolder(tenantId: string, id: string): Promise<RoleHolder | undefined>;
  /** Makes others wait who call this for the tenant, until the transaction ends. */
  lock(tenantId: string): Promise<void>;
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
