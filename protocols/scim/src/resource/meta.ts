/** `meta` of a resource (RFC 7643 3.1) and where it is found. */
import type { JsonObject } from '../json.ts';
import type { ResourceType } from '../registry.ts';

/** The absolute address of a resource; the Location header and `meta.location` are the same (RFC 7644 3.1). */
export function locationOf(type: ResourceType, baseUrl: string, id: string): string {
  return `${baseUrl}${type.endpoint}/${encodeURIComponent(id)}`;
}

export interface ResourceState {
  readonly createdAt: Date;
  readonly lastModifiedAt: Date;
  /** Entity tag, see buildVersion; left out by endpoints without versions. */
  readonly version?: string;
}

export function buildMeta(type: ResourceType, location: string, state: ResourceState): JsonObject {
  return {
    resourceType: type.name,
    created: state.createdAt.toISOString(),
    lastModified: state.lastModifiedAt.toISOString(),
    location,
    ...(state.version === undefined ? {} : { version: state.version }),
  };
}
