import type {
  AttributeDefinition,
  Attributes,
  AttributeValue,
  DirectoryObject,
  ObjectKindDefinition,
} from '../directory/index.ts';
import { findDefinition } from '../directory/index.ts';
import { reversedKey, textKey, valueKey } from './value-key.ts';

/** A unique name of an object. */
export interface NameRow {
  space: string;
  key: string;
  /** As it is written, to tell people which one is taken. */
  name: string;
}

/** A value by which an object is found. */
export interface ValueRow {
  attribute: string;
  key: string;
}

/** All rows by which an object is found. */
export interface IndexRows {
  names: NameRow[];
  values: ValueRow[];
}

/** The rows are a pure function of the document, so that a change writes only what differs. */
export function indexRows(kind: ObjectKindDefinition, object: DirectoryObject): IndexRows {
  return { names: nameRows(kind, object.attributes), values: valueRows(kind, object) };
}

/** The rows that only the first has. */
export function rowsMissing(from: IndexRows, to: IndexRows): IndexRows {
  const names = new Set(to.names.map(({ space, key }) => `${space} ${key}`));
  const values = new Set(to.values.map(({ attribute, key }) => `${attribute} ${key}`));
  return {
    names: from.names.filter(({ space, key }) => !names.has(`${space} ${key}`)),
    values: from.values.filter(({ attribute, key }) => !values.has(`${attribute} ${key}`)),
  };
}

/** Stands behind an attribute's name where its reversed values are kept. */
export const reversedMark = '~';

/** What tenants declare themselves is indexed by what its values are, and may have several. */
const extension: AttributeDefinition = { type: 'string', index: 'value', isMultiValued: true };

/** How an attribute, a member of a complex one or a time of the object itself is indexed. */
export function definitionOf(kind: ObjectKindDefinition, path: string): AttributeDefinition | undefined {
  return findDefinition(kind, path, () => extension);
}

/** Whether its unique names compare character by character: complex values fold theirs themselves, where they must. */
export function isExact({ caseExact, uniqueNames }: AttributeDefinition): boolean {
  return caseExact === true || uniqueNames !== undefined;
}

/** Every unique name that the object takes. */
function nameRows(kind: ObjectKindDefinition, attributes: Attributes): NameRow[] {
  const rows = new Map<string, NameRow>();
  for (const [attribute, value] of Object.entries(attributes)) {
    const definition = kind.attributes[attribute];
    if (definition?.unique === undefined) continue;
    const { unique: space, uniqueNames } = definition;
    for (const one of Array.isArray(value) ? value : [value]) {
      const texts = uniqueNames ? uniqueNames(one) : [String(one)];
      for (const name of texts) {
        const key = textKey(name, isExact(definition));
        rows.set(`${space} ${key}`, { space, key, name });
      }
    }
  }
  return [...rows.values()];
}

/** Every value by which the object is found. */
function valueRows(kind: ObjectKindDefinition, object: DirectoryObject): ValueRow[] {
  const rows = new Map<string, ValueRow>();
  const add = (attribute: string, key: string) => rows.set(`${attribute} ${key}`, { attribute, key });

  const index = (path: string, definition: AttributeDefinition, value: AttributeValue): void => {
    if (Array.isArray(value)) {
      for (const one of value) index(path, definition, one);
    } else if (definition.searchTexts) {
      for (const text of definition.searchTexts(value)) add(path, textKey(text, definition.caseExact));
    } else if (definition.members && value !== null && typeof value === 'object') {
      for (const [name, member] of Object.entries(definition.members)) {
        const part = value[name];
        if (part !== undefined && part !== null) index(`${path}/${name}`, member, part);
      }
    } else if (definition.index) {
      add(path, valueKey(definition, value));
      if (definition.index === 'suffix') add(path + reversedMark, reversedKey(String(value), definition.caseExact));
    }
  };

  for (const [attribute, value] of Object.entries(object.attributes)) {
    const definition = definitionOf(kind, attribute);
    if (definition) index(attribute, definition, value);
  }
  for (const [name, definition] of Object.entries(kind.derived ?? {})) {
    const value = definition.of(object.attributes);
    if (value !== undefined) index(name, definition, value);
  }
  add('createdAt', timeKey(object.createdAt));
  add(modifiedAtName, timeKey(object.modifiedAt));
  return [...rows.values()];
}

/** The name under which the time of the last change is found. */
export const modifiedAtName = 'modifiedAt';

export function timeKey(time: Date): string {
  return valueKey({ type: 'dateTime' }, time.toISOString());
}
