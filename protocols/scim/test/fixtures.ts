// What several tests need: the standard registry, resources of RFC 7643 8, and an assertion for ScimError.
import assert from 'node:assert/strict';
import {
  applyPatch,
  createRegistry,
  type Dialect,
  findResourceType,
  type JsonObject,
  matchesFilter,
  messageUrns,
  parseFilter,
  parsePatch,
  type ResourceType,
  readAnsweredResource,
  resolveFilter,
  ScimError,
  type ScimErrorCode,
  schemaUrns,
  standardDialect,
  tolerantDialect,
} from '../src/index.ts';

export const registry = createRegistry();
export const userType = typeNamed('User');
export const groupType = typeNamed('Group');

export function typeNamed(name: string): ResourceType {
  const type = findResourceType(registry, name);
  assert.ok(type);
  return type;
}

/** Asserts that a call throws a ScimError of that code whose detail matches. */
export function refuses(call: () => unknown, code: ScimErrorCode, detail: RegExp): void {
  assert.throws(call, (error) => {
    assert.ok(error instanceof ScimError, `not a ScimError: ${String(error)}`);
    assert.equal(error.code, code);
    assert.match(error.detail, detail);
    return true;
  });
}

/** Whether a resource satisfies a filter that is given as text. */
export function matches(
  filter: string,
  resource: JsonObject,
  type = userType,
  dialect: Dialect = standardDialect,
): boolean {
  return matchesFilter(resolveFilter(type, parseFilter(filter, dialect), dialect), resource);
}

/** A user with everything, after RFC 7643 8.2 and 8.3, in the form in which resources are kept. */
export const barbara = readAnsweredResource(
  userType,
  {
    schemas: [schemaUrns.user, schemaUrns.enterpriseUser],
    id: '2819c223-7f76-453a-919d-413861904646',
    externalId: 'bjensen',
    userName: 'bjensen@example.com',
    name: { formatted: 'Ms. Barbara J Jensen, III', familyName: 'Jensen', givenName: 'Barbara' },
    displayName: 'Babs Jensen',
    title: 'Tour Guide',
    userType: 'Employee',
    active: true,
    emails: [
      { value: 'bjensen@example.com', type: 'work', primary: true },
      { value: 'babs@jensen.example.org', type: 'home' },
    ],
    addresses: [
      { type: 'work', streetAddress: '100 Universal City Plaza', locality: 'Hollywood', country: 'US', primary: true },
      { type: 'home', streetAddress: '456 Hollywood Blvd', locality: 'Hollywood', country: 'US' },
    ],
    groups: [{ value: 'e9e30dba-f08f-4109-8486-d5c6a331660a', display: 'Tour Guides', type: 'direct' }],
    x509Certificates: [{ value: 'MIIDQzCCAqygAwIBAgICEAAw' }],
    meta: {
      resourceType: 'User',
      created: '2010-01-23T04:56:22Z',
      lastModified: '2011-05-13T04:42:34Z',
      version: 'W/"3694e05e9dff591"',
      location: 'https://example.com/v2/Users/2819c223-7f76-453a-919d-413861904646',
    },
    [schemaUrns.enterpriseUser]: {
      employeeNumber: '701984',
      costCenter: '4130',
      department: 'Tour Operations',
      manager: { value: '26118915-6090-4610-87e4-49d8ca9f808d', displayName: 'John Smith' },
    },
  },
  tolerantDialect,
);

/** A group with two members, after RFC 7643 8.4. */
export const tourGuides = readAnsweredResource(
  groupType,
  {
    schemas: [schemaUrns.group],
    id: 'e9e30dba-f08f-4109-8486-d5c6a331660a',
    displayName: 'Tour Guides',
    members: [
      { value: '2819c223-7f76-453a-919d-413861904646', type: 'User', display: 'Babs Jensen' },
      { value: '902c246b-6245-4190-8e05-00816be7344a', type: 'User', display: 'Mandy Pepperidge' },
    ],
  },
  tolerantDialect,
);

/** A PATCH request with these operations. */
export function patchBody(...Operations: JsonObject[]): JsonObject {
  return { schemas: [messageUrns.patchOp], Operations };
}

/** A resource after a PATCH request with these operations. */
export function patched(
  type: ResourceType,
  resource: JsonObject,
  operations: JsonObject[],
  dialect: Dialect = standardDialect,
): JsonObject {
  return applyPatch(type, resource, parsePatch(type, patchBody(...operations), dialect), dialect);
}
