/** The PATCH that turns one state of a resource into another (RFC 7644 3.5.2), in the operations that most servers take. */
import { asList, isObject, isSameJson, type JsonObject, type JsonValue } from '../json.ts';
import type { ResourceType } from '../registry.ts';
import { type AttributeDefinition, isResourceReference } from '../schema.ts';
import type { PatchOperation } from './requests.ts';

/**
 * The operations that make `after` of `before`; none when they differ in nothing that a client can change. Both are in the
 * form of readAnsweredResource. Members of groups are added and removed one by one, never replaced as a whole.
 */
export function buildPatch(type: ResourceType, before: JsonObject, after: JsonObject): PatchOperation[] {
  return [
    ...operationsFor(type.attributes, before, after, ''),
    ...type.extensions.flatMap(({ schema: { id, attributes } }) =>
      operationsFor(attributes, objectOf(before[id]), objectOf(after[id]), `${id}:`),
    ),
  ];
}

/**
 * Additions and removals of members by identifier, in requests of at most `perRequest` members each.
 * Removals come first, since a server may limit the size of a group.
 */
export function buildMemberPatches(
  changes: { readonly added: readonly string[]; readonly removed: readonly string[] },
  perRequest: number,
): PatchOperation[][] {
  const all = [
    ...changes.removed.map((id) => ({ id, isAdded: false })),
    ...changes.added.map((id) => ({ id, isAdded: true })),
  ];
  const size = Math.max(perRequest, 1);
  const requests: PatchOperation[][] = [];
  for (let start = 0; start < all.length; start += size) {
    const part = all.slice(start, start + size);
    const removed = part.filter(({ isAdded }) => !isAdded).map(({ id }) => id);
    const added = part.filter(({ isAdded }) => isAdded).map(({ id }) => id);
    const members = added.map((value) => ({ value }));
    requests.push(listOperations('members', removed, members));
  }
  return requests;
}

function operationsFor(
  attributes: readonly AttributeDefinition[],
  before: JsonObject,
  after: JsonObject,
  prefix: string,
): PatchOperation[] {
  return attributes.flatMap((attribute) => {
    const { name, mutability, type, multiValued, subAttributes } = attribute;
    const [old, wanted] = [before[name], after[name]];
    if (mutability === 'readOnly' || name === 'schemas' || isSameValue(attribute, old, wanted)) return [];
    const path = prefix + name;
    const isReference = isResourceReference(attribute);
    if (multiValued && isReference) return referenceOperations(path, asList(old), asList(wanted));
    if (type === 'complex' && !multiValued && !isReference && old !== undefined && wanted !== undefined) {
      return operationsFor(subAttributes, objectOf(old), objectOf(wanted), `${path}.`);
    }
    return [valueOperation(path, old, wanted)];
  });
}

/** A reference is the same if it points to the same resource: its other parts are the server's. */
function isSameValue(
  attribute: AttributeDefinition,
  old: JsonValue | undefined,
  wanted: JsonValue | undefined,
): boolean {
  const isSingle = isResourceReference(attribute) && isObject(old) && isObject(wanted);
  return isSingle ? old['value'] === wanted['value'] : isSameJson(old, wanted);
}

function valueOperation(path: string, old: JsonValue | undefined, wanted: JsonValue | undefined): PatchOperation {
  if (wanted === undefined) return { op: 'remove', path };
  return { op: old === undefined ? 'add' : 'replace', path, value: wanted };
}

function referenceOperations(path: string, old: readonly JsonValue[], wanted: readonly JsonValue[]): PatchOperation[] {
  const oldIds = new Set(old.map(idOf));
  const wantedIds = new Set(wanted.map(idOf));
  const removed = [...oldIds].filter((id) => !wantedIds.has(id));
  const added = wanted.filter((item) => !oldIds.has(idOf(item)));
  return listOperations(path, removed, added);
}

function listOperations(path: string, removed: readonly string[], added: JsonValue[]): PatchOperation[] {
  const removals = removed.map(
    (id): PatchOperation => ({ op: 'remove', path: `${path}[value eq ${JSON.stringify(id)}]` }),
  );
  return added.length === 0 ? removals : [...removals, { op: 'add', path, value: added }];
}

function idOf(member: JsonValue): string {
  return String(objectOf(member)['value']);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
