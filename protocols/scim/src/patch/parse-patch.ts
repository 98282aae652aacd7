/**
 * A PATCH request as a list of changes (RFC 7644 3.5.2). One operation can become several changes: without a path, or with
 * an extension as its path, each attribute of its value is one.
 */
import { parseAttributePath, printResolvedPath } from '../attribute-path.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { quote, ScimError } from '../errors.ts';
import { findMember, isObject, type JsonObject, type JsonValue } from '../json.ts';
import { checkMessage } from '../message.ts';
import { type Extension, findExtension, type ResourceType } from '../registry.ts';
import { readingOf } from '../resource/read-resource.ts';
import { type Reading, refuseUnknown, refuseUnsupported } from '../resource/read-value.ts';
import { isResourceReference } from '../schema.ts';
import { messageUrns } from '../urns.ts';
import { type Change, patchOperations } from './change.ts';
import { checkPatchRestrictions, type ParsedOperation } from './check-patch.ts';
import { findTarget, isReadOnly, readRemoved, readTargetValue, type Target } from './target.ts';

/**
 * Throws `invalidSyntax` for what is no PATCH request, `invalidPath`, `invalidFilter`, `noTarget` for a removal without a
 * path, `mutability` for a path to a readOnly attribute, `invalidValue`.
 */
export function parsePatch(type: ResourceType, body: JsonObject, dialect: Dialect): Change[] {
  checkMessage(body, messageUrns.patchOp, dialect);
  const operations = findMember(body, 'Operations');
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new ScimError('invalidSyntax', 'Operations must list at least one operation.');
  }
  const scope: Scope = { type, dialect, reading: readingOf(type, dialect) };
  const perOperation = operations.map((operation) => parseOperation(operation, scope));
  checkPatchRestrictions(type, perOperation, dialect);
  const changes = perOperation.flatMap((operation) => operation.changes);
  const limit = dialect.maxPatchChanges;
  if (changes.length <= limit) return changes;
  throw new ScimError(
    'payloadTooLarge',
    `A PATCH request has at most ${limit} operations, or attributes in their values.`,
  );
}

interface Scope {
  readonly type: ResourceType;
  readonly dialect: Dialect;
  readonly reading: Reading;
}

/** What an operation does to what; the value is still as it was sent. */
interface Step {
  readonly operation: Change['operation'];
  readonly value: JsonValue | undefined;
}

function parseOperation(json: JsonValue, scope: Scope): ParsedOperation {
  if (!isObject(json)) throw new ScimError('invalidSyntax', 'Each operation must be an object.');
  const step: Step = { operation: readOperationName(findMember(json, 'op'), scope), value: findMember(json, 'value') };
  if (step.operation !== 'remove' && step.value === undefined) {
    throw new ScimError('invalidValue', `${step.operation} needs a value.`);
  }
  const path = findMember(json, 'path') ?? undefined;
  if (path === undefined) return { changes: changesWithoutPath(step, scope), hasPath: false };
  if (typeof path !== 'string') throw new ScimError('invalidPath', 'The path must be a text.');
  const extension = findExtension(scope.type, path);
  if (extension !== undefined) return { changes: changesOfExtension(extension, step, scope), hasPath: true };
  return { changes: changesAtPath(path, step, scope), hasPath: true };
}

function readOperationName(value: JsonValue | undefined, { dialect }: Scope): Change['operation'] {
  const text = typeof value === 'string' && accepts(dialect, 'operation-capitals') ? value.toLowerCase() : value;
  const operation = patchOperations.find((name) => name === text);
  if (operation === undefined) throw new ScimError('invalidSyntax', 'op must be "add", "remove" or "replace".');
  return operation;
}

function changesWithoutPath({ operation, value }: Step, scope: Scope): Change[] {
  // RFC 7644 3.5.2.2: a removal without a path fails with "noTarget".
  if (operation === 'remove') throw new ScimError('noTarget', 'remove needs a path.');
  if (!isObject(value)) throw new ScimError('invalidValue', `${operation} without a path needs an object as value.`);
  return Object.entries(value).flatMap(([key, item]) => {
    const step: Step = { operation, value: item };
    const extension = findExtension(scope.type, key);
    if (extension !== undefined) return changesOfExtension(extension, step, scope);
    // `schemas` follows from what the resource has.
    return key.toLowerCase() === 'schemas' ? [] : changesOfMember('', key, step, scope);
  });
}

function changesOfExtension({ schema }: Extension, { operation, value }: Step, scope: Scope): Change[] {
  if (operation === 'remove' || value === null) {
    return schema.attributes
      .filter((attribute) => attribute.mutability !== 'readOnly')
      .flatMap(({ name }) => changesAtPath(`${schema.id}:${name}`, { operation: 'remove', value: undefined }, scope));
  }
  if (!isObject(value)) throw new ScimError('invalidValue', `${schema.id} must be an object.`);
  return Object.entries(value).flatMap(([key, item]) =>
    changesOfMember(`${schema.id}:`, key, { operation, value: item }, scope),
  );
}

/** The changes that one member of a value asks for; what stands before its name makes it a path. */
function changesOfMember(prefix: string, key: string, step: Step, scope: Scope): Change[] {
  const { dialect } = scope;
  const path = prefix + key;
  const isReadable = key.includes('[') || parseAttributePath(path) !== undefined;
  const isAllowed = !/[.[]/.test(key) || accepts(dialect, 'paths-as-keys');
  const target = isReadable && isAllowed ? findTarget(scope.type, path, dialect) : undefined;
  if (target === undefined) {
    refuseUnknown(path, dialect);
    return [];
  }
  if (isReadOnly(target.path) && accepts(dialect, 'read-only-in-patch')) return [];
  return changesOfTarget(target, step, scope);
}

function changesAtPath(text: string, step: Step, scope: Scope): Change[] {
  const target = findTarget(scope.type, text, scope.dialect);
  if (target === undefined) throw new ScimError('invalidPath', `There is no attribute ${quote(text)}.`);
  return changesOfTarget(target, step, scope);
}

function changesOfTarget(target: Target, { operation, value = null }: Step, scope: Scope): Change[] {
  const { path, filter } = target;
  const { attribute, subAttribute } = path;
  const name = printResolvedPath(path);
  refuseUnsupported(name, scope.reading);
  // RFC 7644 3.5.2: an operation must be compatible with the attribute's mutability.
  if (isReadOnly(path)) throw new ScimError('mutability', `${name} is read-only.`);
  if (operation === 'remove') return [{ operation, ...target, value: readRemoved(target, value, scope.reading) }];
  // RFC 7644 3.5.2.1 and 3.5.2.3: of a complex attribute only the named parts change. A reference is one thing: its parts
  // belong to the resource that it points to.
  const isMerged = attribute.type === 'complex' && !attribute.multiValued && !isResourceReference(attribute);
  if (isMerged && subAttribute === undefined && isObject(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      changesOfMember(`${name}.`, key, { operation, value: item }, scope),
    );
  }
  const read = readTargetValue(target, operation, value, scope.reading);
  if (read !== undefined) return [{ operation, ...target, value: read }];
  // RFC 7643 2.5: null and the empty list stand for no value; adding nothing to a list changes nothing.
  if (operation === 'add' && attribute.multiValued) return [];
  return [{ operation: 'remove', path, filter, value: undefined }];
}
