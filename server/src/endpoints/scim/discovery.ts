import {
  buildListResponse,
  buildResourceType,
  buildSchema,
  buildServiceProviderConfig,
  type JsonObject,
  type JsonValue,
  ScimError,
} from '@countersign/scim';
import { bulkLimits } from './bulk-limits.ts';
import type { ScimCall } from './call.ts';
import { schemasOf } from './tenant-types.ts';

/** The documents that say what the endpoint is (RFC 7644 4), by their path. */
export function discoveryDocument(call: ScimCall, [name, id]: readonly string[]): JsonObject | undefined {
  const { dialect, baseUrl } = call;
  switch (name?.toLowerCase()) {
    case 'serviceproviderconfig':
      return id === undefined ? serviceProviderConfig(call) : undefined;
    case 'resourcetypes':
      return one(
        Object.values(call.types).map(({ type }) => buildResourceType(type, baseUrl)),
        id,
        dialect,
      );
    case 'schemas':
      return one(
        schemasOf(call.types).map((schema) => buildSchema(schema, baseUrl)),
        id,
        dialect,
      );
    default:
      return undefined;
  }
}

/** All documents as a list, or the one of that id. @throws ScimError `notFound` */
function one(documents: JsonObject[], id: string | undefined, dialect: ScimCall['dialect']): JsonObject {
  if (id === undefined) {
    const page = { kind: 'index', startIndex: 1, count: documents.length } as const;
    return buildListResponse(page, { resources: documents, totalResults: documents.length }, dialect);
  }
  const wanted = id.toLowerCase();
  const found = documents.find((document) => textOf(document['id']).toLowerCase() === wanted);
  if (found) return found;
  throw new ScimError('notFound', `There is no ${JSON.stringify(id.slice(0, 120))} here.`);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function serviceProviderConfig({ dialect, baseUrl }: ScimCall): JsonObject {
  const { supports, pages, accepts } = dialect;
  const pagination = {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: pages.defaultSize,
    maxPageSize: pages.maxSize,
  } as const;
  return buildServiceProviderConfig(
    {
      patch: { supported: true },
      bulk: { supported: supports.bulk, ...bulkLimits },
      filter: { supported: true, maxResults: pages.maxSize },
      changePassword: { supported: supports.changePassword },
      sort: { supported: supports.sort },
      etag: { supported: supports.etag },
      // Interop: strict clients older than RFC 9865 fail on a member that they do not know.
      ...(accepts.length === 0 && { pagination }),
      authenticationSchemes: [
        {
          type: 'oauthbearertoken',
          name: 'SCIM token',
          description: 'A token that an administrator of the tenant made for this client, sent as Bearer (RFC 6750).',
          specUri: 'https://www.rfc-editor.org/rfc/rfc6750',
          primary: true,
        },
      ],
    },
    baseUrl,
  );
}
