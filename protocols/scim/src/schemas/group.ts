/** The Group schema (RFC 7643 4.2, 8.7.1). */
import { defineAttribute, type SchemaDefinition } from '../schema.ts';
import { schemaUrns } from '../urns.ts';
import { complexAttribute } from './attribute-shapes.ts';

export const groupSchema: SchemaDefinition = {
  id: schemaUrns.group,
  name: 'Group',
  description: 'Group',
  attributes: [
    // RFC 7643 4.2 says REQUIRED where its own 8.7.1 says otherwise; a group without a name is of no use.
    defineAttribute('displayName', 'Name of the group', { required: true }),
    complexAttribute(
      'members',
      'Users and groups that belong to the group',
      [
        // Identifiers are compared exactly, as `id` itself is (RFC 7643 3.1).
        defineAttribute('value', 'Identifier of the member', { caseExact: true, mutability: 'immutable' }),
        defineAttribute('$ref', 'URI of the member', {
          type: 'reference',
          referenceTypes: ['User', 'Group'],
          caseExact: true,
          mutability: 'immutable',
        }),
        defineAttribute('type', 'Resource type of the member', {
          canonicalValues: ['User', 'Group'],
          mutability: 'immutable',
        }),
        defineAttribute('display', 'Name of the member', { mutability: 'readOnly' }),
      ],
      { multiValued: true },
    ),
  ],
};
