import type { Operation, Operations } from '@countersign/management-api';
import type { ObjectKind } from '../../directory/index.ts';
import type { Caller } from '../caller.ts';
import { answerError, type ErrorAnswer, errorAnswer, type Trace } from './answer-error.ts';
import { basePath } from './base-path.ts';
import type { Answer, CallOf, Handlers, OperationAnswer, OperationRequest, Surroundings } from './call.ts';
import { checkAccess } from './check-access.ts';
import { badRequest } from './error.ts';
import { type FoundOperation, operationFinder } from './find-operation.ts';
import { readQueryOptions } from './odata/query-options.ts';
import { prefers } from './prefer.ts';
import { checkBody } from './read-body.ts';

export interface Dispatcher {
  /** The operation that the request calls. @throws GraphError when there is none */
  find(request: OperationRequest): FoundOperation;
  /** Checks access, query and body against the declaration, and lets the handler answer. @throws GraphError, Refusal */
  perform(found: FoundOperation, caller: Caller, request: OperationRequest, trace: Trace): Promise<OperationAnswer>;
}

/** Makes the two steps by which every call is answered, from the table of operations and their handlers. */
export function dispatcher<Table extends Operations>(
  operations: Table,
  handlers: Handlers<Table>,
  surroundings: Surroundings,
): Dispatcher {
  const findOperation = operationFinder(operations);
  // Each handler takes the calls of its own operation, and is called with no others.
  const handlersByName: Readonly<Record<string, (call: CallOf<Operation>) => Promise<Answer>>> = handlers as never;

  const self: Dispatcher = {
    find: ({ method, url }) => findOperation(method, url.pathname.slice(basePath.length)),

    async perform(found, caller, request, trace) {
      checkAccess(found.operation.access, caller);
      const handler = handlersByName[found.name];
      if (!handler) throw new Error(`The operation ${found.name} has no handler.`);
      const answer = await handler({
        ...readCall(found, caller, request, surroundings),
        dispatch: async (inner) => {
          const part = self.find(inner);
          if (part.name === found.name) throw badRequest('A batch cannot be a part of a batch.');
          return self.perform(part, caller, inner, trace);
        },
        describeError: (error) => describeError(error, trace, surroundings),
      });
      return present(found, request, answer);
    },
  };
  return self;
}

function readCall(
  { name, operation, parameters, cast }: FoundOperation,
  caller: Caller,
  request: OperationRequest,
  surroundings: Surroundings,
): Omit<CallOf<Operation>, 'dispatch' | 'describeError'> {
  return {
    ...surroundings,
    operation: name,
    caller,
    act: {
      tenantId: caller.tenantId,
      actor: { kind: caller.kind, id: caller.id, name: caller.name },
      now: surroundings.now(),
      correlationId: request.correlationId,
      newId: surroundings.newId,
    },
    tenantId: caller.tenantId,
    parameters,
    query: readQueryOptions(request.url.searchParams, operation.query, request.headers['consistencylevel']),
    body: checkBody(operation, request.readBody()) as undefined,
    cast: cast?.slice('microsoft.graph.'.length) as ObjectKind | undefined,
    url: request.url,
    baseUrl: request.url.origin + basePath,
    headers: request.headers,
  };
}

function describeError(error: unknown, trace: Trace, { reportBug }: Surroundings): ErrorAnswer {
  const known = answerError(error, trace);
  if (known) return known;
  reportBug(error, trace.requestId);
  return errorAnswer(
    trace,
    500,
    'Service_InternalServerError',
    'The request failed. The log has it by its request-id.',
  );
}

function present({ operation }: FoundOperation, request: OperationRequest, answer: Answer): OperationAnswer {
  // RFC 7240 4.2: who asks for it is not sent what was created.
  if (operation.status === 201 && prefers(request.headers, 'return=minimal')) {
    const headers = { ...answer.headers, 'preference-applied': 'return=minimal' };
    return { status: 204, contentType: undefined, headers };
  }
  const isJson = operation.response !== undefined;
  const contentType = operation.contentType ?? (isJson ? 'application/json' : undefined);
  return { ...answer, status: operation.status, contentType };
}
