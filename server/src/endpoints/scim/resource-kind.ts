import { createRegistry, type JsonObject, type ResourceType } from '@countersign/scim';
import type { DirectoryObject, ObjectKindDefinition } from '../../directory/index.ts';
import type { ScimScope } from '../../inbound-provisioning/index.ts';
import type { ResourceRequest, ScimCall } from './call.ts';
import type { SearchTable } from './search-table.ts';

const { resourceTypes, schemas } = createRegistry();

/** The schemas and resource types that the endpoint serves. */
export const registry = { resourceTypes, schemas };

/** The resource type of this name. */
export function typeNamed(name: string): ResourceType {
  const type = resourceTypes.find((candidate) => candidate.name === name);
  if (!type) throw new Error(`There is no resource type ${name}.`);
  return type;
}

/** Whether a part of a resource must be read that its object does not have: `groups`, `members`, `manager`. */
export type Wants = (part: string) => boolean;

/** All that differs between users and groups. */
export interface ResourceKind {
  type: ResourceType;
  definition: ObjectKindDefinition;
  search: SearchTable;
  scopes: { read: ScimScope; write: ScimScope };
  /** A part that changes elsewhere without a new version, so that no read of it is answered as unmodified. */
  unversioned: string | undefined;
  /** The resources of objects, in their order. */
  build(call: ScimCall, objects: readonly DirectoryObject[], wants: Wants): Promise<JsonObject[]>;
  /** One object for each body: all of them are made, or none. */
  create(call: ScimCall, bodies: readonly JsonObject[]): Promise<DirectoryObject[]>;
  replace(call: ScimCall, request: ResourceRequest, body: JsonObject): Promise<DirectoryObject>;
  patch(call: ScimCall, request: ResourceRequest, body: JsonObject): Promise<DirectoryObject>;
  remove(call: ScimCall, request: ResourceRequest): Promise<void>;
  /** Whether the answer to a change can show the whole resource without costing more than the change did. */
  isCheaplyShown(call: ScimCall, id: string): Promise<boolean>;
}
