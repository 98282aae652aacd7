/** Which attributes of a resource an answer has (RFC 7643 7 "returned", RFC 7644 3.4.2.5 and 3.9). */
import { resolvePath } from '../attribute-path.ts';
import { accepts, type Dialect } from '../dialect.ts';
import { matchesFilter } from '../filter/evaluate-filter.ts';
import { parseValuePath } from '../filter/parse-filter.ts';
import { type ResolvedFilter, resolveValueFilter } from '../filter/resolve-filter.ts';
import { asList, isObject, type JsonObject, type JsonValue } from '../json.ts';
import { findExtension, type ResourceType } from '../registry.ts';
import { type AttributeDefinition, findByName } from '../schema.ts';

export interface Projection {
  /** What the client asks for; undefined when it leaves the choice to the schema. */
  readonly only: readonly Selection[] | undefined;
  readonly excluded: readonly Selection[];
  /** Attributes that the dialect always answers as an empty list. */
  readonly emptied: readonly string[];
}

/** A name in `attributes` or `excludedAttributes`. */
interface Selection {
  readonly extension: string | undefined;
  /** Undefined when the name is the URN of a whole schema. */
  readonly attribute: AttributeDefinition | undefined;
  readonly subAttribute: AttributeDefinition | undefined;
  /** Interop: Microsoft's collection asks for `emails[type eq "work"]`. */
  readonly filter: ResolvedFilter | undefined;
}

/** Reads `attributes` and `excludedAttributes`; unknown names select nothing. Throws `invalidPath`, `invalidFilter`. */
export function readProjection(
  type: ResourceType,
  attributes: readonly string[],
  excludedAttributes: readonly string[],
  dialect: Dialect,
): Projection {
  const select = (name: string) => readSelection(type, name, dialect);
  return {
    only: attributes.length === 0 ? undefined : attributes.flatMap(select),
    excluded: excludedAttributes.flatMap(select),
    emptied: dialect.restrictions[type.name]?.answeredEmpty ?? [],
  };
}

/** The resource as an answer shows it. */
export function project(type: ResourceType, resource: JsonObject, projection: Projection): JsonObject {
  const result = projectMembers(type.attributes, resource, undefined, projection);
  for (const { schema } of type.extensions) {
    const container = resource[schema.id];
    if (!isObject(container)) continue;
    const members = projectMembers(schema.attributes, container, schema.id, projection);
    if (Object.keys(members).length > 0) result[schema.id] = members;
  }
  for (const name of projection.emptied) result[name] = [];
  return result;
}

/** Whether an answer may show an attribute of the base schema, so that it must be loaded: the members of a large group. */
export function isProjected(type: ResourceType, name: string, projection: Projection): boolean {
  const attribute = findByName(type.attributes, name);
  if (attribute === undefined || projection.emptied.includes(attribute.name)) return false;
  return isAnswered(attribute, selectionsOf(attribute, undefined, projection));
}

function readSelection(type: ResourceType, name: string, dialect: Dialect): Selection[] {
  const whole = { attribute: undefined, subAttribute: undefined, filter: undefined };
  if (name.toLowerCase() === type.schema.id.toLowerCase()) return [{ extension: undefined, ...whole }];
  const extension = findExtension(type, name)?.schema.id;
  if (extension !== undefined) return [{ extension, ...whole }];
  const { path, filter } = parseValuePath(name, dialect);
  const found = resolvePath(type, path, accepts(dialect, 'unqualified-extension-attributes'));
  return found === undefined
    ? []
    : [{ ...found, filter: filter && resolveValueFilter(found.attribute, filter, dialect) }];
}

/** What a request says of one attribute. */
interface Selections {
  readonly only: readonly Selection[] | undefined;
  readonly excluded: readonly Selection[];
}

function selectionsOf(
  attribute: AttributeDefinition,
  extension: string | undefined,
  { only, excluded }: Projection,
): Selections {
  const concerns = (selection: Selection) =>
    selection.extension === extension && (selection.attribute ?? attribute) === attribute;
  return { only: only?.filter(concerns), excluded: excluded.filter(concerns) };
}

function isAnswered({ returned }: AttributeDefinition, { only, excluded }: Selections): boolean {
  if (returned === 'always' || returned === 'never') return returned === 'always';
  if (excluded.some(isWhole)) return false;
  return only === undefined ? returned === 'default' : only.length > 0;
}

function isWhole({ subAttribute, filter }: Selection): boolean {
  return subAttribute === undefined && filter === undefined;
}

function projectMembers(
  attributes: readonly AttributeDefinition[],
  container: JsonObject,
  extension: string | undefined,
  projection: Projection,
): JsonObject {
  const result: JsonObject = {};
  for (const attribute of attributes) {
    const value = container[attribute.name];
    if (value === undefined) continue;
    const selections = selectionsOf(attribute, extension, projection);
    if (!isAnswered(attribute, selections)) continue;
    if (attribute.subAttributes.length === 0) {
      result[attribute.name] = value;
      continue;
    }
    const values = asList(value).flatMap((item) => projectValue(attribute, item, selections));
    const [first] = values;
    if (first !== undefined) result[attribute.name] = attribute.multiValued ? values : first;
  }
  return result;
}

/** One value of an attribute as the answer shows it; nothing if it does not. */
function projectValue(attribute: AttributeDefinition, value: JsonValue, selections: Selections): JsonValue[] {
  if (!isObject(value)) return [value];
  const selects = ({ filter }: Selection) => filter === undefined || matchesFilter(filter, value);
  const only = selections.only?.filter(selects);
  const excluded = selections.excluded.filter(selects);
  if (only?.length === 0 || excluded.some(({ subAttribute }) => subAttribute === undefined)) return [];
  const parts = attribute.subAttributes.filter((part) => isPartAnswered(part, { only, excluded }));
  const result: JsonObject = {};
  for (const { name } of parts) {
    const item = value[name];
    if (item !== undefined) result[name] = item;
  }
  return Object.keys(result).length === 0 ? [] : [result];
}

function isPartAnswered(part: AttributeDefinition, { only, excluded }: Selections): boolean {
  const ofPart = ({ subAttribute }: Selection) => subAttribute === part;
  const ofAll = ({ subAttribute }: Selection) => subAttribute === undefined;
  if (part.returned === 'always' || part.returned === 'never') return part.returned === 'always';
  if (excluded.some(ofPart)) return false;
  if (only?.some(ofPart)) return true;
  return part.returned === 'default' && (only === undefined || only.some(ofAll));
}
