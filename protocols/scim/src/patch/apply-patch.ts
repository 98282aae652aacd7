/**
 * Changes applied to a resource (RFC 7644 3.5.2.1 to 3.5.2.3), all or none: the resource that comes in is never touched, so
 * an error leaves nothing half done.
 */
import { printResolvedPath } from '../attribute-path.ts';
import type { Dialect } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import { asList, isObject, isSameJson, type JsonObject, type JsonValue, withMember } from '../json.ts';
import type { ResourceType } from '../registry.ts';
import { checkRestrictions, isBlank } from '../resource/check-resource.ts';
import { withSchemas } from '../resource/read-resource.ts';
import type { Change } from './change.ts';
import { checkParts, checkUnchanged } from './check-mutability.ts';
import { nextList } from './next-list.ts';

/**
 * The resource after the changes, in their order. When nothing differs the very same object comes back, and neither
 * `meta.lastModified` nor the version should change (RFC 7644 3.5.2.1).
 * Throws `mutability` for emptying a required attribute or changing an immutable one, `noTarget` for a filter that selects
 * nothing, `invalidValue` for two primary values and for what the dialect's restrictions exclude.
 */
export function applyPatch(
  type: ResourceType,
  resource: JsonObject,
  changes: readonly Change[],
  dialect: Dialect,
): JsonObject {
  const changed = withSchemas(
    type,
    changes.reduce((state, change) => applyChange(state, change, dialect), resource),
  );
  const missing = type.extensions.find(
    ({ schema, required }) => required && resource[schema.id] && !changed[schema.id],
  );
  if (missing !== undefined) throw new ScimError('mutability', `${missing.schema.id} is required.`);
  if (isSameJson(resource, changed)) return resource;
  checkRestrictions(type, changed, dialect, resource);
  return changed;
}

function applyChange(resource: JsonObject, change: Change, dialect: Dialect): JsonObject {
  const { extension, attribute } = change.path;
  const held = extension === undefined ? resource : resource[extension];
  const container = isObject(held) ? held : {};
  const value = nextValue(change, container[attribute.name], dialect);
  const next = withMember(container, attribute.name, value);
  return extension === undefined ? next : withMember(resource, extension, next);
}

function nextValue(change: Change, current: JsonValue | undefined, dialect: Dialect): JsonValue | undefined {
  const { attribute } = change.path;
  const next = attribute.multiValued ? nextList(change, asList(current), dialect) : nextSingle(change, current);
  const name = printResolvedPath(change.path);
  if (attribute.required && isBlank(next)) {
    // RFC 7644 3.5.2.2: removing a required attribute fails with "mutability".
    throw new ScimError(change.operation === 'remove' ? 'mutability' : 'invalidValue', `${name} is required.`);
  }
  if (attribute.mutability === 'immutable') checkUnchanged(current, next, name);
  return next;
}

function nextSingle({ operation, path, value }: Change, current: JsonValue | undefined): JsonValue | undefined {
  const wanted = operation === 'remove' ? undefined : value;
  const held = isObject(current) ? current : {};
  const next = path.subAttribute === undefined ? wanted : withMember(held, path.subAttribute.name, wanted);
  if (isObject(next)) checkParts(path.attribute, current, next);
  return next;
}
