import type { Resource } from '@countersign/management-api';
import { type Comparable, type Filter, identitySearchText } from '../../directory/index.ts';
import type { Filterable, FilterableAttribute } from './odata/translate-filter.ts';
import { findProperty, isList, unknownProperty } from './resource-view.ts';

/** Properties that the directory calls otherwise. */
const attributeNames: Readonly<Record<string, string>> = { createdDateTime: 'createdAt' };

/** Collections of complex values, and how the members in a question name the one value by which they are found. */
const elements: Readonly<Record<string, (members: ReadonlyMap<string, Comparable>) => Filter | undefined>> = {
  identities: (members) => {
    const [issuer, issuerAssignedId] = [members.get('issuer'), members.get('issuerAssignedId')];
    if (members.size !== 2 || typeof issuer !== 'string' || typeof issuerAssignedId !== 'string') return undefined;
    return { op: 'eq', attribute: 'identities', value: identitySearchText(issuer, issuerAssignedId) };
  },
};

/** What $filter and $orderby may name of a resource whose objects are kept in the directory. */
export function filterable(resource: Resource): Filterable {
  return {
    type: resource.type,
    attributeOf: (path): FilterableAttribute | undefined => {
      const [head = '', member] = path.split('/');
      const property = findProperty(resource, head);
      if (property === undefined) return undefined;
      const name = attributeNames[property] ?? property;
      const element = elements[property];
      return {
        attribute: member === undefined ? name : `${name}/${member}`,
        isMultiValued: isList(resource, property),
        ...(element && { element }),
      };
    },
  };
}

/** The attribute of the directory by which a list is sorted. @throws GraphError when there is no such property */
export function sortable(resource: Resource, orderBy: { property: string; descending: boolean }) {
  const found = filterable(resource).attributeOf(orderBy.property);
  if (!found) throw unknownProperty(orderBy.property, resource.type);
  return { attribute: found.attribute, descending: orderBy.descending };
}
