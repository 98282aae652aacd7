/**
 * SCIM 2.0 as values in, values out, for both sides: RFC 7643 (schemas), RFC 7644 (protocol), RFC 9865 (pages by cursor);
 * https://www.rfc-editor.org/rfc/rfc7643, rfc7644, rfc9865. It parses, checks, changes and builds messages. It sends and
 * stores nothing: identifiers, versions and times are passed in, filters and sorts come out ready to become a query.
 *
 * A server: parseBody -> readNewResource | readReplacement | parsePatch, then applyPatch or splitMemberChanges |
 * parseListParameters, then resolveListQuery -> project, buildListResponse, buildErrorResponse.
 * A client: build...Request -> readCreated | readChanged | readDeleted | readPage. What peers do beyond the RFCs: dialect.ts.
 */
export {
  type AttributePath,
  parseAttributePath,
  printAttributePath,
  printResolvedPath,
  type ResolvedPath,
  resolvePath,
  valuesAt,
} from './attribute-path.ts';
export {
  type BulkMethod,
  type BulkOperation,
  type BulkRequest,
  parseBulkRequest,
} from './bulk/bulk-request.ts';
export { type BulkResult, buildBulkResponse, hasFailedEnough } from './bulk/bulk-response.ts';
export { type BulkStep, planBulk } from './bulk/plan-bulk.ts';
export { resolveReference, resolveReferences } from './bulk/references.ts';
export { buildMemberPatches, buildPatch } from './client/build-patch.ts';
export { type Capabilities, readCapabilities } from './client/capabilities.ts';
export {
  buildCreateRequest,
  buildDeleteRequest,
  buildGetRequest,
  buildListRequest,
  buildPatchRequest,
  buildReplaceRequest,
  type ListOptions,
  type PatchOperation,
  type ScimRequest,
} from './client/requests.ts';
export {
  type Answered,
  type Outcome,
  type Refusal,
  type ResourcePage,
  readChanged,
  readCreated,
  readDeleted,
  readPage,
  readSchemas,
  type ScimResponse,
} from './client/responses.ts';
export { foldCase } from './comparable.ts';
export { parseDateTime } from './date-time.ts';
export { accepts, type Dialect, type Habit, habits, type PatchRestrictions, type Restrictions } from './dialect.ts';
export {
  type AuthenticationScheme,
  buildResourceType,
  buildSchema,
  buildServiceProviderConfig,
  type Pagination,
  type ServiceProviderConfig,
} from './discovery.ts';
export { buildErrorResponse, type PeerError, readErrorResponse } from './error-response.ts';
export { ScimError, type ScimErrorCode, scimErrors } from './errors.ts';
export { matchesFilter } from './filter/evaluate-filter.ts';
export { type ComparisonOperator, type Filter, type FilterLimits, printFilter } from './filter/filter.ts';
export { parseFilter, parseValuePath, type ValuePath } from './filter/parse-filter.ts';
export {
  type Comparison,
  type ResolvedFilter,
  resolveFilter,
  type UnknownAttribute,
} from './filter/resolve-filter.ts';
export { type JsonObject, type JsonValue, parseBody } from './json.ts';
export {
  type ListQuery,
  type Page,
  type ResolvedListQuery,
  resolveListQuery,
  type Sort,
} from './list/list-query.ts';
export { buildListResponse, type ListResult } from './list/list-response.ts';
export { parseListParameters, parseSearchRequest } from './list/parse-list-query.ts';
export { isProjected, type Projection, project, readProjection } from './list/projection.ts';
export { compareBy } from './list/sort.ts';
export { isScimMediaType, scimMediaType } from './media-type.ts';
export { applyPatch } from './patch/apply-patch.ts';
export type { Change } from './patch/change.ts';
export { type MemberChanges, splitMemberChanges } from './patch/member-changes.ts';
export { parsePatch } from './patch/parse-patch.ts';
export { buildVersion, type Conditions, type Decision, decidePrecondition } from './precondition.ts';
export {
  awsIdentityCenterDialect,
  dialects,
  entraDialect,
  standardDialect,
  tolerantDialect,
} from './presets.ts';
export { readSchema } from './read-schema.ts';
export {
  createRegistry,
  type Extension,
  findResourceType,
  groupResourceType,
  type Registry,
  type ResourceType,
  type ResourceTypeDefinition,
  standardSchemas,
  userResourceType,
} from './registry.ts';
export { buildMeta, locationOf, type ResourceState } from './resource/meta.ts';
export { readAnsweredResource, readNewResource, readReplacement } from './resource/read-resource.ts';
export {
  type AttributeDefinition,
  type AttributeType,
  type Characteristics,
  defineAttribute,
  type SchemaDefinition,
} from './schema.ts';
export { resourceTypeSchema, schemaSchema, serviceProviderConfigSchema } from './schemas/discovery.ts';
export { messageUrns, schemaUrns } from './urns.ts';
