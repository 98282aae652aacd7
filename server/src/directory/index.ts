/**
 * Tenants and what is in their directories: users, groups, applications' objects, memberships, credentials, and the feed
 * of every change. Relies on the audit log; knows neither how it is stored nor who asks.
 */
export type { AttributeDefinition, Attributes, AttributeValue, DirectoryObject, ObjectKind } from './attribute.ts';
export type { Change, ChangeFeed, ChangePosition } from './change-feed.ts';
export type { Filter, ObjectQuery, Page, PagePosition } from './filter.ts';
export type { Link, Relation } from './link.ts';
export type * from './store.ts';
export type { Tenant, TenantDomain, TenantSettings } from './tenant.ts';
