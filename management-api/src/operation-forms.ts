import { z } from 'zod';
import type { Operation } from './operation.ts';
import { directoryObjects } from './resources/directory-object.ts';
import { actionResult, collection, type Resource, reference } from './resources/property.ts';

// What operations of the same form have in common. An operation spreads its form and adds path, summary and access.

/** GET of a collection of one kind that can be searched. */
export function listing<Of extends Resource>(resource: Of) {
  return {
    method: 'GET',
    query: ['$select', '$filter', '$search', '$orderby', '$top', '$count', '$expand', '$skiptoken'],
    response: collection(resource.schema) as ReturnType<typeof collection<Of['schema']>>,
    status: 200,
  } as const satisfies Partial<Operation>;
}

/** GET of one object. */
export function reading<Of extends Resource>(resource: Of) {
  return {
    method: 'GET',
    query: ['$select', '$expand'],
    response: resource.schema as Of['schema'],
    status: 200,
  } as const satisfies Partial<Operation>;
}

/** GET of what changed since a former answer. */
export function delta<Of extends Resource>(resource: Of) {
  return {
    method: 'GET',
    query: ['$select', '$filter', '$top', '$skiptoken', '$deltatoken'],
    response: collection(resource.schema.loose()),
    status: 200,
  } as const satisfies Partial<Operation>;
}

/** GET of the number of objects, as text. */
export const counting = {
  method: 'GET',
  query: ['$filter', '$search'],
  contentType: 'text/plain',
  status: 200,
} as const satisfies Partial<Operation>;

/** GET of objects of mixed kinds. */
export const listingMixed = {
  method: 'GET',
  query: ['$select', '$top', '$skiptoken'],
  casts: [
    'microsoft.graph.user',
    'microsoft.graph.group',
    'microsoft.graph.application',
    'microsoft.graph.servicePrincipal',
  ],
  response: directoryObjects,
  status: 200,
} as const satisfies Partial<Operation>;

/** The same of objects that are related to one, some of which can be asked for. */
export const listingRelated = {
  ...listingMixed,
  query: ['$select', '$filter', '$search', '$orderby', '$top', '$count', '$skiptoken'],
} as const satisfies Partial<Operation>;

/** The same of groups and administrative roles. */
export const listingMemberOf = {
  ...listingRelated,
  casts: ['microsoft.graph.group'],
} as const satisfies Partial<Operation>;

/** POST of a reference to an object that is to be related. */
export const linking = { method: 'POST', request: reference, status: 204 } as const satisfies Partial<Operation>;

/** DELETE of an object or a relation, PATCH without an answer. */
export const deleting = { method: 'DELETE', status: 204 } as const satisfies Partial<Operation>;

/** POST that asks of which groups an object is a member, directly or through others. */
export const gettingMemberGroups = {
  method: 'POST',
  request: z.strictObject({ securityEnabledOnly: z.boolean().default(false) }),
  response: actionResult(z.array(z.string())),
  status: 200,
} as const satisfies Partial<Operation>;

/** POST that asks of which of up to 20 groups an object is a member, directly or through others. */
export const checkingMemberGroups = {
  method: 'POST',
  request: z.strictObject({ groupIds: z.array(z.guid()).max(20) }),
  response: actionResult(z.array(z.string())),
  status: 200,
} as const satisfies Partial<Operation>;
