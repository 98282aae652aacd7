/** A schema from its JSON form (RFC 7643 7): an administrator's custom extension, or what another server says it has. */
import { ScimError } from './errors.ts';
import { asList, isObject, type JsonObject, type JsonValue } from './json.ts';
import { tolerantDialect } from './presets.ts';
import { readMembers } from './resource/read-value.ts';
import {
  type AttributeDefinition,
  attributeTypes,
  defineAttribute,
  mutabilities,
  returnedValues,
  type SchemaDefinition,
  uniquenesses,
} from './schema.ts';
import { commonAttributes } from './schemas/common-attributes.ts';
import { schemaSchema } from './schemas/discovery.ts';

const form = [...commonAttributes, ...schemaSchema.attributes];
const attributeName = /^\$?[A-Za-z][\w-]*$/;

/** What is not said has the default of RFC 7643 2.2. Throws `invalidValue` for what is no schema. */
export function readSchema(json: JsonObject): SchemaDefinition {
  const reading = { dialect: tolerantDialect, isAnswer: true, unsupported: new Set<string>() };
  const schema = readMembers(json, form, '', reading);
  const id = textOf(schema['id']);
  if (!/^urn:/i.test(id)) throw new ScimError('invalidValue', 'A schema needs a URN as its id.');
  const name = textOf(schema['name']) || id;
  return {
    id,
    name,
    description: textOf(schema['description']) || name,
    attributes: readAttributes(schema['attributes'], `${id}:`),
  };
}

function readAttributes(json: JsonValue | undefined, prefix: string): AttributeDefinition[] {
  const attributes = asList(json)
    .filter(isObject)
    .map((item) => readAttribute(item, prefix));
  const names = new Set(attributes.map(({ name }) => name.toLowerCase()));
  if (names.size < attributes.length) throw new ScimError('invalidValue', `${prefix} has an attribute twice.`);
  return attributes;
}

function readAttribute(json: JsonObject, prefix: string): AttributeDefinition {
  const name = textOf(json['name']);
  if (!attributeName.test(name)) throw new ScimError('invalidValue', `${prefix}${name} is no name of an attribute.`);
  const choose = <T extends string>(member: string, choices: readonly T[], otherwise: T): T => {
    const value = json[member] ?? otherwise;
    const choice = choices.find((candidate) => candidate === value);
    if (choice !== undefined) return choice;
    throw new ScimError('invalidValue', `${member} of ${prefix}${name} must be one of ${choices.join(', ')}.`);
  };
  return defineAttribute(name, textOf(json['description']) || name, {
    type: choose('type', attributeTypes, 'string'),
    multiValued: json['multiValued'] === true,
    required: json['required'] === true,
    canonicalValues: asList(json['canonicalValues']).map(String),
    caseExact: json['caseExact'] === true,
    mutability: choose('mutability', mutabilities, 'readWrite'),
    returned: choose('returned', returnedValues, 'default'),
    uniqueness: choose('uniqueness', uniquenesses, 'none'),
    referenceTypes: asList(json['referenceTypes']).map(String),
    subAttributes: readAttributes(json['subAttributes'], `${prefix}${name}.`),
  });
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
