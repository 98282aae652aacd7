/**
 * Tenants and what is in their directories: users, groups, applications' objects, memberships, credentials, and the feed
 * of every change. Relies on the audit log; knows neither how it is stored nor who asks.
 *
 * Functions that write take the stores of one transaction and the act that they belong to; each appends its audit event.
 * Attributes are named as in Microsoft Graph v1.0 (https://learn.microsoft.com/graph/api/resources/directoryobject).
 */

// Objects of any kind, and the definitions of their attributes.

export type {
  AttributeChange,
  AttributeDefinition,
  Attributes,
  AttributeType,
  AttributeValue,
  DirectoryObject,
  ObjectKind,
  ObjectKindDefinition,
} from './attribute.ts';
export { isStorable } from './check-attributes.ts';
export { deleteObject, purgeExpired, purgeObject, restoreObject } from './deleted-objects.ts';
export type { Comparable, Comparison, Filter, LinkedTerm, ObjectQuery, Page, PagePosition } from './filter.ts';
export { findDefinition } from './find-definition.ts';
export { fold } from './fold.ts';
export { directoryKinds } from './kinds.ts';
export {
  changeObject,
  countObjects,
  createObject,
  createObjects,
  findObjects,
  getObject,
  getObjectToChange,
  type ObjectReading,
  type ObjectWriting,
  only,
} from './objects.ts';

// Users and their names.

export { identityName, identitySearchText, identitySpace, isIdentity, type ObjectIdentity } from './identity.ts';
export { isUserPrincipalName, userKind, userPrincipalNameSpace } from './user-kind.ts';
export { localIdentityOf, userNameOf } from './user-name.ts';
export { domainOf } from './user-names.ts';
export {
  createUser,
  createUsers,
  findUser,
  type NewPassword,
  setMustChangePassword,
  updateUser,
} from './users.ts';

// Passwords: checked and hashed outside of transactions, because that takes long.

export { argon2Threads } from './argon2-threads.ts';
export { isCompromised } from './compromised-passwords.ts';
export { type PasswordHasher, passwordHasher } from './password-hasher.ts';
export {
  type PasswordPolicy,
  passwordPolicyOf,
  updatePasswordPolicy,
  usualPasswordPolicy,
} from './password-policy.ts';
export { hashAnew, keepHash, preparePassword, verifyPassword } from './passwords.ts';

// Groups and relations.

export { groupKind } from './group-kind.ts';
export { createGroup, updateGroup } from './groups.ts';
export type { Link, Relation } from './link.ts';
export {
  addMember,
  addMembers,
  addOwner,
  removeManager,
  removeMember,
  removeMembers,
  removeOwner,
  setManager,
} from './relations.ts';

// Administrators.

export { type DirectoryRole, type DirectoryRoleName, directoryRoles, findDirectoryRole } from './directory-role.ts';
export { assignDirectoryRole, findWithRoles, listRolesHeldBy, unassignDirectoryRole } from './role-assignments.ts';

// Tenants, and the attributes that they declare themselves.

export {
  declareExtensionProperty,
  describeExtensionProperty,
  type NewExtensionProperty,
  removeExtensionProperty,
} from './extension-properties.ts';
export type { Tenant, TenantDomain, TenantSettings } from './tenant.ts';
export { parseDomain } from './tenant-name.ts';
export {
  addDomain,
  addHost,
  createTenant,
  type DomainProof,
  deleteTenant,
  expectedTxtRecord,
  getTenant,
  makeDomainDefault,
  type NewTenant,
  removeDomain,
  removeHost,
  updateTenant,
  verifyDomain,
} from './tenants.ts';

// What is stored, and the feed of changes.

export type { Change, ChangeCount, ChangeFeed, ChangePosition, FeedPlace } from './change-feed.ts';
export { directoryErrors } from './errors.ts';
export type * from './store.ts';
