/** The extension of User for employees (RFC 7643 4.3, 8.7.1). */
import { defineAttribute, type SchemaDefinition } from '../schema.ts';
import { schemaUrns } from '../urns.ts';
import { complexAttribute } from './attribute-shapes.ts';

export const enterpriseUserSchema: SchemaDefinition = {
  id: schemaUrns.enterpriseUser,
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    defineAttribute('employeeNumber', 'Number given by the organization'),
    defineAttribute('costCenter', 'Cost center'),
    defineAttribute('organization', 'Organization'),
    defineAttribute('division', 'Division'),
    defineAttribute('department', 'Department'),
    complexAttribute('manager', 'Manager of the user', [
      defineAttribute('value', 'Identifier of the manager', { caseExact: true }),
      defineAttribute('$ref', 'URI of the manager', { type: 'reference', referenceTypes: ['User'], caseExact: true }),
      defineAttribute('displayName', 'Name of the manager', { mutability: 'readOnly' }),
    ]),
  ],
};
