import {
  type AttributeChange,
  type AttributeDefinition,
  type Attributes,
  type AttributeValue,
  type ExtensionProperty,
  userKind,
} from '../directory/index.ts';
import type { AskedAttribute, UserFlow } from './flow.ts';
import type { FieldBlock, Text } from './form.ts';
import type { Input, Problem } from './step.ts';

/** How a type of attribute becomes a field, and what is typed there becomes a value; undefined when it cannot be one. */
interface FieldKind {
  type: FieldBlock['type'];
  read(text: string): AttributeValue | undefined;
  show(value: AttributeValue): string;
}

const asText: FieldKind = { type: 'text', read: (text) => text, show: String };

const fieldKinds: Readonly<Record<string, FieldKind>> = {
  string: asText,
  boolean: { type: 'checkbox', read: (text) => text === 'true', show: String },
  integer: {
    type: 'text',
    read: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
    show: String,
  },
  dateTime: {
    type: 'date',
    read: (text) =>
      /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? `${text}T00:00:00Z` : undefined,
    show: (value) => String(value).slice(0, 10),
  },
};

const extensionTypes: Readonly<Record<ExtensionProperty['dataType'], AttributeDefinition['type']>> = {
  String: 'string',
  Boolean: 'boolean',
  Integer: 'integer',
  LargeInteger: 'integer',
  DateTime: 'dateTime',
  Binary: 'string',
};

/** What browsers fill in by themselves (HTML 4.10.18.7). */
const autocomplete: Readonly<Record<string, string>> = {
  displayName: 'name',
  givenName: 'given-name',
  surname: 'family-name',
  jobTitle: 'organization-title',
  companyName: 'organization',
  streetAddress: 'street-address',
  postalCode: 'postal-code',
  city: 'address-level2',
  state: 'address-level1',
  country: 'country-name',
  mobilePhone: 'tel',
  preferredLanguage: 'language',
};

/** The fields for the attributes that a flow asks for, with the values that a user has. */
export function attributeFields(
  flow: UserFlow,
  extensions: readonly ExtensionProperty[],
  values: Attributes,
): FieldBlock[] {
  return flow.attributes.map(({ name, isRequired }) => {
    const definition = definitionOf(name, extensions);
    const value = values[name];
    const allowed = definition.allowed?.map((one) => ({ value: one, label: { key: `attribute.${name}.${one}` } }));
    return {
      kind: 'field',
      name,
      label: labelOf(name, flow),
      type: allowed ? 'select' : kindOf(definition).type,
      // A box that must be ticked would be a consent, not an attribute.
      isRequired: isRequired && definition.type !== 'boolean',
      ...(allowed && { options: allowed }),
      ...(autocomplete[name] !== undefined && { autocomplete: autocomplete[name] }),
      ...(value !== undefined && { value: kindOf(definition).show(value) }),
    };
  });
}

/** The attributes from what was typed; what was left empty is taken away. */
export function readAttributes(
  asked: readonly AskedAttribute[],
  extensions: readonly ExtensionProperty[],
  input: Input,
): { attributes: AttributeChange; problems: Problem[] } {
  const attributes: Record<string, AttributeValue> = {};
  const problems: Problem[] = [];
  for (const { name, isRequired } of asked) {
    const definition = definitionOf(name, extensions);
    const text = (input[name] ?? '').trim();
    const isEmpty = text === '' && definition.type !== 'boolean';
    const value = isEmpty ? null : kindOf(definition).read(text);
    if (isEmpty && isRequired) problems.push({ field: name, text: { key: 'field.missing' } });
    else if (value === undefined) problems.push({ field: name, text: { key: 'field.malformed' } });
    else attributes[name] = value;
  }
  return { attributes, problems };
}

function kindOf({ type }: AttributeDefinition): FieldKind {
  return fieldKinds[type] ?? asText;
}

function definitionOf(name: string, extensions: readonly ExtensionProperty[]): AttributeDefinition {
  const own = extensions.find((extension) => extension.name === name);
  if (own) return { type: extensionTypes[own.dataType] };
  return userKind.attributes[name] ?? { type: 'string' };
}

/** The name of an attribute for people; of the tenant's own ones the last part, unless the flow has a text for it. */
function labelOf(name: string, { texts }: UserFlow): Text {
  const key = `attribute.${name}`;
  const isWritten = name in userKind.attributes || Object.values(texts).some((own) => key in own);
  return isWritten ? { key } : { key: 'text', values: { text: name.slice(name.lastIndexOf('_') + 1) } };
}
