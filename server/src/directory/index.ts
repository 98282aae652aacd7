/**
 * Tenants and what is in their directories: users, groups, applications' objects, memberships, credentials, and the feed
 * of every change. Relies on the audit log; knows neither how it is stored nor who asks.
 */
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
export { extensionPrefix } from './attribute.ts';
export type { Change, ChangeFeed, ChangePosition } from './change-feed.ts';
export { directoryErrors } from './errors.ts';
export type { Comparable, Comparison, Filter, ObjectQuery, Page, PagePosition } from './filter.ts';
export { fold } from './fold.ts';
export { groupKind } from './group-kind.ts';
export { identityName, identitySearchText, identitySpace, type ObjectIdentity } from './identity.ts';
export { directoryKinds } from './kinds.ts';
export type { Link, Relation } from './link.ts';
export type * from './store.ts';
export type { Tenant, TenantDomain, TenantSettings } from './tenant.ts';
export { userKind, userPrincipalNameSpace } from './user-kind.ts';
