import type { ObjectKind } from '../../directory/index.ts';

const names = {
  user: 'User',
  group: 'Group',
  application: 'Application',
  servicePrincipal: 'ServicePrincipal',
} as const satisfies Record<ObjectKind, string>;

export type KindName = (typeof names)[ObjectKind];

/** The name of a kind of objects where Microsoft Graph names it in a property. */
export function kindName<Kind extends ObjectKind>(kind: Kind): (typeof names)[Kind] {
  return names[kind];
}

const kinds = Object.fromEntries(Object.entries(names).map(([kind, name]) => [name, kind])) as Record<
  KindName,
  ObjectKind
>;

/** The kind of that name. */
export function kindNamed(name: KindName): ObjectKind {
  return kinds[name];
}
