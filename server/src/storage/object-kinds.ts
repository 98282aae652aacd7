import type { AttributeDefinition, ObjectKind, ObjectKindDefinition } from '../directory/index.ts';

/** The kinds of objects that the directory holds, as features define them. */
export interface ObjectKinds {
  get(kind: ObjectKind): ObjectKindDefinition;
  /** The attribute whose values are unique in this set of names. */
  uniqueAttribute(space: string): AttributeDefinition;
}

/** @throws Error when two definitions of a set of names compare its names differently. */
export function objectKinds(definitions: readonly ObjectKindDefinition[]): ObjectKinds {
  const byKind = new Map(definitions.map((definition) => [definition.kind, definition]));
  const bySpace = new Map<string, AttributeDefinition>();
  for (const definition of definitions.flatMap(({ attributes }) => Object.values(attributes))) {
    if (definition.unique === undefined) continue;
    const other = bySpace.get(definition.unique);
    if (other && other.caseExact !== definition.caseExact) {
      throw new Error(`The names of ${definition.unique} must compare in one way.`);
    }
    bySpace.set(definition.unique, definition);
  }
  return {
    get: (kind) => known(byKind.get(kind), kind),
    uniqueAttribute: (space) => known(bySpace.get(space), space),
  };
}

function known<Definition>(definition: Definition | undefined, name: string): Definition {
  if (definition === undefined) throw new Error(`No definition of ${name} was given to the storage.`);
  return definition;
}
