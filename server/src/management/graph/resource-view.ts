import {
  application,
  extensionPropertyName,
  group,
  type Resource,
  servicePrincipal,
  user,
} from '@countersign/management-api';
import { z } from 'zod';
import type { DirectoryObject, ObjectKind } from '../../directory/index.ts';
import { shownOtherwise } from './application-view.ts';
import { badRequest } from './error.ts';

/** How a kind of directory object is shown. */
export interface KindView {
  resource: Resource;
  /** Name of its collection, such as `users`. */
  collection: string;
}

const kindViews: Readonly<Record<ObjectKind, KindView>> = {
  user: { resource: user, collection: 'users' },
  group: { resource: group, collection: 'groups' },
  application: { resource: application, collection: 'applications' },
  servicePrincipal: { resource: servicePrincipal, collection: 'servicePrincipals' },
};

export function kindView(kind: ObjectKind): KindView {
  return kindViews[kind];
}

export type Shown = Record<string, unknown>;

/**
 * Makes the function that shows a resource: what was selected, otherwise what Microsoft Graph shows by default. Properties
 * without a value are null, or empty lists.
 *
 * @throws GraphError `BadRequest` when a selected property does not exist
 */
export function pick(resource: Resource, select: readonly string[] | undefined): (whole: Shown) => Shown {
  return picker(resource, select, (whole, name) => whole[name]);
}

/** The same for objects of the directory. */
export function viewOf(resource: Resource, select: readonly string[] | undefined): (object: DirectoryObject) => Shown {
  return picker(resource, select, propertyValue);
}

function picker<Source>(
  resource: Resource,
  select: readonly string[] | undefined,
  valueIn: (source: Source, name: string) => unknown,
): (source: Source) => Shown {
  const properties = selectedProperties(resource, select);
  return (source) => {
    const shown: Shown = {};
    for (const { name, empty } of properties) shown[name] = valueIn(source, name) ?? empty;
    return shown;
  };
}

/** Properties that are not kept with the object. Only its own address shows them. */
const keptBeside = new Set(['passwordCredentials']);

/** Makes the function that shows objects of mixed kinds. Each has its type, and what it has of the selected properties. */
export function mixedView(select: readonly string[] | undefined): (object: DirectoryObject) => Shown {
  const views = new Map<ObjectKind, (object: DirectoryObject) => Shown>();
  const known = new Set(Object.values(kindViews).flatMap(({ resource }) => [...propertyNames(resource).keys()]));
  for (const name of select ?? []) {
    if (name !== '*' && !known.has(name.toLowerCase()) && !extensionPropertyName.test(name)) {
      throw unknownProperty(name, 'microsoft.graph.directoryObject');
    }
  }
  const viewOfKind = (resource: Resource) => {
    const names = propertyNames(resource);
    const isOwn = (name: string) => names.has(name.toLowerCase()) && !keptBeside.has(name);
    const own = (select ?? defaultNames(resource)).filter(
      (name) => name === '*' || isOwn(name) || extensionPropertyName.test(name),
    );
    return viewOf(resource, own);
  };
  return (object) => {
    const { resource } = kindViews[object.kind];
    const view = views.get(object.kind) ?? viewOfKind(resource);
    views.set(object.kind, view);
    return { '@odata.type': `#${resource.type}`, ...view(object) };
  };
}

/** The spelling of a property's name in the resource, found without regard to case. Undefined: there is none. */
export function findProperty(resource: Resource, name: string): string | undefined {
  return propertyNames(resource).get(name.toLowerCase()) ?? (extensionPropertyName.test(name) ? name : undefined);
}

export function unknownProperty(name: string, type: string): Error {
  return badRequest(`Could not find a property named '${name}' on type '${type}'.`);
}

function selectedProperties(resource: Resource, select: readonly string[] | undefined) {
  const names = select?.includes('*') ? [...propertyNames(resource).values()] : (select ?? defaultNames(resource));
  const found = names.map((name) => {
    const property = findProperty(resource, name);
    if (property === undefined) throw unknownProperty(name, resource.type);
    return property;
  });
  return [...new Set(['id', ...found])].map((name) => ({ name, empty: isList(resource, name) ? [] : null }));
}

function defaultNames(resource: Resource): readonly string[] {
  return resource.byDefault ?? [...propertyNames(resource).values()];
}

const namesByResource = new WeakMap<Resource, ReadonlyMap<string, string>>();

/** Properties by their names in lower case. */
function propertyNames(resource: Resource): ReadonlyMap<string, string> {
  const known = namesByResource.get(resource);
  if (known) return known;
  const names = Object.keys(resource.schema.shape).filter((name) => !name.startsWith('@'));
  const made = new Map(names.map((name) => [name.toLowerCase(), name]));
  namesByResource.set(resource, made);
  return made;
}

/** True when the property has several values. */
export function isList(resource: Resource, name: string): boolean {
  const schema = resource.schema.shape[name];
  return schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodArray;
}

/** Properties that are the object's own and no attributes. */
const own: Readonly<Record<string, (object: DirectoryObject) => unknown>> = {
  id: (object) => object.id,
  createdDateTime: (object) => object.createdAt.toISOString(),
  deletedDateTime: (object) => object.deletedAt?.toISOString(),
  identities: ({ attributes: { identities = [], userPrincipalName } }) => [
    ...(Array.isArray(identities) ? identities : []),
    ...(typeof userPrincipalName === 'string' ? [ownIdentity(userPrincipalName)] : []),
  ],
};

/** Interop: Microsoft Graph shows the user principal name among the identities, and clients expect it there. */
function ownIdentity(userPrincipalName: string) {
  const issuer = userPrincipalName.slice(userPrincipalName.lastIndexOf('@') + 1);
  return { signInType: 'userPrincipalName', issuer, issuerAssignedId: userPrincipalName };
}

function propertyValue(object: DirectoryObject, name: string): unknown {
  const show = own[name] ?? shownOtherwise[object.kind]?.[name];
  return show ? show(object) : object.attributes[name];
}
