/** RFC 7643 7 "immutable": a value can be given once, but neither changed nor taken away. */
import { ScimError } from '../errors.ts';
import { isObject, isSameJson, type JsonObject, type JsonValue } from '../json.ts';
import type { AttributeDefinition } from '../schema.ts';

/** Throws `mutability` when an immutable part of a complex value has changed. */
export function checkParts(attribute: AttributeDefinition, before: JsonValue | undefined, after: JsonObject): void {
  if (!isObject(before)) return;
  for (const { name, mutability } of attribute.subAttributes) {
    if (mutability === 'immutable') checkUnchanged(before[name], after[name], `${attribute.name}.${name}`);
  }
}

/** Throws `mutability` when there was a value and it has changed. */
export function checkUnchanged(before: JsonValue | undefined, after: JsonValue | undefined, name: string): void {
  if (before === undefined || isSameJson(before, after)) return;
  throw new ScimError('mutability', `${name} cannot be changed.`);
}
