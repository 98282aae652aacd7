/** Which attribute of SCIM's User (RFC 7643 4.1, 4.3) is which of the directory: the one table for reading and writing. */
import { type JsonObject, type JsonValue, schemaUrns } from '@countersign/scim';
import type { AttributeChange, Attributes, AttributeValue } from '../../directory/index.ts';

interface Pair {
  /** Names from the top of the resource to the value. */
  scim: readonly string[];
  /** `attribute` or `attribute/member`. */
  directory: string;
}

interface PairOfPaths extends Pair {
  directoryPath: readonly string[];
}

const enterprise = schemaUrns.enterpriseUser;

const pairs: readonly Pair[] = [
  { scim: ['externalId'], directory: 'externalId' },
  { scim: ['name', 'formatted'], directory: 'formattedName' },
  { scim: ['name', 'familyName'], directory: 'surname' },
  { scim: ['name', 'givenName'], directory: 'givenName' },
  { scim: ['name', 'middleName'], directory: 'middleName' },
  { scim: ['name', 'honorificPrefix'], directory: 'honorificPrefix' },
  { scim: ['name', 'honorificSuffix'], directory: 'honorificSuffix' },
  { scim: ['displayName'], directory: 'displayName' },
  { scim: ['nickName'], directory: 'preferredName' },
  { scim: ['profileUrl'], directory: 'mySite' },
  { scim: ['title'], directory: 'jobTitle' },
  // Not `userType`: that says in the directory who is a guest.
  { scim: ['userType'], directory: 'employeeType' },
  { scim: ['preferredLanguage'], directory: 'preferredLanguage' },
  { scim: ['locale'], directory: 'locale' },
  { scim: ['timezone'], directory: 'timezone' },
  { scim: ['active'], directory: 'accountEnabled' },
  { scim: ['ims'], directory: 'ims' },
  { scim: ['photos'], directory: 'photos' },
  { scim: ['entitlements'], directory: 'entitlements' },
  { scim: ['roles'], directory: 'roles' },
  { scim: ['x509Certificates'], directory: 'x509Certificates' },
  { scim: [enterprise, 'employeeNumber'], directory: 'employeeId' },
  { scim: [enterprise, 'costCenter'], directory: 'employeeOrgData/costCenter' },
  { scim: [enterprise, 'organization'], directory: 'companyName' },
  { scim: [enterprise, 'division'], directory: 'employeeOrgData/division' },
  { scim: [enterprise, 'department'], directory: 'department' },
];

export const userAttributes: readonly PairOfPaths[] = pairs.map((pair) => ({
  ...pair,
  directoryPath: pair.directory.split('/'),
}));

/** The value in a tree of objects; undefined where there is none. */
export function valueIn(tree: JsonObject | Attributes, names: readonly string[]): JsonValue | undefined {
  return names.reduce<JsonValue | undefined>(
    (value, name) => (isTree(value) ? value[name] : undefined),
    tree as JsonObject,
  );
}

/** Everything of the table that the user has, as members of a resource. */
export function readUserAttributes(attributes: Attributes): JsonObject {
  const resource: JsonObject = {};
  for (const { scim, directoryPath } of userAttributes) {
    const value = valueIn(attributes, directoryPath);
    if (value !== undefined) setIn(resource, scim, value);
  }
  return resource;
}

/**
 * The change that makes the user have what the resource says, and nothing else of the table. Whether the account is enabled
 * stays as it is when nothing is said.
 */
export function writeUserAttributes(resource: JsonObject): AttributeChange {
  const change: Record<string, AttributeValue> = {};
  for (const { scim, directoryPath } of userAttributes) {
    const [name = '', member] = directoryPath;
    const value = valueIn(resource, scim);
    if (member === undefined) change[name] = value === undefined ? null : withoutValueless(value);
    else change[name] = { ...(change[name] as object), [member]: value ?? null };
  }
  const { accountEnabled, ...others } = change;
  return accountEnabled === null || accountEnabled === undefined ? others : change;
}

/** A value of a list that has only a type stands for nothing. */
export function withoutValueless(value: JsonValue): JsonValue {
  if (!Array.isArray(value)) return value;
  return value.filter((item) => isTree(item) && item['value'] !== undefined);
}

function setIn(tree: JsonObject, [name = '', ...rest]: readonly string[], value: JsonValue): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const held = tree[name];
  const inner: JsonObject = isTree(held) ? held : {};
  tree[name] = inner;
  setIn(inner, rest, value);
}

export function isTree(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
