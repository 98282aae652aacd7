import {
  type AttributeChange,
  type AttributeDefinition,
  type Attributes,
  type AttributeType,
  type AttributeValue,
  extensionPrefix,
  type ObjectKindDefinition,
} from './attribute.ts';
import { parseDateTime } from './date-time.ts';
import { refuse } from './errors.ts';
import { member } from './find-definition.ts';
import { fold } from './fold.ts';
import type { ExtensionProperty } from './store.ts';

/** Most bytes of a document. */
const largestDocument = 512 * 1024;
/** How deep JSON without defined members may be nested. */
const deepest = 16;

/**
 * Checks values against the definitions of their kind and of the tenant's extension properties, and brings them into the
 * form in which they are kept: times in UTC, allowed texts as the definition spells them, equal values of a multi-valued
 * attribute once. Null, empty text and an empty list are no value, and come back as null.
 *
 * @throws Refusal `directory.attribute_unknown`, `directory.attribute_invalid`
 */
export function checkAttributes(
  kind: ObjectKindDefinition,
  change: AttributeChange,
  extensions: readonly ExtensionProperty[],
): AttributeChange {
  const checked: [string, AttributeValue][] = [];
  for (const [attribute, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const definition = attribute.startsWith(extensionPrefix)
      ? extensionDefinition(kind, extensions, attribute)
      : member(kind.attributes, attribute);
    if (definition === undefined) throw refuse('directory.attribute_unknown', { kind: kind.kind, attribute });
    checked.push([attribute, checkValues(attribute, definition, value)]);
  }
  return Object.fromEntries(checked);
}

/**
 * The attributes after a change that was checked.
 * @throws Refusal `directory.attribute_invalid` when a required one is missing, `directory.object_too_large`
 */
export function applyChange(kind: ObjectKindDefinition, before: Attributes, change: AttributeChange): Attributes {
  const after: Record<string, AttributeValue> = {};
  for (const [attribute, value] of Object.entries({ ...before, ...change })) {
    if (value !== null && value !== undefined) after[attribute] = value;
  }
  for (const attribute of requiredOf(kind)) {
    if (!Object.hasOwn(after, attribute)) throw invalid(attribute, 'is required');
  }
  const size = Buffer.byteLength(JSON.stringify(after));
  if (size > largestDocument) {
    throw refuse('directory.object_too_large', { kind: kind.kind, size, most: largestDocument });
  }
  return after;
}

const required = new WeakMap<ObjectKindDefinition, readonly string[]>();

/** The attributes that no object of the kind can be without, looked up once. */
function requiredOf(kind: ObjectKindDefinition): readonly string[] {
  const known = required.get(kind);
  if (known) return known;
  const names = Object.keys(kind.attributes).filter((name) => kind.attributes[name]?.isRequired);
  required.set(kind, names);
  return names;
}

/** The definition of an attribute that the tenant declared itself for this kind. */
export function extensionDefinition(
  { kind }: ObjectKindDefinition,
  extensions: readonly ExtensionProperty[],
  attribute: string,
): AttributeDefinition | undefined {
  const property = extensions.find(({ name, targetKinds }) => name === attribute && targetKinds.includes(kind));
  return property && { ...extensionTypes[property.dataType], isMultiValued: property.isMultiValued };
}

const extensionTypes: Readonly<Record<ExtensionProperty['dataType'], AttributeDefinition>> = {
  String: { type: 'string', index: 'value', longest: 256 },
  Boolean: { type: 'boolean', index: 'value' },
  Integer: { type: 'integer', index: 'value' },
  LargeInteger: { type: 'integer', index: 'value' },
  DateTime: { type: 'dateTime', index: 'value' },
  Binary: { type: 'binary', longest: 344 },
};

function checkValues(path: string, definition: AttributeDefinition, value: AttributeValue): AttributeValue {
  if (!definition.isMultiValued) return checkValue(path, definition, value);
  if (value === null) return null;
  if (!Array.isArray(value)) throw invalid(path, 'must be a list');
  const { most = 1000 } = definition;
  if (value.length > most) throw invalid(path, `has more than ${most} values`);
  const distinct = new Map<string, AttributeValue>();
  for (const one of value) {
    const checked = checkValue(path, definition, one);
    if (checked === null) throw invalid(path, 'has an empty value');
    const text = JSON.stringify(checked);
    const key = definition.caseExact || definition.type === 'complex' ? text : fold(text);
    if (!distinct.has(key)) distinct.set(key, checked);
  }
  return distinct.size === 0 ? null : [...distinct.values()];
}

function checkValue(path: string, definition: AttributeDefinition, value: AttributeValue): AttributeValue {
  if (value === null || value === '') return null;
  const checked = definition.members
    ? checkMembers(path, definition.members, value)
    : checkType[definition.type](path, value);
  if (typeof checked === 'string') return checkText(path, definition, checked);
  checkProblem(path, definition, checked);
  return checked;
}

type Check = (path: string, value: AttributeValue) => AttributeValue;

const checkType: Readonly<Record<AttributeType, Check>> = {
  string: (path, value) => {
    if (typeof value !== 'string') throw invalid(path, 'must be text');
    return value;
  },
  boolean: (path, value) => {
    if (typeof value !== 'boolean') throw invalid(path, 'must be true or false');
    return value;
  },
  integer: (path, value) => {
    if (!Number.isSafeInteger(value)) throw invalid(path, 'must be a whole number between -2^53 and 2^53');
    return value;
  },
  dateTime: (path, value) => {
    const time = typeof value === 'string' ? parseDateTime(value) : undefined;
    if (!time) throw invalid(path, 'must be a time such as 2026-03-01T10:00:00Z');
    return time.toISOString();
  },
  binary: (path, value) => {
    const isBase64 = typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0;
    if (!isBase64) throw invalid(path, 'must be base64');
    return value;
  },
  complex: (path, value) => checkJson(path, value, 0),
};

function checkText(path: string, definition: AttributeDefinition, text: string): string {
  const { longest = 1024, allowed } = definition;
  // A character takes at most two code units: the quick look spares counting those of texts that are far too long.
  if (text.length > longest && (text.length > 2 * longest || [...text].length > longest)) {
    throw invalid(path, `has more than ${longest} characters`);
  }
  if (!isStorable(text)) throw invalid(path, 'has a character that is none (NUL, or half of a pair)');
  const canonical = allowed ? allowed.find((one) => fold(one) === fold(text)) : text;
  if (canonical === undefined) throw invalid(path, `must be one of ${allowed?.join(', ')}`);
  checkProblem(path, definition, canonical);
  return canonical;
}

function checkMembers(
  path: string,
  members: Readonly<Record<string, AttributeDefinition>>,
  value: AttributeValue,
): AttributeValue {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw invalid(path, 'must be an object');
  const checked: [string, AttributeValue][] = [];
  for (const [name, part] of Object.entries(value)) {
    const definition = member(members, name);
    if (definition === undefined) throw invalid(path, `has no member ${name}`);
    const kept = checkValues(`${path}/${name}`, definition, part);
    if (kept !== null) checked.push([name, kept]);
  }
  const kept = Object.fromEntries(checked);
  for (const [name, { isRequired }] of Object.entries(members)) {
    if (isRequired && !Object.hasOwn(kept, name)) throw invalid(`${path}/${name}`, 'is required');
  }
  return checked.length === 0 ? null : kept;
}

function checkJson(path: string, value: AttributeValue, depth: number): AttributeValue {
  if (depth > deepest) throw invalid(path, `is nested deeper than ${deepest} levels`);
  if (typeof value === 'string' && !isStorable(value)) throw invalid(path, 'has a character that is none');
  if (value !== null && typeof value === 'object') {
    for (const part of Object.values(value)) checkJson(path, part, depth + 1);
  }
  return value;
}

function checkProblem(path: string, { check }: AttributeDefinition, value: AttributeValue): void {
  const problem = check?.(value);
  if (problem !== undefined) throw invalid(path, problem);
}

/** NUL cannot be kept by PostgreSQL, and a lone surrogate is no character. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function invalid(attribute: string, problem: string) {
  return refuse('directory.attribute_invalid', { attribute, problem });
}
