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

/** The kind of that name. */
export function kindNamed(name: KindName): ObjectKind {
  return (Object.keys(names) as ObjectKind[]).find((kind) => names[kind] === name) ?? 'user';
}
