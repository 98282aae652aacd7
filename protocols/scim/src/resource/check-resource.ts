/** What a whole resource must satisfy: the schema's required attributes, and the limits of the dialect. */
import { parseAttributePath, resolvePath, valuesAt } from '../attribute-path.ts';
import type { Dialect } from '../dialect.ts';
import { ScimError } from '../errors.ts';
import { isObject, isSameJson, type JsonObject, type JsonValue } from '../json.ts';
import type { ResourceType } from '../registry.ts';
import type { AttributeDefinition } from '../schema.ts';
import { isPrimary } from './read-value.ts';

/** Throws `invalidValue` for a missing required attribute. */
export function checkRequired(type: ResourceType, resource: JsonObject): void {
  checkContainer(type.attributes, resource, '');
  for (const { schema, required } of type.extensions) {
    const container = resource[schema.id];
    if (isObject(container)) checkContainer(schema.attributes, container, `${schema.id}:`);
    else if (required) throw new ScimError('invalidValue', `${schema.id} is required.`);
  }
}

/**
 * Throws `invalidValue` for what the dialect's restrictions exclude. With `before`, only values that have changed since are
 * looked at: what another client wrote must not keep this one from changing something else.
 */
export function checkRestrictions(
  type: ResourceType,
  resource: JsonObject,
  dialect: Dialect,
  before?: JsonObject,
): void {
  const { required = [], single = [], primary = [] } = dialect.restrictions[type.name] ?? {};
  const check = (paths: readonly string[], isFine: (values: JsonValue[]) => boolean, problem: string) => {
    for (const path of paths) {
      const values = valuesOf(type, resource, path);
      if (isFine(values) || (before !== undefined && isSameJson(valuesOf(type, before, path), values))) continue;
      throw new ScimError('invalidValue', `${path} ${problem}.`);
    }
  };
  check(required, (values) => values.length > 0, 'is required');
  check(single, (values) => values.length <= 1, 'holds only one value');
  check(primary, (values) => values.every(isPrimary), 'must be primary');
}

/** Throws `invalidValue` when one request sets, adds and removes more members than the dialect allows. */
export function checkMemberChanges(type: ResourceType, count: number, dialect: Dialect): void {
  const limit = dialect.restrictions[type.name]?.maxMemberChanges;
  if (limit === undefined || count <= limit) return;
  throw new ScimError('invalidValue', `One request can change at most ${limit} members; this one changes ${count}.`);
}

function checkContainer(attributes: readonly AttributeDefinition[], container: JsonObject, prefix: string): void {
  const missing = attributes.find(({ name, required }) => required && isBlank(container[name]));
  if (missing !== undefined) throw new ScimError('invalidValue', `${prefix}${missing.name} is required.`);
}

/** Whether a required attribute lacks its value; spaces alone are none. */
export function isBlank(value: JsonValue | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}

function valuesOf(type: ResourceType, resource: JsonObject, text: string): JsonValue[] {
  const path = parseAttributePath(text);
  const resolved = path && resolvePath(type, path);
  return resolved === undefined ? [] : valuesAt(resource, resolved);
}
