import { buildMeta, buildVersion, type JsonObject, locationOf, type ResourceType } from '@countersign/scim';
import type { DirectoryObject } from '../../directory/index.ts';
import type { ScimCall } from './call.ts';

/** The entity tag of a resource; undefined in dialects without versions. */
export function versionOf({ dialect }: ScimCall, { version }: DirectoryObject): string | undefined {
  return dialect.supports.etag ? buildVersion(version) : undefined;
}

/** What every resource has (RFC 7643 3.1), around what is its own. */
export function buildResource(
  call: ScimCall,
  type: ResourceType,
  object: DirectoryObject,
  own: JsonObject,
): JsonObject {
  const { id, createdAt, modifiedAt: lastModifiedAt } = object;
  const version = versionOf(call, object);
  const used = type.extensions.map(({ schema }) => schema.id).filter((urn) => own[urn] !== undefined);
  return {
    schemas: [type.schema.id, ...used],
    id,
    ...own,
    meta: buildMeta(type, locationOf(type, call.baseUrl, id), {
      createdAt,
      lastModifiedAt,
      ...(version !== undefined && { version }),
    }),
  };
}
