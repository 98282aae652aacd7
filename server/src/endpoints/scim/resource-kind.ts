import { createRegistry, type JsonObject, type ResourceType } from '@countersign/scim';
import type { DirectoryObject, ObjectKindDefinition } from '../../directory/index.ts';
import type { ScimScope } from '../../inbound-provisioning/index.ts';
import type { ResourceRequest, ScimCall } from './call.ts';

const { resourceTypes } = createRegistry();

/** The resource types that the endpoint serves, by their names in SCIM. */
export type KindName = 'User' | 'Group';

/** The standard resource type of this name. */
export function typeNamed(name: KindName): ResourceType {
  const type = resourceTypes.find((candidate) => candidate.name === name);
  if (!type) throw new Error(`There is no resource type ${name}.`);
  return type;
}

/** Whether a part of a resource must be read that its object does not have: `groups`, `members`, `manager`. */
export type Wants = (part: string) => boolean;

/** All that differs between users and groups. */
export interface ResourceKind {
  name: KindName;
  /** Path below the endpoint's address, with a leading slash. */
  endpoint: string;
  definition: ObjectKindDefinition;
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
