/** The schemas of the discovery documents themselves (RFC 7643 5, 6, 7 and 8.7.2, RFC 9865 4). All of them are read-only. */
import {
  type AttributeDefinition,
  attributeTypes,
  type Characteristics,
  defineAttribute,
  mutabilities,
  returnedValues,
  type SchemaDefinition,
  uniquenesses,
} from '../schema.ts';
import { schemaUrns } from '../urns.ts';

function readOnly(name: string, description: string, characteristics: Characteristics = {}): AttributeDefinition {
  return defineAttribute(name, description, { mutability: 'readOnly', ...characteristics });
}

function uri(name: string, description: string, kind: 'external' | 'uri', required = false): AttributeDefinition {
  return readOnly(name, description, { type: 'reference', referenceTypes: [kind], caseExact: true, required });
}

/** An option of the service provider: whether it is supported, and its limits. */
function option(name: string, description: string, limits: readonly AttributeDefinition[] = []): AttributeDefinition {
  return readOnly(name, description, {
    type: 'complex',
    required: true,
    subAttributes: [
      readOnly('supported', 'Whether the operation is supported', { type: 'boolean', required: true }),
      ...limits,
    ],
  });
}

function integer(name: string, description: string, required = true): AttributeDefinition {
  return readOnly(name, description, { type: 'integer', required });
}

export const serviceProviderConfigSchema: SchemaDefinition = {
  id: schemaUrns.serviceProviderConfig,
  name: 'ServiceProviderConfig',
  description: 'What the service provider supports',
  attributes: [
    uri('documentationUri', 'Help for people', 'external'),
    option('patch', 'PATCH'),
    option('bulk', 'Bulk requests', [
      integer('maxOperations', 'Most operations in one request'),
      integer('maxPayloadSize', 'Most bytes in one request'),
    ]),
    option('filter', 'Filters', [integer('maxResults', 'Most resources in one answer')]),
    option('changePassword', 'Setting a password'),
    option('sort', 'Sorting'),
    option('etag', 'Entity tags'),
    readOnly('pagination', 'How long lists are paged', {
      type: 'complex',
      subAttributes: [
        readOnly('cursor', 'Whether pages follow a cursor', { type: 'boolean', required: true }),
        readOnly('index', 'Whether pages follow an index', { type: 'boolean', required: true }),
        readOnly('defaultPaginationMethod', 'What is used when the client does not say', {
          canonicalValues: ['cursor', 'index'],
        }),
        integer('defaultPageSize', 'Resources in a page when the client does not say', false),
        integer('maxPageSize', 'Most resources in a page', false),
        integer('cursorTimeout', 'Seconds that a cursor lives at least', false),
      ],
    }),
    readOnly('authenticationSchemes', 'How clients authenticate', {
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        readOnly('type', 'Kind of the scheme', {
          required: true,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
        }),
        readOnly('name', 'Name of the scheme', { required: true }),
        readOnly('description', 'Description of the scheme', { required: true }),
        uri('specUri', 'Specification of the scheme', 'external'),
        uri('documentationUri', 'Help for people', 'external'),
        readOnly('primary', 'Whether this is the preferred scheme', { type: 'boolean' }),
      ],
    }),
  ],
};

export const resourceTypeSchema: SchemaDefinition = {
  id: schemaUrns.resourceType,
  name: 'ResourceType',
  description: 'A kind of resource and where it is found',
  attributes: [
    readOnly('name', 'Name of the resource type', { required: true, caseExact: true }),
    readOnly('description', 'Description for people'),
    uri('endpoint', 'Path of the endpoint below the base URL', 'uri', true),
    uri('schema', 'URN of the base schema', 'uri', true),
    readOnly('schemaExtensions', 'Extensions of the resource type', {
      type: 'complex',
      multiValued: true,
      subAttributes: [
        uri('schema', 'URN of the extension', 'uri', true),
        readOnly('required', 'Whether every resource must have the extension', { type: 'boolean', required: true }),
      ],
    }),
  ],
};

const characteristics: readonly AttributeDefinition[] = [
  readOnly('name', 'Name of the attribute', { required: true, caseExact: true }),
  readOnly('type', 'Data type', {
    required: true,
    canonicalValues: attributeTypes,
  }),
  readOnly('multiValued', 'Whether the attribute has a list of values', { type: 'boolean', required: true }),
  readOnly('description', 'Description for people'),
  readOnly('required', 'Whether a resource must have a value', { type: 'boolean' }),
  readOnly('canonicalValues', 'Suggested values', { multiValued: true, caseExact: true }),
  readOnly('caseExact', 'Whether capitals count', { type: 'boolean' }),
  readOnly('mutability', 'Who may change the attribute, and when', {
    canonicalValues: mutabilities,
  }),
  readOnly('returned', 'When the attribute is in an answer', {
    canonicalValues: returnedValues,
  }),
  readOnly('uniqueness', 'Among what a value is unique', { canonicalValues: uniquenesses }),
  readOnly('referenceTypes', 'What a reference may point to', { multiValued: true, caseExact: true }),
];

export const schemaSchema: SchemaDefinition = {
  id: schemaUrns.schema,
  name: 'Schema',
  description: 'The attributes of a kind of resource',
  attributes: [
    readOnly('name', 'Name of the schema', { caseExact: true }),
    readOnly('description', 'Description for people'),
    readOnly('attributes', 'Attributes of the schema', {
      type: 'complex',
      multiValued: true,
      required: true,
      subAttributes: [
        ...characteristics,
        readOnly('subAttributes', 'Parts of a complex attribute', {
          type: 'complex',
          multiValued: true,
          subAttributes: characteristics,
        }),
      ],
    }),
  ],
};
