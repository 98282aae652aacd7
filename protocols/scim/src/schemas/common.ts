/** Attributes that every resource has, whatever its schema (RFC 7643 3.1), and the parts that many attributes share. */
import { type AttributeDefinition, type Characteristics, defineAttribute } from '../schema.ts';

export const commonAttributes: readonly AttributeDefinition[] = [
  defineAttribute('schemas', 'URNs of the schemas that the resource follows', {
    type: 'reference',
    referenceTypes: ['uri'],
    multiValued: true,
    required: true,
    caseExact: true,
    returned: 'always',
  }),
  defineAttribute('id', 'Identifier given by the service provider', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  defineAttribute('externalId', 'Identifier given by the provisioning client', { caseExact: true }),
  complexAttribute(
    'meta',
    'What the service provider keeps about the resource',
    [
      defineAttribute('resourceType', 'Name of the resource type', { caseExact: true, mutability: 'readOnly' }),
      defineAttribute('created', 'When the resource was created', { type: 'dateTime', mutability: 'readOnly' }),
      defineAttribute('lastModified', 'When the resource last changed', { type: 'dateTime', mutability: 'readOnly' }),
      defineAttribute('location', 'URI of the resource', {
        type: 'reference',
        referenceTypes: ['uri'],
        caseExact: true,
        mutability: 'readOnly',
      }),
      defineAttribute('version', 'Entity tag of the resource', { caseExact: true, mutability: 'readOnly' }),
    ],
    { mutability: 'readOnly' },
  ),
];

/** A complex attribute with its parts. */
export function complexAttribute(
  name: string,
  description: string,
  subAttributes: readonly AttributeDefinition[],
  characteristics: Characteristics = {},
): AttributeDefinition {
  return defineAttribute(name, description, { type: 'complex', subAttributes, ...characteristics });
}

/** A multi-valued attribute with the usual parts `value`, `display`, `type` and `primary` (RFC 7643 2.4). */
export function multiValuedAttribute(
  name: string,
  description: string,
  types: readonly string[],
  value: Characteristics = {},
): AttributeDefinition {
  const subAttributes = [
    defineAttribute('value', 'The value itself', value),
    defineAttribute('display', 'Name of the value for people'),
    ...typeAndPrimary(types),
  ];
  return complexAttribute(name, description, subAttributes, { multiValued: true });
}

/** `type` and `primary` of a multi-valued attribute (RFC 7643 2.4). */
export function typeAndPrimary(types: readonly string[]): AttributeDefinition[] {
  return [
    defineAttribute('type', 'What the value is used for', { canonicalValues: types }),
    defineAttribute('primary', 'Whether this is the preferred value; true for at most one', { type: 'boolean' }),
  ];
}
