import type { batchOperations } from '@countersign/management-api';
import { basePath } from '../base-path.ts';
import type { CallOf, Handlers } from '../call.ts';
import { badRequest, GraphError } from '../error.ts';

type BatchCall = CallOf<(typeof batchOperations)['batch']>;
type BatchedRequest = BatchCall['body']['requests'][number];

interface BatchedResponse {
  id: string;
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}

/** https://learn.microsoft.com/graph/json-batching */
export const batchHandlers = {
  batch: async (call) => {
    const responses = new Map<string, Promise<BatchedResponse>>();
    for (const request of inOrder(call.body.requests)) {
      const before = (request.dependsOn ?? []).map((id) => responses.get(id));
      responses.set(request.id, answerAfter(call, request, before));
    }
    return { body: { responses: await Promise.all(responses.values()) } };
  },
} satisfies Handlers<typeof batchOperations>;

/**
 * Each request after those on which it depends.
 *
 * @throws GraphError `BadRequest` when ids are not unique, unknown, or depend on each other in a circle
 */
function inOrder(requests: readonly BatchedRequest[]): BatchedRequest[] {
  const waiting = new Map(requests.map((request) => [request.id, request]));
  if (waiting.size < requests.length) throw badRequest('Each request of a batch needs an id of its own.');
  const unknown = requests.flatMap(({ dependsOn = [] }) => dependsOn).find((id) => !waiting.has(id));
  if (unknown !== undefined) throw badRequest(`No request of the batch has the id '${unknown}'.`);
  const ordered: BatchedRequest[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ dependsOn = [] }) => dependsOn.every((id) => !waiting.has(id)));
    if (ready.length === 0) throw badRequest('Requests of the batch depend on each other in a circle.');
    for (const request of ready) waiting.delete(request.id);
    ordered.push(...ready);
  }
  return ordered;
}

async function answerAfter(
  call: BatchCall,
  request: BatchedRequest,
  before: (Promise<BatchedResponse> | undefined)[],
): Promise<BatchedResponse> {
  const answers = await Promise.all(before);
  if (answers.some((answer) => answer === undefined || answer.status >= 400)) {
    const error = new GraphError(424, 'FailedDependency', 'A request on which this one depends has failed.');
    return batched(request.id, call.describeError(error));
  }
  try {
    const answer = await call.dispatch(operationRequest(call, request));
    if (answer.stream) throw badRequest('This operation cannot be a part of a batch.');
    const { status, headers = {}, contentType, body } = answer;
    return batched(request.id, {
      status,
      headers: { ...headers, ...(contentType && { 'content-type': contentType }) },
      body,
    });
  } catch (error) {
    return batched(request.id, call.describeError(error));
  }
}

function operationRequest(call: BatchCall, { method, url, headers = {}, body }: BatchedRequest) {
  // Interop: the JavaScript client of Microsoft Graph leaves the version in what it makes relative.
  const relative = url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : url;
  const address = URL.canParse(call.baseUrl + relative) ? new URL(call.baseUrl + relative) : undefined;
  if (!relative.startsWith('/') || !address?.pathname.startsWith(`${basePath}/`)) {
    throw badRequest(`The url of a request in a batch starts with a slash, and is relative to ${basePath}.`);
  }
  return {
    method: method.toUpperCase(),
    url: address,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    readBody: () => body,
    correlationId: call.act.correlationId,
  };
}

function batched(id: string, answer: { status: number; headers?: Record<string, string>; body?: unknown }) {
  const { status, headers = {}, body } = answer;
  const named = Object.entries({ 'content-type': 'application/json', ...headers }).map(([name, value]) => [
    // Interop: the JavaScript client of Microsoft Graph looks for `Content-Type` in exactly this case.
    name.replace(/(?:^|-)[a-z]/g, (letters) => letters.toUpperCase()),
    value,
  ]);
  return { id, status, headers: Object.fromEntries(named), ...(body !== undefined && { body }) };
}
