/** Requests to another SCIM server (RFC 7644 3), as values; sending them is up to the caller. */
import type { Filter } from '../filter/filter.ts';
import { printFilter } from '../filter/filter.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Page } from '../list/list-query.ts';
import type { ResourceType } from '../registry.ts';
import { messageUrns } from '../urns.ts';

export interface ScimRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base URL, with a leading slash and the query. */
  readonly path: string;
  /** Sent as application/scim+json. */
  readonly body?: JsonObject;
  /** Version that the resource must have; the If-Match header. */
  readonly ifMatch?: string;
}

/** An operation of a PATCH request as it is sent. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path?: string;
  readonly value?: JsonValue;
}

export interface ListOptions {
  readonly filter?: Filter;
  readonly page?: Page;
  readonly attributes?: readonly string[];
  readonly excludedAttributes?: readonly string[];
}

export function buildCreateRequest(type: ResourceType, resource: JsonObject): ScimRequest {
  return { method: 'POST', path: type.endpoint, body: resource };
}

export function buildGetRequest(type: ResourceType, id: string, options: Omit<ListOptions, 'filter' | 'page'> = {}) {
  return { method: 'GET', path: pathOf(type, id) + queryOf(options) } satisfies ScimRequest;
}

export function buildListRequest(type: ResourceType, options: ListOptions = {}): ScimRequest {
  return { method: 'GET', path: type.endpoint + queryOf(options) };
}

export function buildReplaceRequest(
  type: ResourceType,
  id: string,
  resource: JsonObject,
  version?: string,
): ScimRequest {
  return { method: 'PUT', path: pathOf(type, id), body: resource, ...conditionOf(version) };
}

export function buildPatchRequest(
  type: ResourceType,
  id: string,
  operations: readonly PatchOperation[],
  version?: string,
): ScimRequest {
  const body: JsonObject = {
    schemas: [messageUrns.patchOp],
    Operations: operations.map((operation) => ({ ...operation })),
  };
  return { method: 'PATCH', path: pathOf(type, id), body, ...conditionOf(version) };
}

export function buildDeleteRequest(type: ResourceType, id: string, version?: string): ScimRequest {
  return { method: 'DELETE', path: pathOf(type, id), ...conditionOf(version) };
}

function pathOf(type: ResourceType, id: string): string {
  return `${type.endpoint}/${encodeURIComponent(id)}`;
}

function conditionOf(version: string | undefined): { ifMatch?: string } {
  return version === undefined ? {} : { ifMatch: version };
}

function queryOf({ filter, page, attributes = [], excludedAttributes = [] }: ListOptions): string {
  const query = new URLSearchParams();
  if (filter !== undefined) query.set('filter', printFilter(filter));
  if (attributes.length > 0) query.set('attributes', attributes.join(','));
  if (excludedAttributes.length > 0) query.set('excludedAttributes', excludedAttributes.join(','));
  if (page?.kind === 'index') query.set('startIndex', String(page.startIndex));
  if (page?.kind === 'cursor') query.set('cursor', page.cursor);
  if (page !== undefined) query.set('count', String(page.count));
  // Interop: not every server reads "+" as a space.
  const text = query.toString().replaceAll('+', '%20');
  return text === '' ? '' : `?${text}`;
}
