/** Logged changes taken back: what a resource should be again. Pure. */
import {
  applyPatch,
  type JsonObject,
  type JsonValue,
  messageUrns,
  parsePatch,
  type ResourceType,
  ScimError,
  tolerantDialect,
} from '@countersign/scim';
import type { PropertyChange, Reversal } from '../../provisioning/index.ts';
import { changesOf, operationsBetween, resourceBefore, valueAt } from './resource-values.ts';

/** The changes that the resource does not have as they were made. */
export function changedSince(
  type: ResourceType,
  resource: JsonObject,
  changes: readonly PropertyChange[],
): PropertyChange[] {
  return changes.filter(({ name, after }) => !isAs(after as JsonValue | undefined, valueAt(type, resource, name)));
}

/** Each change that the resource still has is turned round; the others are kept, and named. */
export function reverseChanges(type: ResourceType, resource: JsonObject, changes: readonly PropertyChange[]): Reversal {
  const since = new Set(changedSince(type, resource, changes));
  const kept: PropertyChange[] = [];
  let content = resource;
  for (const change of changes) {
    const before = change.before as JsonValue | undefined;
    if (isAs(before, valueAt(type, content, change.name))) continue;
    const reversed = since.has(change) ? undefined : withValueAt(type, content, change.name, before);
    if (reversed) content = reversed;
    else kept.push(change);
  }
  return { changes: changesOf(type, resource, operationsBetween(type, resource, content)), kept, content };
}

/** A resource to be made, of all that a former one had and a client may set. */
export function remake(type: ResourceType, changes: readonly PropertyChange[]): Reversal {
  const operations = operationsBetween(type, {}, resourceBefore(type, changes));
  const content = operations.reduce<JsonObject>(
    (resource, { path = '', value }) => withValueAt(type, resource, path, value) ?? resource,
    {},
  );
  return { changes: changesOf(type, {}, operations), kept: [], content };
}

/** Undefined when the resource cannot have the value, or be without one. */
function withValueAt(
  type: ResourceType,
  resource: JsonObject,
  path: string,
  value: JsonValue | undefined,
): JsonObject | undefined {
  const operation: JsonObject = value === undefined ? { op: 'remove', path } : { op: 'replace', path, value };
  try {
    const body = { schemas: [messageUrns.patchOp], Operations: [operation] };
    return applyPatch(type, resource, parsePatch(type, body, tolerantDialect), tolerantDialect);
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
}

function isAs(wanted: JsonValue | undefined, value: JsonValue | undefined): boolean {
  return wanted === undefined || value === undefined ? wanted === value : isWithin(wanted, value);
}

/** Whether the value is what was sent; a server may add members of its own to a complex one. */
function isWithin(sent: JsonValue, value: JsonValue): boolean {
  if (Array.isArray(sent)) {
    return (
      Array.isArray(value) && sent.length === value.length && sent.every((one) => value.some((it) => isWithin(one, it)))
    );
  }
  if (typeof sent !== 'object' || sent === null) return sent === value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(sent).every(([name, part]) => value[name] !== undefined && isWithin(part, value[name]));
}
