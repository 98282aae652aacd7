/** What a schema says of its attributes (RFC 7643 2.2 and 7), as data. */

export const attributeTypes = [
  'string',
  'boolean',
  'decimal',
  'integer',
  'dateTime',
  'reference',
  'binary',
  'complex',
] as const;
export const mutabilities = ['readOnly', 'readWrite', 'immutable', 'writeOnly'] as const;
export const returnedValues = ['always', 'never', 'default', 'request'] as const;
export const uniquenesses = ['none', 'server', 'global'] as const;

export type AttributeType = (typeof attributeTypes)[number];

export interface AttributeDefinition {
  readonly name: string;
  readonly type: AttributeType;
  readonly multiValued: boolean;
  readonly description: string;
  readonly required: boolean;
  /** Suggestions only: any value is stored. */
  readonly canonicalValues: readonly string[];
  readonly caseExact: boolean;
  readonly mutability: (typeof mutabilities)[number];
  readonly returned: (typeof returnedValues)[number];
  readonly uniqueness: (typeof uniquenesses)[number];
  /** What a reference may point to: names of resource types, `external` or `uri`. */
  readonly referenceTypes: readonly string[];
  /** The parts of a complex attribute; empty for every other type. */
  readonly subAttributes: readonly AttributeDefinition[];
}

export interface SchemaDefinition {
  /** The URN that names the schema in `schemas`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeDefinition[];
}

export type Characteristics = Partial<Omit<AttributeDefinition, 'name' | 'description'>>;

/** An attribute; whatever is not said has the default of RFC 7643 2.2. */
export function defineAttribute(
  name: string,
  description: string,
  characteristics: Characteristics = {},
): AttributeDefinition {
  return {
    name,
    type: 'string',
    multiValued: false,
    description,
    required: false,
    canonicalValues: [],
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    referenceTypes: [],
    subAttributes: [],
    ...characteristics,
  };
}

interface Named {
  readonly name: string;
}

/** Lists of definitions never change, so each is indexed once: reading a resource looks up dozens of names. */
const indexes = new WeakMap<readonly Named[], ReadonlyMap<string, Named>>();

/** Finds by name, whatever its capitals (RFC 7643 2.1). The list must not change afterwards. */
export function findByName<T extends Named>(items: readonly T[], name: string): T | undefined {
  let index = indexes.get(items) as ReadonlyMap<string, T> | undefined;
  if (index === undefined) {
    index = new Map(items.map((item) => [item.name.toLowerCase(), item]));
    indexes.set(items, index);
  }
  return index.get(name.toLowerCase());
}

/** Whether a complex attribute points to another resource, so that `value` alone says which (RFC 7643 2.4 `$ref`). */
export function isResourceReference(attribute: AttributeDefinition): boolean {
  return attribute.subAttributes.some((subAttribute) => subAttribute.name === '$ref');
}
