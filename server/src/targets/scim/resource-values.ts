/** Mapped values put into SCIM resources, and what differs between two of them. Pure. */
import {
  applyPatch,
  buildPatch,
  type JsonObject,
  type JsonValue,
  messageUrns,
  type PatchOperation,
  parseAttributePath,
  parsePatch,
  type ResourceType,
  resolvePath,
  ScimError,
  tolerantDialect,
  valuesAt,
} from '@countersign/scim';
import { ExpressionError, type MappedValue, type PropertyChange } from '../../provisioning/index.ts';

/**
 * The resource with these values, whatever else it has.
 * @throws ExpressionError when a value cannot stand where it is mapped to
 */
export function withValues(
  type: ResourceType,
  resource: JsonObject,
  values: readonly MappedValue[],
  wantsPrimary: boolean,
): JsonObject {
  const operations = values.map(operationFor);
  let changed: JsonObject;
  try {
    changed = patched(type, resource, operations);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    // One after the other, to tell which of them it is.
    changed = values.reduce((state, value) => withValue(type, state, value), resource);
  }
  return wantsPrimary ? withPrimary(type, resource, changed) : changed;
}

function withValue(type: ResourceType, resource: JsonObject, value: MappedValue): JsonObject {
  try {
    return patched(type, resource, [operationFor(value)]);
  } catch (error) {
    if (error instanceof ScimError) throw new ExpressionError(`${value.target}: ${error.detail}`);
    throw error;
  }
}

function operationFor({ target, value }: MappedValue): JsonObject {
  if (value === null) return { op: 'remove', path: wholeValue(target) };
  return { op: 'replace', path: target, value: typeof value === 'object' ? [...value] : value };
}

function patched(type: ResourceType, resource: JsonObject, operations: JsonObject[]): JsonObject {
  if (operations.length === 0) return resource;
  const body = { schemas: [messageUrns.patchOp], Operations: operations };
  return applyPatch(type, resource, parsePatch(type, body, tolerantDialect), tolerantDialect);
}

/** Of a list, the whole value goes when its `value` goes: what is left would say nothing. */
function wholeValue(path: string): string {
  return path.replace(/\]\.value$/, ']');
}

/** A single value of a list that had none becomes the primary one. */
function withPrimary(type: ResourceType, before: JsonObject, after: JsonObject): JsonObject {
  const result = { ...after };
  for (const { name, multiValued, subAttributes } of type.attributes) {
    const values = after[name];
    const hasPrimary = subAttributes.some((part) => part.name === 'primary');
    if (!multiValued || !hasPrimary || before[name] !== undefined || !Array.isArray(values)) continue;
    const [only] = values;
    if (values.length === 1 && typeof only === 'object' && only !== null) result[name] = [{ ...only, primary: true }];
  }
  return result;
}

/** The operations that make one of the other, without the members of groups. */
export function operationsBetween(type: ResourceType, before: JsonObject, after: JsonObject): PatchOperation[] {
  return buildPatch(type, before, after).filter(({ path }) => !path?.startsWith('members'));
}

/** What the operations change, for people. */
export function changesOf(
  type: ResourceType,
  before: JsonObject,
  operations: readonly PatchOperation[],
): PropertyChange[] {
  return operations.flatMap(({ path = '', value }) => {
    const old = valueAt(type, before, path);
    return [
      { name: path, ...(old === undefined ? {} : { before: old }), ...(value === undefined ? {} : { after: value }) },
    ];
  });
}

/** Every attribute of a resource, those of extensions under their full names (RFC 7644 3.10), as what gets lost with it. */
export function lossOf(type: ResourceType, resource: JsonObject): PropertyChange[] {
  return Object.entries(resource).flatMap(([name, before]) => {
    const isExtension = type.extensions.some(({ schema }) => schema.id === name);
    if (!isExtension || typeof before !== 'object' || before === null) return [{ name, before }];
    return Object.entries(before).map(([part, value]) => ({ name: `${name}:${part}`, before: value }));
  });
}

/** The resource again of what `lossOf` tells. */
export function resourceBefore(type: ResourceType, loss: readonly PropertyChange[]): JsonObject {
  const resource: JsonObject = {};
  for (const { name, before } of loss) {
    const urn = type.extensions.map(({ schema }) => schema.id).find((id) => name.startsWith(`${id}:`));
    const value = before as JsonValue;
    if (urn === undefined) resource[name] = value;
    else resource[urn] = { ...Object(resource[urn]), [name.slice(urn.length + 1)]: value };
  }
  return resource;
}

/** All values at a path for lists, else the value; undefined where there is none. */
export function valueAt(type: ResourceType, resource: JsonObject, text: string): JsonValue | undefined {
  const path = parseAttributePath(text);
  const resolved = path && resolvePath(type, path);
  if (!resolved) return undefined;
  const values = valuesAt(resource, resolved);
  return resolved.attribute.multiValued && values.length > 0 ? values : values[0];
}
