import type { Operations } from '@countersign/management-api';
import type { ObjectKind } from '../../directory/index.ts';
import type { Answer, Call, Handlers, ManagementStorage } from './call.ts';
import { type Caller, missingAccess } from './check-access.ts';
import { GraphError } from './error.ts';
import { type FoundOperation, operationFinder } from './find-operation.ts';
import type { Continuation } from './odata/continuation.ts';
import { readQueryOptions } from './odata/query-options.ts';
import { checkBody } from './read-body.ts';

/** What calls need of their surroundings. */
export interface Surroundings {
  storage: ManagementStorage;
  continuation: Continuation;
  now: () => Date;
  newId: () => string;
}

/** A request to an operation, alone or as a part of a batch. */
export interface OperationRequest {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string | undefined>>;
  /** Read but not yet held against the declaration. */
  readBody: () => unknown;
  correlationId: string;
}

/** What an operation answered. */
export interface OperationAnswer extends Answer {
  status: number;
  contentType: string | undefined;
}

export const basePath = '/v1.0';

/** The operation that the request calls. @throws GraphError when there is none */
export type Find = (request: OperationRequest) => FoundOperation;

/** Checks access, query and body against the declaration, and lets the handler answer. @throws GraphError, Refusal */
export type Perform = (found: FoundOperation, caller: Caller, request: OperationRequest) => Promise<OperationAnswer>;

/** Makes the two steps by which every call is answered, from the table of operations and their handlers. */
export function dispatcher<Table extends Operations>(
  operations: Table,
  handlers: Handlers<Table>,
  surroundings: Surroundings,
): { find: Find; perform: Perform } {
  const findOperation = operationFinder(operations);
  const handlersByName: Readonly<Record<string, (call: Call) => Promise<Answer>>> = handlers as never;

  const perform: Perform = async (found, caller, request) => {
    const missing = missingAccess(found.operation.access, caller);
    if (missing !== undefined) {
      const message = `Insufficient privileges to complete the operation. ${missing}`;
      throw new GraphError(403, 'Authorization_RequestDenied', message);
    }
    const handler = handlersByName[found.name];
    if (!handler) throw new Error(`The operation ${found.name} has no handler.`);
    const answer = await handler(readCall(found, caller, request, surroundings));
    return present(found, request, answer);
  };
  return { find: ({ method, url }) => findOperation(method, url.pathname.slice(basePath.length)), perform };
}

function readCall(
  { name, operation, parameters, cast }: FoundOperation,
  caller: Caller,
  request: OperationRequest,
  { storage, continuation, now, newId }: Surroundings,
): Call {
  return {
    operation: name,
    caller,
    act: {
      tenantId: caller.tenantId,
      actor: { kind: caller.kind, id: caller.id, name: caller.name },
      now: now(),
      correlationId: request.correlationId,
      newId,
    },
    tenantId: caller.tenantId,
    parameters,
    query: readQueryOptions(request.url.searchParams, operation.query),
    body: checkBody(operation, request.readBody()) as Call['body'],
    cast: cast?.slice('microsoft.graph.'.length) as ObjectKind | undefined,
    url: request.url,
    baseUrl: request.url.origin + basePath,
    headers: request.headers,
    storage,
    continuation,
  };
}

function present({ operation }: FoundOperation, request: OperationRequest, answer: Answer): OperationAnswer {
  // RFC 7240 4.2: who asks for it is not sent what was created.
  if (operation.status === 201 && /(?:^|[\s,])return=minimal\b/i.test(request.headers['prefer'] ?? '')) {
    const headers = { ...answer.headers, 'preference-applied': 'return=minimal' };
    return { status: 204, contentType: undefined, headers };
  }
  const isJson = operation.response !== undefined;
  const contentType = operation.contentType ?? (isJson ? 'application/json' : undefined);
  return { ...answer, status: operation.status, contentType };
}
