/** Attributes that every resource has, whatever its schema (RFC 7643 3.1). */
import { type AttributeDefinition, defineAttribute } from '../schema.ts';
import { complexAttribute } from './attribute-shapes.ts';

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
