import type { ObjectKind } from './attribute.ts';

/**
 * A relation of one object to another: a group has members, a group, application or service principal has owners, a user
 * has one manager.
 */
export type Relation = 'member' | 'owner' | 'manager';

export interface Link {
  relation: Relation;
  fromId: string;
  fromKind: ObjectKind;
  toId: string;
  toKind: ObjectKind;
}
