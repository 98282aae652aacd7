/**
 * The discovery documents (RFC 7644 4, RFC 7643 5 to 7, RFC 9865 4), built from the registry. They have the members of
 * the RFCs and no others: Interop: strict clients fail on a member that they do not know.
 */
import type { JsonObject } from './json.ts';
import type { ResourceType } from './registry.ts';
import type { AttributeDefinition, AttributeType, SchemaDefinition } from './schema.ts';
import { schemaUrns } from './urns.ts';

export interface ServiceProviderConfig {
  readonly documentationUri?: string;
  readonly patch: { readonly supported: boolean };
  readonly bulk: { readonly supported: boolean; readonly maxOperations: number; readonly maxPayloadSize: number };
  readonly filter: { readonly supported: boolean; readonly maxResults: number };
  readonly changePassword: { readonly supported: boolean };
  readonly sort: { readonly supported: boolean };
  readonly etag: { readonly supported: boolean };
  /** RFC 9865 4. Clients older than that RFC may fail on it, so an endpoint says it only where it is asked to. */
  readonly pagination?: Pagination;
  readonly authenticationSchemes: readonly AuthenticationScheme[];
}

export interface Pagination {
  readonly cursor: boolean;
  readonly index: boolean;
  readonly defaultPaginationMethod?: 'cursor' | 'index';
  readonly defaultPageSize?: number;
  readonly maxPageSize?: number;
  readonly cursorTimeout?: number;
}

export interface AuthenticationScheme {
  readonly type: 'oauth' | 'oauth2' | 'oauthbearertoken' | 'httpbasic' | 'httpdigest';
  readonly name: string;
  readonly description: string;
  readonly specUri?: string;
  readonly documentationUri?: string;
  readonly primary?: boolean;
}

export function buildServiceProviderConfig(config: ServiceProviderConfig, baseUrl: string): JsonObject {
  const members: JsonObject = JSON.parse(JSON.stringify(config));
  return {
    schemas: [schemaUrns.serviceProviderConfig],
    ...members,
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

export function buildResourceType(type: ResourceType, baseUrl: string): JsonObject {
  return {
    schemas: [schemaUrns.resourceType],
    id: type.name,
    name: type.name,
    endpoint: type.endpoint,
    description: type.description,
    schema: type.schema.id,
    schemaExtensions: type.extensions.map(({ schema, required }) => ({ schema: schema.id, required })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${encodeURIComponent(type.name)}` },
  };
}

export function buildSchema(schema: SchemaDefinition, baseUrl: string): JsonObject {
  const { id, name, description, attributes } = schema;
  return {
    schemas: [schemaUrns.schema],
    id,
    name,
    description,
    attributes: attributes.map(describe),
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${id}` },
  };
}

/** Types of which capitals are a question. */
const texts: readonly AttributeType[] = ['string', 'reference', 'binary'];

function describe(attribute: AttributeDefinition): JsonObject {
  const { name, type, multiValued, description, required, mutability, returned, uniqueness } = attribute;
  const { canonicalValues, caseExact, referenceTypes, subAttributes } = attribute;
  return {
    name,
    type,
    multiValued,
    description,
    required,
    ...(canonicalValues.length > 0 ? { canonicalValues: [...canonicalValues] } : {}),
    ...(texts.includes(type) ? { caseExact } : {}),
    mutability,
    returned,
    uniqueness,
    ...(referenceTypes.length > 0 ? { referenceTypes: [...referenceTypes] } : {}),
    ...(type === 'complex' ? { subAttributes: subAttributes.map(describe) } : {}),
  };
}
