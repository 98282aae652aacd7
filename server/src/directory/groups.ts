import type { Act } from '../audit/index.ts';
import type { AttributeChange, DirectoryObject } from './attribute.ts';
import { refuse } from './errors.ts';
import { groupKind } from './group-kind.ts';
import { changeObject, createObject, getObjectToChange, type ObjectWriting } from './objects.ts';

const defaults: AttributeChange = { mailEnabled: false, securityEnabled: true };

/**
 * Makes a group: a security group unless the attributes say otherwise.
 * @throws Refusal as `createObject`
 */
export async function createGroup(
  stores: ObjectWriting,
  act: Act,
  attributes: AttributeChange,
): Promise<DirectoryObject> {
  const group: AttributeChange = { ...defaults, ...attributes };
  if (group['isAssignableToRole'] === true && group['securityEnabled'] !== true) {
    throw invalid('isAssignableToRole', 'needs a security group');
  }
  return createObject(stores, act, groupKind, group);
}

/**
 * Changes a group.
 * @throws Refusal `directory.object_not_found`, and as `changeObject`
 */
export async function updateGroup(
  stores: ObjectWriting,
  act: Act,
  id: string,
  change: AttributeChange,
  { ifVersion }: { ifVersion?: number } = {},
): Promise<DirectoryObject> {
  const before = await getObjectToChange(stores, act.tenantId, groupKind, id, ifVersion);
  const wasAssignable = before.attributes['isAssignableToRole'] === true;
  // Whoever may change members could otherwise turn an ordinary group of theirs into one with a role.
  if ('isAssignableToRole' in change && (change['isAssignableToRole'] === true) !== wasAssignable) {
    throw invalid('isAssignableToRole', 'can only be set when the group is made');
  }
  if (wasAssignable && change['securityEnabled'] === false) {
    throw invalid('securityEnabled', 'cannot be false: the group can hold directory roles');
  }
  return changeObject(stores, act, groupKind, before, change);
}

function invalid(attribute: string, problem: string) {
  return refuse('directory.attribute_invalid', { attribute, problem });
}
