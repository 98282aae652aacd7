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
import type { DirectoryObject } from '../../directory/index.ts';
import { toScimError } from './answer.ts';
import { checkScope } from './authenticate.ts';
import { versionOf } from './build-resource.ts';
import { bulkLimits } from './bulk-limits.ts';
import type { ResourceRequest, ScimCall } from './call.ts';
import type { ResourceKind } from './resource-kind.ts';
import { resourceKinds } from './resource-kinds.ts';

/** Creations that are carried out at the same time, since none needs another. They share the database's commits. */
const mostTogether = 50;

/**
 * Carries out a bulk request (RFC 7644 3.7). Each operation is a transaction of its own.
 * @throws ScimError `payloadTooLarge`, and for a request that cannot be read
 */
export async function answerBulk(call: ScimCall, body: JsonObject): Promise<JsonObject> {
  const request = parseBulkRequest(body, bulkLimits.maxOperations, call.dialect);
  const results = new Map<number, BulkResult>();
  const ids = new Map<string, string>();
  const steps = planBulk(request);
  while (steps.length > 0 && !hasFailedEnough(request, results)) {
    // With a limit of failures, each one decides whether there is a next.
    const together = request.failOnErrors === undefined ? independentCreations(steps) : 1;
    await Promise.all(steps.splice(0, Math.max(1, together)).map((step) => carryOut(call, step, results, ids)));
  }
  return buildBulkResponse(request, results);
}

/** How many of the next steps create something and refer to nothing that this request creates. */
function independentCreations(steps: readonly BulkStep[]): number {
  const end = steps.findIndex(
    ({ operation, data, isCompletion }) =>
      operation.method !== 'POST' || isCompletion || JSON.stringify(data).includes('"bulkId:'),
  );
  return Math.min(mostTogether, end === -1 ? steps.length : end);
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
  { operation, data, isCompletion }: BulkStep,
  ids: Map<string, string>,
): Promise<DirectoryObject | undefined> {
  const body = resolveReferences(data, ids);
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
      return kind.create(call, body);
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
  { type }: ResourceKind,
  { method, id }: BulkOperation,
  object: DirectoryObject | undefined,
): BulkResult {
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
  const kind = resourceKinds.find(({ type }) => type.endpoint.toLowerCase() === endpoint.toLowerCase());
  if (kind) return kind;
  throw new ScimError('notFound', `There is no endpoint ${JSON.stringify(endpoint)}.`);
}
