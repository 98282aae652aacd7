import {
  type BulkOperation,
  type BulkResult,
  type BulkStep,
  buildBulkResponse,
  buildErrorResponse,
  hasFailedEnough,
  type JsonObject,
  locationOf,
  messageUrns,
  parseBulkRequest,
  planBulk,
  resolveReference,
  resolveReferences,
  ScimError,
} from '@countersign/scim';
import { type DirectoryObject, only } from '../../directory/index.ts';
import { toScimError } from './answer.ts';
import { checkScope } from './authenticate.ts';
import { versionOf } from './build-resource.ts';
import { bulkLimits } from './bulk-limits.ts';
import type { ResourceRequest, ScimCall } from './call.ts';
import type { ResourceKind } from './resource-kind.ts';
import { resourceKinds } from './resource-kinds.ts';

/** Creations that are tried in one transaction. Others wait for it on SQLite, so that it must not be long. */
const mostTogether = 100;

/**
 * Carries out a bulk request (RFC 7644 3.7). Each operation is kept or refused on its own. Creations that refer to nothing
 * which the request creates are first tried together, since most succeed and many then cost little more than one.
 * @throws ScimError `payloadTooLarge`, and for a request that cannot be read
 */
export async function answerBulk(call: ScimCall, body: JsonObject): Promise<JsonObject> {
  const request = parseBulkRequest(body, bulkLimits.maxOperations, call.dialect);
  const results = new Map<number, BulkResult>();
  const ids = new Map<string, string>();
  const steps = planBulk(request);
  while (steps.length > 0 && !hasFailedEnough(request, results)) {
    const creations = steps.splice(0, countCreations(steps));
    if (creations.length > 1 && (await createTogether(call, creations, results, ids))) continue;
    const next = creations.length > 0 ? creations : steps.splice(0, 1);
    if (request.failOnErrors === undefined) {
      // None needs another, and writes under way at the same time share the database's commits.
      await Promise.all(next.map((step) => carryOut(call, step, results, ids)));
      continue;
    }
    for (const step of next) {
      if (!hasFailedEnough(request, results)) await carryOut(call, step, results, ids);
    }
  }
  return buildBulkResponse(request, results);
}

/** How many of the next steps create resources of one type and refer to nothing that this request creates. */
function countCreations(steps: readonly BulkStep[]): number {
  const next = steps.slice(0, mostTogether);
  const end = next.findIndex(
    ({ operation, isIndependent }) =>
      operation.method !== 'POST' || !isIndependent || operation.endpoint !== next[0]?.operation.endpoint,
  );
  return end === -1 ? next.length : end;
}

/** False when one of them cannot be created: then none is, and each must be carried out alone to learn which. */
async function createTogether(
  call: ScimCall,
  steps: readonly BulkStep[],
  results: Map<number, BulkResult>,
  ids: Map<string, string>,
): Promise<boolean> {
  try {
    const kind = kindAt(steps[0]?.operation.endpoint ?? '');
    checkScope(call, kind.scopes.write);
    const bodies = steps.map(({ data }) => data);
    const objects = await kind.create(call, bodies);
    for (const [place, { index, operation }] of steps.entries()) {
      const object = objects[place];
      if (object && operation.bulkId !== undefined) ids.set(operation.bulkId, object.id);
      results.set(index, success(call, kind, operation, object));
    }
    return true;
  } catch {
    return false;
  }
}

async function carryOut(
  call: ScimCall,
  step: BulkStep,
  results: Map<number, BulkResult>,
  ids: Map<string, string>,
): Promise<void> {
  const { index, operation } = step;
  const before = results.get(index);
  // What was never made cannot be completed.
  if (step.isCompletion && (before === undefined || before.status >= 400)) return;
  const failed = (error: unknown) => results.set(index, failure(call, error, before));
  const done = (result: BulkResult) => {
    // The resource is there as its operation said; that it was completed is no change of its own.
    if (!step.isCompletion) results.set(index, result);
  };
  try {
    const kind = kindAt(operation.endpoint);
    checkScope(call, kind.scopes.write);
    const object = await perform(call, kind, step, ids);
    if (object && operation.bulkId !== undefined) ids.set(operation.bulkId, object.id);
    done(success(call, kind, operation, object));
  } catch (error) {
    failed(error);
  }
}

async function perform(
  call: ScimCall,
  kind: ResourceKind,
  { operation, data, isCompletion, isIndependent }: BulkStep,
  ids: Map<string, string>,
): Promise<DirectoryObject | undefined> {
  const body = isIndependent ? data : resolveReferences(data, ids);
  const own = operation.bulkId === undefined ? undefined : ids.get(operation.bulkId);
  const id = isCompletion && own !== undefined ? own : resolveReference(operation.id ?? '', ids);
  const request: ResourceRequest = {
    id,
    ifMatch: isCompletion ? undefined : operation.version,
    ifNoneMatch: undefined,
    attributes: [],
    excludedAttributes: [],
  };
  if (isCompletion) {
    const Operations = [{ op: 'add', value: body }];
    return kind.patch(call, request, { schemas: [messageUrns.patchOp], Operations });
  }
  switch (operation.method) {
    case 'POST':
      return only(await kind.create(call, [body]));
    case 'PUT':
      return kind.replace(call, request, body);
    case 'PATCH':
      return kind.patch(call, request, body);
    case 'DELETE':
      await kind.remove(call, request);
      return undefined;
  }
}

function success(
  call: ScimCall,
  { name }: ResourceKind,
  { method, id }: BulkOperation,
  object: DirectoryObject | undefined,
): BulkResult {
  const { type } = call.types[name];
  if (!object) return { status: 204, location: locationOf(type, call.baseUrl, id ?? '') };
  const version = versionOf(call, object);
  return {
    status: method === 'POST' ? 201 : 200,
    location: locationOf(type, call.baseUrl, object.id),
    ...(version !== undefined && { version }),
  };
}

/** An operation's failure; a bug is told to the log, and the other operations go on. */
function failure({ act, reportBug }: ScimCall, thrown: unknown, before: BulkResult | undefined): BulkResult {
  const known = toScimError(thrown);
  if (!known) reportBug(thrown, act.correlationId);
  const text = `Something went wrong here. It stands in the log under ${act.correlationId}.`;
  const error = known ?? new ScimError('internal', text, { cause: thrown });
  const location = before?.location;
  return {
    status: error.status,
    ...(location !== undefined && { location }),
    response: buildErrorResponse(error),
  };
}

function kindAt(endpoint: string): ResourceKind {
  const kind = resourceKinds.find((candidate) => candidate.endpoint.toLowerCase() === endpoint.toLowerCase());
  if (kind) return kind;
  throw new ScimError('notFound', `There is no endpoint ${JSON.stringify(endpoint)}.`);
}
